"""Results: the awards of rounds whose results are out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, request

from portal.calls import policies
from portal.calls.models import Round
from portal.calls.queries import get_round
from portal.core.clock import brussels_day
from portal.core.policy import PUBLIC_PAGE
from portal.core.web import arrived_at, render
from portal.places.queries import list_municipalities, list_municipalities_by_nis
from portal.public import queries
from portal.public.coverage import REACH_LABELS, Reach, reach_by_province
from portal.public.forms import ResultsFilter
from portal.public.queries import AwardFilter
from portal.public.views.blueprint import bp


@bp.page("/results", policy=PUBLIC_PAGE)
def results() -> Response:
    """List every public award, by programme and round where that is asked."""
    rounds = queries.list_published_rounds()
    form = ResultsFilter(request.args)
    form.offer(rounds)
    return render("public/results.html", filters=form, rounds=rounds, round=None, **_awards(form.asked, rounds))


@bp.page("/results/<code>", policy=policies.SEE_ANNOUNCED, load=get_round)
def round_results(round_: Round) -> Response:
    """List the awards of one round, or say when its decision is due."""
    rounds = [] if round_.results_published_at is None else [round_]
    found = _awards(AwardFilter(round=round_.code), rounds)
    return render("public/results.html", filters=None, rounds=rounds, round=round_, **found)


def _awards(asked: AwardFilter, rounds: Sequence[Round]) -> dict[str, Any]:
    # Municipalities as they stood while the programmes ran: a merger afterwards changes no award.
    on = min([brussels_day(arrived_at()), *(each.call.programme.ends_on for each in rounds)])
    page = queries.page_awards(asked, request.args.get("after"))
    areas = queries.areas_of(page.rows)
    known = list_municipalities_by_nis({nis for area in areas.values() for nis in area})
    names = {each.nis: each.name for each in known}
    covered = queries.covered_municipalities(asked)
    return {
        "asked": asked,
        "page": page,
        "totals": queries.count_awards(asked),
        "areas": {number: sorted(names[nis] for nis in area if nis in names) for number, area in areas.items()},
        "provinces": reach_by_province(list_municipalities(on=on), covered),
        "reach": Reach,
        "reach_labels": REACH_LABELS,
    }
