"""The desk's pages after publication: where an award stands, its conditions, and letting it lapse."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications.states import AWARDS, OUTCOME_WORDS, Outcome
from portal.calls.queries import terms_of
from portal.core.clock import brussels_day
from portal.core.errors import Problem, RuleViolation
from portal.core.text import _l
from portal.core.web import arrived_at, ctx, render
from portal.decisions import policies, queries
from portal.decisions.commands.answering import lapse_award
from portal.decisions.commands.following import judge_condition
from portal.decisions.deciding import problems_before_lapsing
from portal.decisions.forms import LapseForm
from portal.decisions.letter_queries import list_letters
from portal.decisions.models import Condition, Decision
from portal.decisions.presenters import score
from portal.decisions.reasons import at_the_line, why
from portal.decisions.states import DECISION, LETTER_WORDS, DecisionState
from portal.decisions.views.blueprint import bp

NO_VERDICT = Problem("no-verdict", _l("Say whether the condition is met or not."), "is_met")


@bp.page("/desk/decisions/<int:number>/award", policy=policies.READ, load=queries.get_decision)
def award(decision: Decision) -> Response:
    """Show where a decision stands: the answer, the conditions, and what kept a reserve from being promoted."""
    row, terms = queries.get_ranking_row(decision), terms_of(decision.round)
    assessment = queries.get_assessment(decision.application_id)
    is_award = decision.outcome in AWARDS
    problems = list(problems_before_lapsing(decision, decision.conditions, brussels_day(arrived_at())))
    return render(
        "decisions/award.html",
        decision=decision,
        application=decision.application,
        outcome=OUTCOME_WORDS[Outcome(decision.outcome)],
        words=DECISION.words[DecisionState(decision.state)],
        reasons=list(why(row, assessment.criteria, terms, score)),
        kept=[(at_the_line(reason), at) for reason, at in queries.list_kept(decision)],
        letters=list_letters(decision),
        letter_words=LETTER_WORDS,
        is_standing=is_award and decision.state in queries.STANDING,
        replacement=queries.find_replacement(decision),
        may_lapse=is_award and decision.state in queries.STANDING and not problems,
    )


@bp.action(
    "/desk/decisions/<int:number>/conditions/<int:condition>",
    policy=policies.JUDGE_CONDITION,
    load=queries.get_condition,
)
def judge(condition: Condition) -> BaseResponse:
    """Say whether a condition is met."""
    said = request.form.get("is_met")
    if said not in ("yes", "no"):
        raise RuleViolation([NO_VERDICT])
    is_met = said == "yes"
    judge_condition(ctx(), condition, is_met=is_met)
    flash(_("The condition is met.") if is_met else _("The condition is not met."), "success")
    return redirect(url_for(".award", number=condition.decision_id))


@bp.form("/desk/decisions/<int:number>/lapse", policy=policies.LAPSE, load=queries.get_decision)
def lapse(decision: Decision) -> Response | BaseResponse:
    """Let an award lapse, with a reason; what it frees goes to the reserve list."""
    number, form = decision.id, LapseForm()
    if form.validate_on_submit():
        with form.catching_problems():
            lapse_award(ctx(), decision, form.reason.data)
            flash(_("The grant has lapsed. The reserve list is followed in its order."), "success")
            return redirect(url_for(".award", number=number))
        decision = queries.get_decision(number)
    problems = list(problems_before_lapsing(decision, decision.conditions, brussels_day(arrived_at())))
    return render(
        "decisions/lapse.html",
        decision=decision,
        application=decision.application,
        form=form,
        problems=[] if form.problems else problems,
    )
