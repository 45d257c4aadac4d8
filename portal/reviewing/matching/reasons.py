"""Why each pair stands, what is missing and what binds there, and who could still take a place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import takewhile

from portal.reviewing.affinity import matches
from portal.reviewing.matching.ground import Ground
from portal.reviewing.matching.model import BALANCE
from portal.reviewing.matching.problem import Answer, Cause, Kind, Origin, Pair, Place, Question, Shortfall, ToReview

ALTERNATES = 3


def explain(question: Question, ground: Ground, chosen: frozenset[Pair], *, is_optimal: bool) -> Answer:
    """Return the whole assignment, by application and then by fit, with its shortfalls and alternates."""
    loads = Counter(ground.loads) + Counter(person for _, person in chosen)
    given: dict[int, set[int]] = defaultdict(set)
    for application, person in chosen | ground.fixed:
        given[application].add(person)
    applications = sorted(question.applications, key=lambda each: each.application)
    places: list[Place] = []
    shortfalls: list[Shortfall] = []
    alternates: dict[int, tuple[Place, ...]] = {}
    for each in applications:
        own = [
            _place(ground, each, person, _origin(question, ground, (each.application, person)), loads)
            for person in given[each.application]
        ]
        places += sorted(own, key=lambda place: (-place.affinity, place.rank, place.person))
        shortfalls += _shortfalls(ground, each, given[each.application], loads)
        alternates[each.application] = _alternates(ground, each, given[each.application], loads)
    return Answer(tuple(places), tuple(shortfalls), alternates, is_optimal)


def _origin(question: Question, ground: Ground, pair: Pair) -> Origin:
    if pair in question.standing:
        return Origin.STANDING
    return Origin.LOCKED if pair in ground.fixed else Origin.PROPOSED


def _place(ground: Ground, each: ToReview, person: int, origin: Origin, loads: Counter[int]) -> Place:
    fits, reviewer = ground.may[each.application], ground.reviewers.get(person)
    return Place(
        application=each.application,
        person=person,
        origin=origin,
        affinity=fits.get(person, 0.0),
        matches=matches(each.weights, reviewer.levels) if reviewer else (),
        load=loads[person],
        maximum=reviewer.maximum if reviewer else 0,
        rank=_rank(fits, person),
        eligible=len(fits),
    )


def _rank(fits: Mapping[int, float], person: int) -> int:
    """Return the place of the person's fit; ``fits`` come best first, and equals share the better place."""
    own = fits.get(person, 0.0)
    return 1 + sum(1 for _ in takewhile(lambda fit: fit > own, fits.values()))


def _shortfalls(ground: Ground, each: ToReview, given: set[int], loads: Counter[int]) -> Iterator[Shortfall]:
    number = each.application
    missing = each.wanted - len(given)
    if missing > 0:
        yield Shortfall(number, Kind.PLACES, missing, _why_empty(ground, each, given, loads), ground.barred[number])
    if not any(person in ground.reviewers and ground.reviewers[person].is_experienced for person in given):
        cause = _why_none_experienced(ground, number, loads)
        yield Shortfall(number, Kind.EXPERIENCED, 1, cause, ground.barred[number])


def _why_empty(ground: Ground, each: ToReview, given: set[int], loads: Counter[int]) -> Cause:
    others = [person for person in ground.may[each.application] if person not in given]
    if len(others) + len(given) < each.wanted:
        return Cause.TOO_FEW
    institutions = [ground.reviewers[person].institution for person in {*others, *given} if person in ground.reviewers]
    if len({name for name in institutions if name is not None}) + institutions.count(None) < each.wanted:
        return Cause.INSTITUTIONS
    if all(_is_full(ground, person, loads) for person in others):
        return Cause.LOAD
    return Cause.TOGETHER


def _why_none_experienced(ground: Ground, number: int, loads: Counter[int]) -> Cause:
    experienced = [person for person in ground.may[number] if ground.reviewers[person].is_experienced]
    if not experienced:
        return Cause.TOO_FEW
    return Cause.LOAD if all(_is_full(ground, person, loads) for person in experienced) else Cause.TOGETHER


def _is_full(ground: Ground, person: int, loads: Counter[int]) -> bool:
    return loads[person] >= ground.reviewers[person].maximum


def _alternates(ground: Ground, each: ToReview, given: set[int], loads: Counter[int]) -> tuple[Place, ...]:
    """Return the next best by fit less the cost of their load; one of an institution that sits there cannot come in."""
    seated = {ground.reviewers[person].institution for person in given if person in ground.reviewers} - {None}
    free = [
        (person, fit)
        for person, fit in ground.may[each.application].items()
        if person not in given
        and not _is_full(ground, person, loads)
        and ground.reviewers[person].institution not in seated
    ]
    ranked = sorted(free, key=lambda pair: -(pair[1] - BALANCE * loads[pair[0]]))[:ALTERNATES]
    return tuple(_place(ground, each, person, Origin.PROPOSED, loads) for person, _ in ranked)
