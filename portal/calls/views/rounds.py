"""Rounds, for the people who run them."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.calls import policies, queries, rules
from portal.calls.commands import rounds as commands
from portal.calls.forms import CancelForm, MoveForm, round_form
from portal.calls.models import Call, Round
from portal.calls.states import PHASES, POLICY_LABELS, RoundState
from portal.calls.views.blueprint import bp
from portal.core.foreseeing import foresee
from portal.core.forms import ActionForm
from portal.core.refusals import what_was_typed
from portal.core.web import arrived_at, ctx, render


@bp.page("/admin/rounds", policy=policies.READ_ROUNDS)
def rounds() -> Response:
    """List every round with its phase, and every call with a way to draft one."""
    at = arrived_at()
    listed = [(each, rules.phase(each, at)) for each in queries.list_rounds()]
    calls = [(each, each.definition) for each in queries.list_calls()]
    return render("calls/rounds.html", rounds=listed, calls=calls, phases=PHASES)


@bp.form("/admin/calls/<programme>/<code>/draft-round", policy=policies.DRAFT_ROUND, load=queries.get_call)
def draft_round(call: Call) -> Response | BaseResponse:
    """Draft a round of a call."""
    form = round_form()
    if form.validate_on_submit():
        with form.catching_problems():
            made = commands.draft_round(ctx(), call, form.plan())
            flash(_("Round %(code)s is drafted. Check it, then announce it.", code=made.code), "success")
            return redirect(url_for(".round", code=made.code))
    return render("calls/round_form.html", form=form, terms=call.definition, round=None)


@bp.page("/admin/rounds/<code>", policy=policies.READ_ROUND, load=queries.get_round)
def round(round_: Round) -> Response:  # noqa: A001 - the field's word
    """Show a round: its dates, what keeps it from being announced, and what can be done with it."""
    at = arrived_at()
    terms = queries.terms_of(round_)
    problems = list(
        rules.problems_before_announcing(round_, terms, round_.call.programme, queries.list_other_rounds(round_), at)
    )
    return render(
        "calls/round.html",
        round=round_,
        terms=terms,
        phase=rules.phase(round_, at),
        phases=PHASES,
        problems=problems,
        moves=queries.list_moves(round_.id),
        policies=POLICY_LABELS,
    )


@bp.form("/admin/rounds/<code>/edit", policy=policies.STEER_ROUND, load=queries.get_round)
def edit_round(round_: Round) -> Response | BaseResponse:
    """Change a drafted round."""
    if round_.state is not RoundState.DRAFT:
        return _render_announced(round_)
    form = round_form(round_)
    if form.validate_on_submit():
        with form.catching_problems():
            commands.edit_round(ctx(), round_, form.plan())
            flash(_("The round is saved."), "success")
            return redirect(url_for(".round", code=round_.code))
    return render("calls/round_form.html", form=form, terms=queries.terms_of(round_), round=round_)


@bp.form("/admin/rounds/<code>/announce", policy=policies.STEER_ROUND, load=queries.get_round)
def announce_round(round_: Round) -> Response | BaseResponse:
    """Announce a round, after a page that says what it freezes, and who is told when it opens."""
    if round_.state is not RoundState.DRAFT:
        return _render_announced(round_)
    form, code = ActionForm(), round_.code
    if form.validate_on_submit():
        with form.catching_problems():
            commands.announce_round(ctx(), round_)
            flash(_("Round %(code)s is announced. It opens and closes by the clock.", code=code), "success")
            return redirect(url_for(".round", code=code))
        round_ = queries.get_round(code)
    foresight = foresee(lambda: commands.tell_opened(ctx(), round_))
    round_ = queries.get_round(code)
    return render("calls/announce.html", form=form, round=round_, foresight=foresight)


def _render_announced(round_: Round) -> Response:
    """Say that the round is announced: what that froze is neither edited nor asked about again."""
    return render("calls/announced.html", 409, round=round_, typed=what_was_typed())


@bp.action("/admin/rounds/<code>/withdraw", policy=policies.STEER_ROUND, load=queries.get_round)
def withdraw_announcement(round_: Round) -> BaseResponse:
    """Make an announced round a draft again before it opens."""
    commands.withdraw_announcement(ctx(), round_)
    flash(_("The announcement is withdrawn; the round is a draft again."), "success")
    return redirect(url_for(".round", code=round_.code))


@bp.form("/admin/rounds/<code>/move", policy=policies.STEER_ROUND, load=queries.get_round)
def move_deadline(round_: Round) -> Response | BaseResponse:
    """Move the deadline, with its public reason; first it says who will be told of it, and how."""
    form, code, foresight = MoveForm(closes_at=round_.closes_at), round_.code, None
    if form.validate_on_submit():
        with form.catching_problems():
            foresight = foresee(
                lambda: commands.move_deadline(ctx(), round_, closes_at=form.deadline, reason=form.reason.data),
                seen=form.seen.data or "",
                typed=f"{form.deadline.isoformat()} {form.reason.data}",
            )
            if foresight.is_done:
                flash(_("The deadline is moved. Everybody concerned gets a message."), "success")
                return redirect(url_for(".round", code=code))
        round_ = queries.get_round(code, lock=True)
    return render("calls/move_deadline.html", form=form, round=round_, foresight=foresight)


@bp.form("/admin/rounds/<code>/cancel", policy=policies.STEER_ROUND, load=queries.get_round)
def cancel_round(round_: Round) -> Response | BaseResponse:
    """Cancel a round, with its public reason; first it says who will be told of it, and how."""
    form, code, foresight = CancelForm(), round_.code, None
    if form.validate_on_submit():
        with form.catching_problems():
            foresight = foresee(
                lambda: commands.cancel_round(ctx(), round_, form.reason.data),
                seen=form.seen.data or "",
                typed=form.reason.data,
            )
            if foresight.is_done:
                flash(_("Round %(code)s is cancelled.", code=code), "success")
                return redirect(url_for(".round", code=code))
        round_ = queries.get_round(code, lock=True)
    return render("calls/cancel.html", form=form, round=round_, foresight=foresight)
