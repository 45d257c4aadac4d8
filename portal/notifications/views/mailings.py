"""Writing to many: the list, the text, whom it reaches, and sending it."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.calls.models import Programme, Round
from portal.core.foreseeing import foresee
from portal.core.web import ctx, render
from portal.notifications import policies
from portal.notifications.mailings import commands, queries
from portal.notifications.mailings.forms import MailingForm, SendForm
from portal.notifications.mailings.models import Mailing
from portal.notifications.mailings.states import AUDIENCES, MAILING, Audience, MailingState
from portal.notifications.views.blueprint import bp


@bp.page("/admin/mailings", policy=policies.READ_MAILINGS)
def mailings() -> Response:
    """List the mailings, the newest first."""
    page = queries.page_mailings(request.args.get("after"))
    return render("notifications/mailings.html", page=page, audiences=AUDIENCES, words=MAILING.words)


@bp.form("/admin/mailings/new", policy=policies.WRITE_MAILING)
def draft_mailing() -> Response | BaseResponse:
    """Draft a mailing."""
    form = _form(None)
    if form.validate_on_submit():
        with form.catching_problems():
            mailing = commands.draft_mailing(ctx(), form.plan(*_targets(form)))
            return redirect(url_for(".mailing", number=mailing.id))
    return render("notifications/mailing_form.html", form=form, mailing=None)


@bp.page("/admin/mailings/<int:number>", policy=policies.READ_MAILING, load=queries.get_mailing)
def mailing(mailing: Mailing) -> Response:
    """Show a mailing with whom it would reach now, or did."""
    number, is_open = mailing.id, mailing.state in (MailingState.DRAFT, MailingState.SCHEDULED)
    foresight = foresee(lambda: commands.release_mailing(ctx(), mailing)) if is_open else None
    return render(
        "notifications/mailing.html",
        mailing=queries.get_mailing(number, lock=False),
        foresight=foresight,
        audiences=AUDIENCES,
        words=MAILING.words,
        released_by=queries.released_by(mailing),
    )


@bp.form("/admin/mailings/<int:number>/edit", policy=policies.STEER_MAILING, load=queries.get_mailing)
def edit_mailing(mailing: Mailing) -> Response | BaseResponse:
    """Change a draft."""
    form = _form(mailing)
    if form.validate_on_submit():
        with form.catching_problems():
            commands.edit_mailing(ctx(), mailing, form.plan(*_targets(form)))
            return redirect(url_for(".mailing", number=mailing.id))
    return render("notifications/mailing_form.html", form=form, mailing=mailing)


@bp.form("/admin/mailings/<int:number>/send", policy=policies.STEER_MAILING, load=queries.get_mailing)
def send_mailing(mailing: Mailing) -> Response | BaseResponse:
    """Say whom it reaches, and send it to exactly these, or at a moment to those of that moment."""
    form, number, foresight = SendForm(), mailing.id, None
    if mailing.state is not MailingState.DRAFT:
        return redirect(url_for(".mailing", number=number))
    if form.validate_on_submit():
        with form.catching_problems():
            if form.send_at.data is not None:
                commands.schedule_mailing(ctx(), mailing, form.send_at.data)
                flash(_("The mailing leaves at its moment. Until then you can take it back."), "success")
                return redirect(url_for(".mailing", number=number))
            foresight = foresee(lambda: commands.release_mailing(ctx(), mailing), seen=form.seen.data or "")
            if foresight.is_done:
                flash(_("The mailing leaves now."), "success")
                return redirect(url_for(".sending", number=queries.released_by(mailing)))
    mailing = queries.get_mailing(number, lock=request.method == "POST")
    if foresight is None:
        foresight = foresee(lambda: commands.release_mailing(ctx(), mailing))
    return render(
        "notifications/send_mailing.html",
        form=form,
        mailing=queries.get_mailing(number, lock=request.method == "POST"),
        foresight=foresight,
        has_changed=bool(form.seen.data) and form.seen.data != foresight.digest,
        audiences=AUDIENCES,
    )


@bp.action("/admin/mailings/<int:number>/postpone", policy=policies.STEER_MAILING, load=queries.get_mailing)
def postpone_mailing(mailing: Mailing) -> BaseResponse:
    """Take a mailing's moment away."""
    commands.postpone_mailing(ctx(), mailing)
    flash(_("The mailing is a draft again."), "success")
    return redirect(url_for(".mailing", number=mailing.id))


@bp.action("/admin/mailings/<int:number>/drop", policy=policies.STEER_MAILING, load=queries.get_mailing)
def drop_mailing(mailing: Mailing) -> BaseResponse:
    """Drop a mailing that has not left."""
    commands.drop_mailing(ctx(), mailing)
    flash(_("The mailing is dropped. Its text is kept."), "success")
    return redirect(url_for(".mailings"))


def _form(mailing: Mailing | None) -> MailingForm:
    form = MailingForm(obj=mailing)
    form.offer(*queries.list_targets())
    if mailing is not None and request.method == "GET":
        form.round.data = mailing.round.code if mailing.round else ""
        form.programme.data = mailing.programme.code if mailing.programme else ""
    return form


def _targets(form: MailingForm) -> tuple[Round | None, Programme | None]:
    return queries.find_targets(Audience(form.audience.data), form.round.data or "", form.programme.data or "")
