"""Beside the ranking: what if something else had held. The choices stand in the address; nothing can be saved."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from portal.core.web import render
from portal.decisions import exploring, policies, queries
from portal.decisions.commands.ranking import digest_of
from portal.decisions.reasons import PLACE_LABELS, PLACE_TONES, what_changes
from portal.decisions.scenarios import Basis, compare, place, problems_with_scenario, sums_of
from portal.decisions.views.blueprint import bp, load_ranked_round
from portal.decisions.what_if_form import WhatIfForm, what_if_form

ROWS_ON_A_PAGE = 100
MOST_NAMED = 10


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
    found = {} if form.errors else _compared(basis, form)
    is_current = digest_of(round_, place(basis, basis.present)) == ranking.sha256
    return render(
        "decisions/what_if.html",
        422 if form.errors else 200,
        desk=desk,
        round=round_,
        ranking=ranking,
        form=form,
        asked=asked,
        is_current=is_current,
        **found,
    )


def _compared(basis: Basis, form: WhatIfForm) -> dict[str, Any]:
    """Return what the page shows of a scenario: one page of rows, and the sums and the names that change hands."""
    scenario = form.scenario()
    present, other = place(basis, basis.present), place(basis, scenario)
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
