"""The ground an assignment is solved on: what is fixed, which places are open, who has room, who may, who fits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

from portal.reviewing.affinity import affinities
from portal.reviewing.expertise import Level, Subject
from portal.reviewing.matching.problem import Bar, Pair, Question, Reviewer, ToReview

TIE = 1e-6  # at most: parts equals by the seed, never who fits better from who fits less well


@dataclass(frozen=True, slots=True)
class Ground:
    """``fixed``: standing and locked pairs. ``places``: open ones by application. ``room``: reviews that may still come.

    ``may``: who may review each application, best fit first, with the affinity; whoever has no room is among them.
    """

    applications: tuple[ToReview, ...]
    reviewers: Mapping[int, Reviewer]
    fixed: frozenset[Pair]
    on: Mapping[int, tuple[int, ...]]  # application → the people of its fixed pairs
    places: Mapping[int, int]
    loads: Mapping[int, int]  # with the locked pairs
    room: Mapping[int, int]
    may: Mapping[int, Mapping[int, float]]
    barred: Mapping[int, Mapping[Bar, int]]

    def institutions_on(self, application: int) -> set[str]:
        """Return the institutions that the application's fixed pairs take."""
        found = (self.reviewers[person].institution for person in self.on[application] if person in self.reviewers)
        return {each for each in found if each is not None}

    def has_experienced(self, application: int) -> bool:
        return any(
            person in self.reviewers and self.reviewers[person].is_experienced for person in self.on[application]
        )


def ground_of(question: Question) -> Ground:
    """Return the ground in an order that follows from the seed alone: neither ids nor the order of input matter.

    A locked pair that may not be any more (a conflict since, a declaration that ran out) is not fixed: it falls away.
    """
    reviewers = {
        each.person: each for each in sorted(question.reviewers, key=lambda each: _draw(question.seed, each.person))
    }
    known = {each.application for each in question.applications}
    locked = {
        (application, person)
        for application, person in question.locked - question.standing
        if (application, person) not in question.forbidden
        and application in known
        and person in reviewers
        and reviewers[person].bar is None
    }
    fixed = frozenset(locked | {pair for pair in question.standing if pair[0] in known})
    on: dict[int, list[int]] = defaultdict(list)
    for application, person in sorted(fixed):
        on[application].append(person)
    added = Counter(person for _, person in locked)
    loads = {person: each.load + added[person] for person, each in reviewers.items()}
    room = {person: max(0, each.maximum - loads[person]) for person, each in reviewers.items()}
    may, barred = _who_may(question, reviewers, fixed)
    return Ground(
        applications=tuple(
            sorted(question.applications, key=lambda each: _draw(question.seed, each.application)),
        ),
        reviewers=reviewers,
        fixed=fixed,
        on={each: tuple(on[each]) for each in known},
        places={each.application: max(0, each.wanted - len(on[each.application])) for each in question.applications},
        loads=loads,
        room=room,
        may=may,
        barred=barred,
    )


def tie(seed: str, application: int, person: int) -> float:
    """Return the pair's own small amount, 0 to TIE, the same for the same seed."""
    return _draw(seed, application, person) / 2**32 * TIE


def _draw(seed: str, *numbers: int) -> int:
    text = ":".join((seed, *map(str, numbers)))
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big")


def _who_may(
    question: Question, reviewers: Mapping[int, Reviewer], fixed: frozenset[Pair]
) -> tuple[dict[int, dict[int, float]], dict[int, dict[Bar, int]]]:
    experts: dict[Subject, list[tuple[int, Level]]] = defaultdict(list)
    for person, each in reviewers.items():
        for subject, level in each.levels.items():
            experts[subject].append((person, level))
    may: dict[int, dict[int, float]] = {}
    barred: dict[int, dict[Bar, int]] = {}
    for asked in question.applications:
        number = asked.application
        fits = affinities(asked.weights, experts)
        counts: dict[Bar, int] = defaultdict(int)
        free: list[tuple[float, int]] = []
        for person, reviewer in reviewers.items():
            bar = question.forbidden.get((number, person)) or reviewer.bar
            if bar is not None and (number, person) not in fixed:
                counts[bar] += 1
            else:
                free.append((fits.get(person, 0.0), person))
        free.sort(key=lambda pair: (-pair[0], -tie(question.seed, number, pair[1])))
        may[number] = {person: fit for fit, person in free}
        barred[number] = dict(counts)
    return may, barred
