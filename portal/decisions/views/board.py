"""The ranking desk: rounds to rank, the board with its funding line, and computing the ranking."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications.states import OUTCOME_WORDS
from portal.calls.queries import terms_of
from portal.calls.rules import phase
from portal.calls.states import PHASES, Phase
from portal.core.errors import NotFound
from portal.core.forms import ActionForm, PortalForm
from portal.core.web import arrived_at, ctx, render
from portal.decisions import board_queries, candidates, policies, queries
from portal.decisions.commands.preparing import prepare_decisions
from portal.decisions.commands.ranking import compute_ranking
from portal.decisions.deciding import Readiness, problems_before_ranking
from portal.decisions.presenters import board_lines, threshold_criteria
from portal.decisions.reasons import AT_THE_LINE
from portal.decisions.states import DECISION, DecisionState
from portal.decisions.verification import is_identical, verify_round
from portal.decisions.views.blueprint import bp, load_desk_round


@bp.page("/desk/rankings", policy=policies.LIST)
def rankings() -> Response:
    """List the rounds that closed, with where their ranking stands."""
    at = arrived_at()
    rows = [(round_, ranking, phase(round_, at)) for round_, ranking in queries.list_closed_rounds(at)]
    return render("decisions/rankings.html", rows=rows, phases=PHASES)


@bp.page("/desk/rounds/<code>/ranking", policy=policies.BOARD, load=load_desk_round)
def board(desk: queries.DeskRound) -> Response:
    """Show a round's latest ranking, or what is missing before it can be computed."""
    return _board_page(desk, ActionForm())


def load_published_round(code: str, *, lock: bool = False) -> queries.DeskRound:
    """Return the round as the actor meets it; NotFound before its results are out."""
    desk = load_desk_round(code, lock=lock)
    if desk.round.results_published_at is None:
        raise NotFound
    return desk


@bp.page("/desk/rounds/<code>/verification", policy=policies.BOARD, load=load_published_round)
def verification(desk: queries.DeskRound) -> Response:
    """Decide a published round again from its evidence, and show what was compared."""
    steps = verify_round(desk.round)
    return render("decisions/verification.html", round=desk.round, steps=steps, is_identical=is_identical(steps))


@bp.action("/desk/rounds/<code>/ranking/compute", policy=policies.COMPUTE, load=load_desk_round)
def compute(desk: queries.DeskRound) -> Response | BaseResponse:
    """Compute the ranking; computing again makes a new one."""
    form, code = ActionForm(), desk.round.code
    with form.catching_problems():
        ranking = compute_ranking(ctx(), desk.round)
        flash(_("Ranking %(number)s is computed.", number=ranking.number), "success")
        return redirect(url_for(".board", code=code))
    return _board_page(load_desk_round(code), form)


@bp.action("/desk/rounds/<code>/ranking/prepare", policy=policies.DECIDE, load=load_desk_round)
def prepare(desk: queries.DeskRound) -> Response | BaseResponse:
    """Propose a decision for every row of the latest ranking."""
    form, code = ActionForm(), desk.round.code
    ranking = queries.get_ranking(desk.round.id)
    with form.catching_problems():
        made = prepare_decisions(ctx(), desk.round, ranking)
        flash(_("%(count)s decisions are proposed as the ranking says.", count=len(made)), "success")
        return redirect(url_for(".board", code=code))
    return _board_page(load_desk_round(code), form)


def _board_page(desk: queries.DeskRound, form: PortalForm) -> Response:
    round_, at = desk.round, arrived_at()
    ranking, stage = queries.find_ranking(round_.id), phase(round_, at)
    shared = {"desk": desk, "round": round_, "ranking": ranking, "form": form, "phase": stage, "phases": PHASES}
    status = 422 if form.problems else 200
    if ranking is None:
        is_closed = stage in (Phase.CLOSED, Phase.IN_REVIEW)
        readiness = candidates.readiness_of(round_, at) if is_closed else Readiness()
        problems = list(problems_before_ranking(stage, readiness))
        return render(
            "decisions/board_to_come.html",
            status,
            problems=problems,
            ready=readiness.ready,
            waiting=readiness.waiting,
            is_closed=is_closed,
            **shared,
        )
    terms = terms_of(round_)
    found = board_queries.page_ranking_rows(ranking, request.args.get("after"))
    counts = queries.count_by_state(round_.id)
    return render(
        "decisions/board.html",
        status,
        lines=list(board_lines(found.rows, ranking, terms)),
        next_cursor=found.next_cursor,
        outranked=board_queries.list_outranked(ranking),
        provinces=board_queries.list_province_sums(ranking),
        thresholds=threshold_criteria(terms),
        terms=terms,
        prepared=sum(counts.values()),
        is_published=stage is Phase.RESULTS,
        pending=counts.get(DecisionState.PENDING, 0),
        is_outdated=any(each.decision_ranking_id not in (None, ranking.id) for each in found.rows),
        at_the_line=AT_THE_LINE,
        outcomes=OUTCOME_WORDS,
        states=DECISION.words,
        **shared,
    )
