"""Deciding before publication: change one decision, confirm those of somebody else, publish them together."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.queries import get_person
from portal.applications.states import OUTCOME_WORDS, Outcome
from portal.calls.queries import terms_of
from portal.calls.rules import phase
from portal.calls.states import Phase
from portal.core.db import db
from portal.core.errors import RuleViolation
from portal.core.foreseeing import Foresight, foresee
from portal.core.forms import ActionForm
from portal.core.web import arrived_at, ctx, current_actor, render
from portal.decisions import policies, queries
from portal.decisions.commands.preparing import change_decision, confirm_decisions, recall_decision
from portal.decisions.commands.publishing import publication_of, publish_round
from portal.decisions.deciding import problems_before_publishing, sort_for_confirming
from portal.decisions.forms import DecisionForm, PublishRoundForm
from portal.decisions.letter_queries import count_letters
from portal.decisions.models import Decision
from portal.decisions.presenters import criterion_figures, score, tally
from portal.decisions.reasons import PLACE_LABELS, why
from portal.decisions.states import DECISION, LETTER_WORDS, DecisionState
from portal.decisions.views.blueprint import bp, load_desk_round


@bp.form("/desk/decisions/<int:number>", policy=policies.CHANGE, load=queries.get_decision)
def decide(decision: Decision) -> Response | BaseResponse:
    """Decide on one application: as the ranking proposes, or otherwise with a reason."""
    number, form = decision.id, _decision_form(decision)
    if form.validate_on_submit():
        with form.catching_problems():
            change_decision(
                ctx(),
                decision,
                outcome=Outcome(form.outcome.data),
                amount=form.awarded,
                reason=form.reason.data or "",
                conditions=form.chosen_conditions(),
            )
            flash(_("The decision is saved. Somebody else confirms it."), "success")
            return redirect(url_for(".decide", number=number))
        decision = queries.get_decision(number)
    form.offer_rows(decision.conditions)
    return _decide_page(decision, form)


def _decision_form(decision: Decision) -> DecisionForm:
    return DecisionForm(
        outcome=str(decision.outcome), amount=decision.amount or None, reason=decision.reason, conditions=[]
    )


def _decide_page(decision: Decision, form: DecisionForm) -> Response:
    row, terms = queries.get_ranking_row(decision), terms_of(decision.round)
    assessment = queries.get_assessment(decision.application_id)
    return render(
        "decisions/decide.html",
        decision=decision,
        application=decision.application,
        form=form,
        row=row,
        terms=terms,
        places=PLACE_LABELS,
        reasons=list(why(row, assessment.criteria, terms, score)),
        figures=criterion_figures({"criteria": assessment.criteria}, terms),
        assessment=assessment,
        words=DECISION.words[DecisionState(decision.state)],
        prepared_by=get_person(decision.prepared_by_id).name,
        confirmed_by=get_person(decision.confirmed_by_id).name if decision.confirmed_by_id else "",
        is_open=decision.state == DecisionState.PENDING,
    )


@bp.action("/desk/decisions/<int:number>/recall", policy=policies.CHANGE, load=queries.get_decision)
def recall(decision: Decision) -> BaseResponse:
    """Take a confirmed decision back, to change it."""
    recall_decision(ctx(), decision)
    flash(_("The decision is taken back. Change it, and let somebody else confirm it."), "success")
    return redirect(url_for(".decide", number=decision.id))


@bp.form("/desk/rounds/<code>/confirm", policy=policies.CONFIRM, load=load_desk_round)
def confirm(desk: queries.DeskRound) -> Response | BaseResponse:
    """List what would be confirmed and what would not, and confirm it."""
    form, code = ActionForm(), desk.round.code
    if form.validate_on_submit():
        with form.catching_problems():
            done = len(confirm_decisions(ctx(), desk.round))
            flash(ngettext("%(num)s decision is confirmed.", "%(num)s decisions are confirmed.", done), "success")
            return redirect(url_for(".board", code=code))
        desk = load_desk_round(code)
    found = sort_for_confirming(queries.list_decisions(desk.round.id), current_actor())
    return render(
        "decisions/confirm.html",
        round=desk.round,
        form=form,
        found=found,
        tally=tally(found.confirmable),
        outcomes=OUTCOME_WORDS,
    )


@bp.form("/desk/rounds/<code>/publish", policy=policies.PUBLISH, load=load_desk_round)
def publish(desk: queries.DeskRound) -> Response | BaseResponse:
    """Say what publishing does, to how many, and who is told; publish the round's results to exactly these."""
    form, code, foresight = PublishRoundForm(), desk.round.code, None
    if phase(desk.round, arrived_at()) is Phase.RESULTS:
        flash(_("The results of round %(code)s are published already.", code=code), "info")
        return redirect(url_for(".board", code=code))
    if form.validate_on_submit():
        with form.catching_problems():
            signed_by, seen = form.signed_by.data, form.seen.data or ""
            foresight = foresee(lambda: publish_round(ctx(), desk.round, signed_by), seen=seen)
            if foresight.is_done:
                flash(_("The results of round %(code)s are published.", code=code), "success")
                return redirect(url_for(".board", code=code))
        desk = load_desk_round(code)
    return _publish_page(desk, form, foresight)


def _publish_page(desk: queries.DeskRound, form: PublishRoundForm, foresight: Foresight | None) -> Response:
    decisions = queries.list_decisions(desk.round.id)
    found = publication_of(desk.round, decisions, arrived_at())
    problems = [] if form.problems else list(problems_before_publishing(found))
    if not problems and foresight is None:
        foresight, code = _look_ahead(desk), desk.round.code
        desk = load_desk_round(code)
        decisions = queries.list_decisions(desk.round.id)
    return render(
        "decisions/publish.html",
        round=desk.round,
        form=form,
        decisions=decisions,
        problems=problems,
        foresight=foresight,
        has_changed=bool(form.seen.data and foresight and form.seen.data != foresight.digest),
        found=found,
        left=found.envelope_left - found.awarded_amount,
        tally=tally(decisions),
        outcomes=OUTCOME_WORDS,
        letters=count_letters(desk.round.call.programme, decisions),
        letter_words=LETTER_WORDS,
    )


def _look_ahead(desk: queries.DeskRound) -> Foresight | None:
    """Return who would be told; None where the round cannot be published for a reason that the page shows elsewhere."""
    try:
        return foresee(lambda: publish_round(ctx(), desk.round, "-"))
    except RuleViolation:
        db.session.rollback()
        return None
