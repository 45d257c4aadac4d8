"""From a question to its answer: choose the arcs, solve, look again, explain."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from heapq import nsmallest
from importlib.metadata import version

from portal.reviewing.matching.ground import Ground, ground_of, tie
from portal.reviewing.matching.model import LONGEST, NoAnswer, solve
from portal.reviewing.matching.problem import Answer, Pair, Question, Reviewer
from portal.reviewing.matching.reasons import explain

NEAREST = 20  # arcs kept for each side; applications that then fall short are tried again with everybody
EXPERIENCED = 5  # of these at least, so that one can be given
KEPT_BONUS = 0.1  # of a pair in an earlier proposal
MODEL = "1"  # raised whenever the same question may get another answer


def solver_version() -> str:
    """Return what answered: this model and the library that solved it."""
    return f"assignment {MODEL}, scipy {version('scipy')} HiGHS"


def assign(question: Question, *, longest: float = LONGEST, told: Callable[[str], None] = lambda _: None) -> Answer:
    """Return the best assignment with its reasons, shortfalls and alternates; ``told`` hears each step begin.

    Never a forbidden pair, nobody above their maximum, no institution twice at one application: looked at once more
    before the answer is given (RuntimeError). Raises NoAnswer after ``longest`` seconds without one.
    """
    told("fitting")
    ground = ground_of(question)
    told("solving")
    arcs = _arcs(question, ground)
    chosen, is_optimal = solve(ground, arcs, longest=longest)
    more = _left_out(question, ground, chosen, arcs)
    if more:
        with suppress(NoAnswer):  # the first answer stands: it breaks no rule, and says what it lacks
            chosen, is_optimal = solve(ground, {**arcs, **more}, longest=longest)
    _look_again(question, ground, chosen)
    told("explaining")
    return explain(question, ground, chosen, is_optimal=is_optimal)


def _arcs(question: Question, ground: Ground) -> dict[Pair, float]:
    """Return the pairs worth considering, with their worth: each side's nearest, experienced ones among them."""
    kept: set[Pair] = set()
    of_person: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
    for place, each in enumerate(ground.applications):
        number = each.application
        free = _free(ground, number) if ground.places[number] else []
        experienced = [person for person in free if ground.reviewers[person].is_experienced][:EXPERIENCED]
        kept.update((number, person) for person in free[:NEAREST])
        kept.update((number, person) for person in experienced)
        for person in free:
            of_person[person].append((-ground.may[number][person], place, number))
    for person, found in of_person.items():
        kept.update((number, person) for _, _, number in nsmallest(NEAREST, found))
    order = {each.application: place for place, each in enumerate(ground.applications)}
    people = {person: place for place, person in enumerate(ground.reviewers)}
    pairs = sorted(kept, key=lambda pair: (order[pair[0]], people[pair[1]]))
    return {pair: _worth(question, ground, pair) for pair in pairs}


def _worth(question: Question, ground: Ground, pair: Pair) -> float:
    bonus = KEPT_BONUS if pair in question.preferred else 0.0
    return ground.may[pair[0]][pair[1]] + bonus + tie(question.seed, *pair)


def _free(ground: Ground, application: int) -> list[int]:
    """Return who may still be given to the application, best fit first."""
    taken, on = ground.institutions_on(application), set(ground.on[application])
    return [
        person
        for person in ground.may[application]
        if person not in on and ground.room[person] and ground.reviewers[person].institution not in taken
    ]


def _left_out(
    question: Question, ground: Ground, chosen: frozenset[Pair], arcs: dict[Pair, float]
) -> dict[Pair, float]:
    """Return further pairs for applications that fell short only because of what ``_arcs`` left out.

    Those are people who have room left, experienced ones where nobody experienced was found. Where nobody has room, the
    shortfall is a real one: trying again with all pairs would take minutes and find the same.
    """
    given: dict[int, list[Reviewer]] = defaultdict(list)
    for application, person in chosen:
        given[application].append(ground.reviewers[person])
    used = Counter(person for _, person in chosen)
    spare = {person for person, room in ground.room.items() if used[person] < room}
    more: dict[Pair, float] = {}
    for each in ground.applications:
        number, found = each.application, given[each.application]
        lacks_place = len(found) < ground.places[number]
        lacks_experience = not ground.has_experienced(number) and not any(one.is_experienced for one in found)
        if not ground.places[number] or not (lacks_place or lacks_experience):
            continue
        spared = [
            person
            for person in _free(ground, number)
            if person in spare and (lacks_place or ground.reviewers[person].is_experienced)
        ]
        for person in spared[:NEAREST]:
            if (number, person) not in arcs:
                more[number, person] = _worth(question, ground, (number, person))
    return more


def _look_again(question: Question, ground: Ground, chosen: frozenset[Pair]) -> None:
    loads = Counter(person for _, person in chosen)
    seats = Counter(
        (application, ground.reviewers[person].institution)
        for application, person in chosen
        if ground.reviewers[person].institution is not None
    )
    if (
        any(pair in question.forbidden for pair in chosen)
        or any(ground.reviewers[person].bar for person in loads)
        or any(count > ground.room[person] for person, count in loads.items())
        or any(count > 1 for count in seats.values())
    ):
        raise RuntimeError("the solver broke a rule it was given")
