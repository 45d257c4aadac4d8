"""The moments that matter: where the demo bar can move the clock to, read off the rounds themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.core.clock import brussels_moment
from portal.core.errors import NotFound
from portal.core.text import Msg, _l

MOST = 9
LAST_YEAR = 2030  # the programme ended years before; beyond the year 9999 no clock would run at all


@dataclass(frozen=True, slots=True)
class RoundDates:
    """What the moments of one announced round follow from."""

    code: str
    opens_at: datetime
    closes_at: datetime
    decision_due_on: date


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime
    what: Msg


def coming_moments(rounds: Iterable[RoundDates], now: datetime) -> list[Moment]:
    """Return the next moments after ``now``, soonest first; rounds that share a moment stand in one line."""
    shared: dict[tuple[datetime, str], list[str]] = {}
    for each in rounds:
        for at, what in _moments_of(each):
            if at > now:
                shared.setdefault((at, what), []).append(each.code)
    return [Moment(at, _l(what, round=", ".join(sorted(codes)))) for (at, what), codes in sorted(shared.items())][:MOST]


def _moments_of(round_: RoundDates) -> Iterator[tuple[datetime, Msg]]:
    yield round_.opens_at, _l("%(round)s opens")
    yield round_.closes_at - timedelta(days=7), _l("a week before %(round)s closes")
    yield round_.closes_at - timedelta(hours=1), _l("an hour before %(round)s closes")
    yield round_.closes_at + timedelta(minutes=1), _l("just after %(round)s closed")
    yield brussels_moment(round_.decision_due_on, 9), _l("decision day of %(round)s")


def moment_in(text: str) -> datetime:
    """Return the aware moment written in ``text`` (ISO 8601); NotFound for what is none, or past the demo's years."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if at.tzinfo is None or at.year > LAST_YEAR:
        raise NotFound
    return at
