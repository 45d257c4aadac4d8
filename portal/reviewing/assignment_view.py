"""A round's assignment as its page shows it: application by application, what stands, what is proposed, what lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from portal.accounts.models import Person
from portal.applications.models import Application
from portal.reviewing.assignment_facts import RoundFacts, loads_with, open_applications
from portal.reviewing.assignment_models import Assignment, AssignmentPair
from portal.reviewing.assignment_reasons import Reason, read_reason, read_shortfall
from portal.reviewing.matching.problem import Kind, Shortfall
from portal.reviewing.states import ReviewState


@dataclass(frozen=True, slots=True)
class Seat:
    """One reviewer at one application: ``state`` of the review where it stands, else the ``pair`` of the proposal."""

    person: Person
    load: int
    maximum: int
    is_experienced: bool
    institution: str
    reason: Reason | None = None
    pair: AssignmentPair | None = None
    state: ReviewState | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One application with its seats; ``lacks`` as it is now, with the cause that was found when it was computed."""

    application: Application
    seats: tuple[Seat, ...]
    lacks: tuple[Shortfall, ...]
    alternates: tuple[Seat, ...]


def groups_of(assignment: Assignment | None, facts: RoundFacts) -> list[Group]:
    """Return every admissible application of the round in the order of references."""
    pairs = list(assignment.pairs) if assignment else []
    loads = loads_with(facts, pairs)
    return [_group(each, assignment, pairs, facts, loads) for each in open_applications(facts)]


def _group(
    application: Application,
    assignment: Assignment | None,
    pairs: Sequence[AssignmentPair],
    facts: RoundFacts,
    loads: Mapping[int, int],
) -> Group:
    standing = [
        replace(_seat(facts, loads, person), state=facts.reviews[number, person])
        for number, person in sorted(facts.standing)
        if number == application.id and person in facts.reviewers
    ]
    proposed = [
        replace(_seat(facts, loads, each.reviewer_id), reason=read_reason(each.reason), pair=each)
        for each in pairs
        if each.application_id == application.id and each.reviewer_id in facts.reviewers
    ]
    seats = (*standing, *proposed)
    alternates = _alternates(application.id, assignment, facts, loads, {each.person.id for each in seats})
    return Group(application, seats, tuple(_lacks(application.id, assignment, seats)), alternates)


def _seat(facts: RoundFacts, loads: Mapping[int, int], person: int) -> Seat:
    each = facts.reviewers[person]
    return Seat(each.person, loads[person], each.maximum_load, each.is_experienced, each.institution)


def _lacks(number: int, assignment: Assignment | None, seats: Sequence[Seat]) -> Iterable[Shortfall]:
    """Yield the kept shortfalls that changes by hand did not mend."""
    for held in assignment.shortfalls if assignment else ():
        found = read_shortfall(held)
        if assignment is None or found.application != number:
            continue
        if found.kind is Kind.EXPERIENCED and not any(each.is_experienced for each in seats):
            yield found
        elif found.kind is Kind.PLACES and len(seats) < assignment.wanted:
            yield replace(found, missing=assignment.wanted - len(seats))


def _alternates(
    number: int, assignment: Assignment | None, facts: RoundFacts, loads: Mapping[int, int], seated: set[int]
) -> tuple[Seat, ...]:
    held = assignment.alternates.get(str(number), []) if assignment else []
    return tuple(
        replace(_seat(facts, loads, each["person"]), reason=read_reason(each))
        for each in held
        if each["person"] not in seated and each["person"] in facts.reviewers
    )
