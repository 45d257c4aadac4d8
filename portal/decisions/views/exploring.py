"""Beside the ranking: what if something else had held, and how firm it stands. All GET: nothing can be saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, request

from portal.core.web import render
from portal.decisions import exploring, policies, queries
from portal.decisions.board_queries import ROWS_ON_A_PAGE
from portal.decisions.commands.ranking import digest_of
from portal.decisions.reasons import PLACE_LABELS, PLACE_TONES, what_changes
from portal.decisions.rules import Placed
from portal.decisions.scenarios import Basis, Scenario, compare, place, problems_with_scenario, sums_of
from portal.decisions.stability import agreement, leave_one_out
from portal.decisions.views.blueprint import bp, load_ranked_round
from portal.decisions.what_if_form import what_if_form

MOST_NAMED = 10
MOST_TRIED = 200  # applications: as many rankings are computed as they have reviews


@bp.page("/desk/rounds/<code>/ranking/what-if", policy=policies.EXPLORE, load=load_ranked_round)
def what_if(desk: queries.DeskRound) -> Response:
    """Show the ranking beside what it would be under other choices."""
    round_ = desk.round
    ranking = queries.get_ranking(round_.id)
    basis = exploring.basis_of(round_, ranking)
    asked = {name: value for name, value in request.args.items() if name != "after"}
    form = what_if_form(basis.terms, basis.present, exploring.list_reviewers(round_.id), asked)
    if form.validate():
        form.show_problems(list(problems_with_scenario(form.scenario())))
    present = place(basis, basis.present)
    found = {} if form.errors else _compared(round_.id, basis, present, form.scenario())
    return render(
        "decisions/what_if.html",
        422 if form.errors else 200,
        desk=desk,
        round=round_,
        ranking=ranking,
        form=form,
        asked=asked,
        is_current=digest_of(round_, present) == ranking.sha256,
        **found,
    )


@bp.page("/desk/rounds/<code>/ranking/stability", policy=policies.EXPLORE, load=load_ranked_round)
def stability(desk: queries.DeskRound) -> Response:
    """Show what becomes of each row when any one review is left out, and how far the reviewers agree."""
    round_ = desk.round
    ranking = queries.get_ranking(round_.id)
    basis = exploring.basis_of(round_, ranking)
    is_small = len(basis.candidates) <= MOST_TRIED
    judged = exploring.judged_in(round_.id, basis) if is_small else ()
    rows = leave_one_out(basis, judged) if is_small else ()
    return render(
        "decisions/stability.html",
        desk=desk,
        round=round_,
        ranking=ranking,
        is_small=is_small,
        most=MOST_TRIED,
        rows=rows,
        close=sum(not each.is_stable for each in rows),
        agreed={each.candidate.application_id for each in judged if each.agreed is not None},
        names=exploring.named(each.placed.candidate.application_id for each in rows),
        agreement=agreement(basis.terms, judged) if is_small else [],
        labels={each.code: each.label for each in basis.terms.criteria},
        raters=basis.terms.reviewers_per_application,
        places=PLACE_LABELS,
        tones=PLACE_TONES,
        is_current=digest_of(round_, place(basis, basis.present)) == ranking.sha256,
    )


def _compared(round_id: int, basis: Basis, present: Sequence[Placed], scenario: Scenario) -> dict[str, Any]:
    """Return what the page shows of a scenario: one page of rows, and the sums and the names that change hands."""
    other = place(basis, scenario, exploring.score_under(scenario, round_id, basis))
    rows = compare(present, other)
    gaining, losing = [each for each in rows if each.gains], [each for each in rows if each.loses]
    first = max(request.args.get("after", 0, type=int), 0)
    shown = rows[first : first + ROWS_ON_A_PAGE]
    told = [*shown, *gaining[:MOST_NAMED], *losing[:MOST_NAMED]]
    next_from = first + ROWS_ON_A_PAGE
    return {
        "rows": [(each, list(what_changes(each))) for each in shown],
        "total": len(rows),
        "next_from": next_from if next_from < len(rows) else None,
        "gaining": gaining,
        "losing": losing,
        "most": MOST_NAMED,
        "moving": sum(each.moves for each in rows),
        "sums": (sums_of(present, basis.present.budget), sums_of(other, scenario.budget)),
        "budgets": (basis.present.budget, scenario.budget),
        "names": exploring.named(each.present.candidate.application_id for each in told),
        "places": PLACE_LABELS,
        "tones": PLACE_TONES,
        "is_same": scenario == basis.present,
    }
