"""A partnership's pages: list, begin, page, and the service area."""

from __future__ import annotations

from datetime import date

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.queries import list_organisations
from portal.calls.queries import list_announced_rounds
from portal.calls.rules import is_open
from portal.core.actor import Right
from portal.core.clock import brussels_day
from portal.core.web import ctx, current_actor, language, render
from portal.partnerships import commands, policies, queries
from portal.partnerships.forms import BeginForm, MunicipalitySearchForm
from portal.partnerships.models import Partnership
from portal.partnerships.rules import is_expired
from portal.partnerships.states import INVITATION, ROLE_LABELS, STRATEGY
from portal.partnerships.views.blueprint import bp
from portal.places.queries import list_municipalities_by_nis, search_municipalities


def today() -> date:
    """Return the day on which this request arrived, in Brussels."""
    return brussels_day(ctx().now)


@bp.page("/partnerships", policy=policies.LIST)
def partnerships() -> Response:
    """List the partnerships of my organisations."""
    mine = [each.organisation_id for each in current_actor().mandates]
    found = queries.list_partnerships_of(mine)
    return render("partnerships/partnerships.html", partnerships=found)


@bp.form("/partnerships/begin", policy=policies.BEGIN, limit="30 per hour")
def begin() -> Response | BaseResponse:
    """Begin a partnership for an organisation one writes for."""
    form = BeginForm()
    mine = [each.organisation_id for each in current_actor().mandates if each.right is not Right.READER]
    led = {each.id: each for each in list_organisations(mine)}
    form.programme.choices = [
        (each.code, each.definition.name.in_language(language())) for each in queries.list_programmes()
    ]
    form.promotor.choices = [(each.id, each.name) for each in led.values()]
    if form.validate_on_submit():
        with form.catching_problems():
            made = commands.begin_partnership(
                ctx(),
                programme=queries.get_programme(form.programme.data),
                promotor=led[form.promotor.data],
                name=form.name.data,
                summary=form.summary.data or "",
            )
            flash(_("The partnership has begun. Invite your partners."), "success")
            return redirect(url_for(".partnership", number=made.id))
    return render("partnerships/begin.html", form=form, may_begin=bool(led))


@bp.page("/partnerships/<int:number>", policy=policies.SEE, load=queries.get_partnership)
def partnership(partnership: Partnership) -> Response:
    """Show a partnership: partners, invitations, service area and strategies."""
    now = ctx().now
    invitations = queries.list_invitations(partnership.id)
    return render(
        "partnerships/partnership.html",
        partnership=partnership,
        area=list_municipalities_by_nis(queries.list_service_area(partnership.id)),
        overlapping=queries.list_overlapping(partnership),
        invitations=invitations,
        expired={each.id for each in invitations if is_expired(each, now)},
        strategies=queries.list_strategies(partnership.id),
        strategy_words=STRATEGY.words,
        roles=ROLE_LABELS,
        invitation_words=INVITATION.words,
        open_rounds=[each for each in list_announced_rounds(partnership.programme_id) if is_open(each, now)],
    )


@bp.page("/partnerships/<int:number>/area", policy=policies.WRITE, load=queries.get_partnership)
def area(partnership: Partnership) -> Response:
    """Search municipalities by name or postal code, and add or remove them."""
    words = request.args.get("q", "")
    chosen = list_municipalities_by_nis(queries.list_service_area(partnership.id))
    return render(
        "partnerships/area.html",
        form=MunicipalitySearchForm(request.args),
        partnership=partnership,
        chosen=chosen,
        chosen_nis={each.nis for each in chosen},
        found=search_municipalities(words, on=today()),
        words=words,
    )


@bp.action("/partnerships/<int:number>/area/change", policy=policies.WRITE, load=queries.get_partnership)
def change_area(partnership: Partnership) -> BaseResponse:
    """Add or remove one municipality."""
    present = set(queries.list_service_area(partnership.id))
    add, remove = request.form.get("add"), request.form.get("remove")
    commands.set_service_area(ctx(), partnership, (present | ({add} if add else set())) - {remove})
    return redirect(url_for(".area", number=partnership.id, q=request.form.get("q") or None))
