"""How long a round's full ranking takes from the scores of its reviews, with other weights than the call's.

``python -m tests.bench.ranking CODE`` measures in a process of its own; the environment says where the database is.
The first floor reads the same rows and adds up one score of each: no ranking from the scores can be faster. The second
is what one would write by hand: every score times its weight, the mean of the reviews, in order; without what cannot be
judged, consensus, thresholds, exact rounding, ties, and the line.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa

from portal.calls.queries import get_round
from portal.core.db import db
from portal.decisions import exploring, queries
from portal.decisions.scenarios import place, terms_under
from portal.reviewing.models import Review
from portal.reviewing.recomputing import recompute
from portal.reviewing.states import ReviewState
from tests.bench.server import make

TIMES = 9


def measure_rankings(code: str) -> dict[str, dict[str, float]]:
    """Return the milliseconds of each step, of the round with this code."""
    with make().app_context():
        round_ = get_round(code)
        ranking = queries.get_ranking(round_.id)
        basis = exploring.basis_of(round_, ranking)
        first, second, *_ = basis.present.weights
        weights = {**basis.present.weights, first: 15, second: 20}
        assert sum(weights.values()) == 100
        scenario = replace(basis.present, weights=weights)
        one = Review.scores[first]["score"].astext.cast(sa.Integer)
        floor = sa.select(sa.func.sum(one)).where(Review.round_id == round_.id, Review.state == ReviewState.SUBMITTED)

        def rank_anew() -> object:
            found = exploring.basis_of(round_, ranking)
            return place(found, scenario, exploring.score_under(scenario, round_.id, found))

        return {
            "floor: one score of each review": _timed(lambda: db.session.execute(floor).all()),
            "floor: plain SQL, weighed and in order": _timed(
                lambda: db.session.execute(_by_hand(round_.id, weights)).all()
            ),
            "figures of all from the scores": _timed(lambda: recompute(round_.id, terms_under(basis.terms, scenario))),
            "full ranking from the scores": _timed(rank_anew),
        }


def _by_hand(round_id: int, weights: dict[str, int]) -> sa.Select[tuple[int, object]]:
    """The shortest statement that ranks a round from its scores."""
    read = sa.select(
        Review.application_id,
        *(
            Review.scores.op("->")(code).op("->>")("score").cast(sa.Integer).label(f"score_{at}")
            for at, code in enumerate(weights)
        ),
    ).where(Review.round_id == round_id, Review.state == ReviewState.SUBMITTED)
    scores = read.subquery()
    weighed = sum((weight * scores.c[f"score_{at}"] for at, weight in enumerate(weights.values())), sa.literal(0))
    total = sa.func.avg(weighed).label("total")
    return sa.select(scores.c.application_id, total).group_by(scores.c.application_id).order_by(total.desc())


def _timed(work: Callable[[], object]) -> dict[str, float]:
    work()
    spans, sent = [], []
    sa.event.listen(db.engine, "before_cursor_execute", counted := lambda *event: sent.append(event[2]))
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        spans.append((time.perf_counter() - began) * 1000)
    sa.event.remove(db.engine, "before_cursor_execute", counted)
    return {
        "median_ms": round(statistics.median(spans), 1),
        "least_ms": round(min(spans), 1),
        "statements": len(sent) // TIMES,
    }


if __name__ == "__main__":
    print(json.dumps(measure_rankings(sys.argv[1])))
