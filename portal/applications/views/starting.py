"""Beginning an application: choose the partnership, and read why another one cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.applications import policies, queries
from portal.applications.beginning import problems_with_partnership, problems_with_round
from portal.applications.commands.start import start_application
from portal.applications.models import Application
from portal.applications.views.blueprint import bp
from portal.applications.views.forms import StartForm
from portal.calls.models import Round
from portal.calls.queries import get_round, terms_of
from portal.core.errors import Problem
from portal.core.web import ctx, current_actor, render
from portal.partnerships.models import Partnership
from portal.partnerships.policies import promotor_id_of
from portal.partnerships.queries import list_partnerships_of, list_present_strategy_states
from portal.partnerships.states import StrategyState


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of my partnerships: whether I may begin for it, what stands in the way, and where its strategy stands."""

    partnership: Partnership
    may_begin: bool
    problems: Sequence[Problem]
    present: Application | None
    strategy: StrategyState | None

    @property
    def is_possible(self) -> bool:
        return self.may_begin and not self.problems


@bp.form("/rounds/<code>/apply", policy=policies.BEGIN_IN, load=get_round, limit="30 per hour")
def start(round_: Round) -> Response | BaseResponse:
    """Begin a draft for one of the partnerships I write for as lead partner."""
    form, candidates = StartForm(partnership=request.args.get("partnership", type=int)), _candidates(round_)
    possible = {each.partnership.id: each for each in candidates if each.is_possible}
    form.partnership.choices = [SelectChoice(number, each.partnership.name) for number, each in possible.items()]
    if form.validate_on_submit():
        with form.catching_problems():
            made = start_application(ctx(), round_, possible[form.partnership.data].partnership)
            flash(_("Your draft has begun. Its reference is %(reference)s.", reference=made.reference), "success")
            return redirect(url_for(".application", ref=made.reference))
        round_ = get_round(round_.code)
        candidates = _candidates(round_)
    return render(
        "applications/start.html",
        round=round_,
        terms=terms_of(round_),
        form=form,
        possible=[each for each in candidates if each.is_possible],
        others=[each for each in candidates if not each.is_possible],
        obstacles=list(problems_with_round(round_, ctx().now)),
    )


def _candidates(round_: Round) -> list[Candidate]:
    actor, live, terms = current_actor(), queries.list_live(round_.id), terms_of(round_)
    mine = list_partnerships_of(each.organisation_id for each in actor.mandates)
    of_programme = [each for each in mine if each.programme_id == round_.call.programme_id]
    strategies = list_present_strategy_states(each.id for each in of_programme)
    return [
        Candidate(
            each,
            policies.BEGIN.allows(actor, each),
            tuple(problems_with_partnership(round_, terms, each, promotor_id_of(each), live)),
            next((standing for standing in live if standing.partnership_id == each.id), None),
            strategies.get(each.id),
        )
        for each in of_programme
    ]
