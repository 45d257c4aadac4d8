"""A proposal as a table, out and in: one reading serves the dry run and the change itself, so that they cannot differ."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.core.errors import Problem
from portal.core.text import Msg, _l
from portal.reviewing.assignment_facts import RoundFacts
from portal.reviewing.assignment_models import Assignment, AssignmentPair
from portal.reviewing.commands.assigning import conflict_problems
from portal.reviewing.matching.problem import Pair

REFERENCE, EMAIL = "application", "reviewer_email"
COLUMNS = (REFERENCE, "partnership", EMAIL, "reviewer", "standing", "locked", "fit_percent", "load", "maximum")
MOST_LINES = 5_000


class Effect(StrEnum):
    """What a line of the table comes to."""

    STANDS = "stands"  # invited already; a table does not change it
    STAYS = "stays"
    ADDED = "added"
    REMOVED = "removed"  # of the proposal, because the table does not have it
    WRONG = "wrong"


EFFECTS: dict[Effect, Msg] = {
    Effect.STANDS: _l("Invited already, nothing changes"),
    Effect.STAYS: _l("Stays in the proposal"),
    Effect.ADDED: _l("Is added and locked"),
    Effect.REMOVED: _l("Is taken out of the proposal"),
    Effect.WRONG: _l("Cannot be done"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table (``number`` as a spreadsheet counts it; 0: not in it) with its effect and what is wrong."""

    number: int
    reference: str
    email: str
    effect: Effect
    problems: tuple[Problem, ...] = ()
    pair: Pair | None = None


def read_table(text: str, assignment: Assignment, facts: RoundFacts) -> list[Line]:
    """Return what every line would do, and a line for each pair of the proposal that the table leaves out.

    The table is the whole proposal: ``application`` and ``reviewer_email`` are read, other columns are for people.
    Semicolons, commas or tabs part them.
    """
    rows, problem = _rows(text)
    if problem is not None:
        return [Line(1, "", "", Effect.WRONG, (problem,))]
    references = {each.reference: number for number, each in facts.applications.items()}
    people = {each.person.email.lower(): number for number, each in facts.reviewers.items()}
    held = {(each.application_id, each.reviewer_id): each for each in assignment.pairs}
    seen: set[Pair] = set()
    loads = Counter({number: each.load for number, each in facts.reviewers.items()})
    lines: list[Line] = []
    for number, row in enumerate(rows, start=2):
        reference, email = _cell(row, REFERENCE).upper(), _cell(row, EMAIL).lower()
        if not reference and not email:
            continue
        pair = (references.get(reference, 0), people.get(email, 0))
        problems = list(_problems(reference, email, pair, seen, facts))
        if not problems and pair not in facts.standing:
            loads[pair[1]] += 1
            problems += _over_load(pair[1], loads, facts)
        seen.add(pair)
        effect = Effect.WRONG if problems else _effect(pair, held, facts)
        lines.append(Line(number, reference, email, effect, tuple(problems), pair))
    return [*lines, *_left_out(held.values(), seen)]


def _rows(text: str) -> tuple[list[dict[str, str | None]], Problem | None]:
    first = text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")), delimiter=delimiter)
    names = {(each or "").strip().lower() for each in reader.fieldnames or ()}
    if not {REFERENCE, EMAIL} <= names:
        message = _l(
            "The first line must name the columns “%(reference)s” and “%(email)s”.", reference=REFERENCE, email=EMAIL
        )
        return [], Problem("columns-missing", message)
    reader.fieldnames = [(each or "").strip().lower() for each in reader.fieldnames or ()]
    rows: list[dict[str, str | None]] = []
    for row in reader:
        rows.append(row)
        if len(rows) > MOST_LINES:
            message = _l("The table has more than %(most)s lines.", most=str(MOST_LINES))
            return [], Problem("too-many-lines", message)
    return rows, None


def _cell(row: Mapping[str, str | None], name: str) -> str:
    return (row.get(name) or "").strip().lstrip("'")


def _problems(reference: str, email: str, pair: Pair, seen: set[Pair], facts: RoundFacts) -> Iterator[Problem]:
    application, person = pair
    if not application:
        message = _l("“%(reference)s” is no admissible application of this round.", reference=reference)
        yield Problem("unknown-application", message)
    if not person:
        yield Problem("unknown-reviewer", _l("“%(email)s” is nobody in the pool of reviewers.", email=email))
    if not application or not person:
        return
    reviewer = facts.reviewers[person].person
    if pair in seen:
        yield Problem("twice", _l("%(name)s stands twice in the table for this application.", name=reviewer.name))
    elif pair in facts.standing:
        return  # what has begun is not a table's to judge
    elif pair in facts.reviews:
        message = _l(
            "%(name)s was asked before for this application, and declined or was taken off.", name=reviewer.name
        )
        yield Problem("asked-before", message)
    yield from conflict_problems(reviewer, facts.conflicts.get(application, {}).get(person, ()))


def _over_load(person: int, loads: Counter[int], facts: RoundFacts) -> Iterator[Problem]:
    reviewer = facts.reviewers[person]
    if loads[person] > reviewer.maximum_load:
        message = _l(
            "%(name)s takes on at most %(most)s reviews in this round.",
            name=reviewer.person.name,
            most=str(reviewer.maximum_load),
        )
        yield Problem("over-load", message)


def _effect(pair: Pair, held: Mapping[Pair, AssignmentPair], facts: RoundFacts) -> Effect:
    if pair in facts.standing:
        return Effect.STANDS
    return Effect.STAYS if pair in held else Effect.ADDED


def _left_out(held: Iterable[AssignmentPair], seen: set[Pair]) -> Iterator[Line]:
    for each in held:
        pair = (each.application_id, each.reviewer_id)
        if pair not in seen:
            yield Line(0, each.application.reference, each.reviewer.email, Effect.REMOVED, (), pair)
