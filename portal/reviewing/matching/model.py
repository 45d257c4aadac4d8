"""The transport model of an assignment, a mixed-integer program that HiGHS solves.

max Σ worth·x − λ·Σ load steps − penalties of what is missing, where every application gets its open places filled,
nobody passes their room, no institution sits twice at one application, and one of its reviewers is experienced. What
cannot be met stays as slack, so that there always is an answer, and the slack says what is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from portal.reviewing.matching.ground import Ground
from portal.reviewing.matching.problem import Pair

BALANCE = 0.05  # λ: an eleventh review costs half of a perfect fit more than a first
NO_PLACE, NO_EXPERIENCED, UNDER_MINIMUM = 100.0, 20.0, 2.0
LONGEST = 60.0  # seconds
NEAR_ENOUGH, LARGE = 1e-4, 3000  # a large round is solved to within a ten-thousandth, a smaller one exactly


class NoAnswer(RuntimeError):  # noqa: N818 - what happened, in the field's words
    """The solver gave nothing within its time."""


@dataclass(slots=True)
class _Program:
    """Columns with their costs and bounds, rows with their bounds and entries; whole numbers are asked of ``x`` only."""

    costs: list[float] = field(default_factory=list)
    highest: list[float] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)  # row, column, factor
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def column(self, cost: float, highest: float = 1.0) -> int:
        self.costs.append(cost)
        self.highest.append(highest)
        return len(self.costs) - 1

    def row(self, terms: Collection[tuple[int, float]], least: float, most: float) -> None:
        number = len(self.least)
        self.entries.extend((number, column, factor) for column, factor in terms)
        self.least.append(least)
        self.most.append(most)


def solve(ground: Ground, arcs: Mapping[Pair, float], *, longest: float = LONGEST) -> tuple[frozenset[Pair], bool]:
    """Return the chosen pairs among ``arcs`` (pair → worth), and whether nothing better exists.

    Raises NoAnswer where the solver found nothing within ``longest`` seconds.
    """
    if not arcs:
        return frozenset(), True
    program = _Program()
    columns = {pair: program.column(-worth) for pair, worth in arcs.items()}
    by_application: dict[int, list[tuple[int, int]]] = defaultdict(list)  # → (person, column)
    by_person: dict[int, list[int]] = defaultdict(list)
    for (application, person), column in columns.items():
        by_application[application].append((person, column))
        by_person[person].append(column)
    for application, found in by_application.items():
        _fill(program, ground, application, found)
    for person, own in by_person.items():
        _load(program, ground, person, own)
    chosen, is_optimal = _run(program, len(columns), longest)
    pairs = list(columns)
    return frozenset(pairs[each] for each in chosen), is_optimal


def _fill(program: _Program, ground: Ground, application: int, found: list[tuple[int, int]]) -> None:
    places = ground.places[application]
    terms = [(column, 1.0) for _, column in found]
    program.row([*terms, (program.column(NO_PLACE, places), 1.0)], places, places)
    institutions: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for person, column in found:
        institution = ground.reviewers[person].institution
        if institution is not None:
            institutions[institution].append((column, 1.0))
    for each in institutions.values():
        if len(each) > 1:
            program.row(each, 0.0, 1.0)
    if not ground.has_experienced(application):
        experienced = [(column, 1.0) for person, column in found if ground.reviewers[person].is_experienced]
        program.row([*experienced, (program.column(NO_EXPERIENCED), 1.0)], 1.0, float(places) + 1)


def _load(program: _Program, ground: Ground, person: int, own: list[int]) -> None:
    """Pay each further review of a person dearer than the one before, so that loads come out even."""
    load, room = ground.loads[person], min(ground.room[person], len(own))
    steps = [(program.column(BALANCE * (load + step)), -1.0) for step in range(room)]
    program.row([*((column, 1.0) for column in own), *steps], 0.0, 0.0)
    lacking = min(ground.reviewers[person].minimum - load, len(own))
    if lacking > 0:
        under = (program.column(UNDER_MINIMUM, float(lacking)), 1.0)
        program.row([*((column, 1.0) for column in own), under], float(lacking), float(len(own) + lacking))


def _run(program: _Program, whole: int, longest: float) -> tuple[list[int], bool]:
    """Hand the program to HiGHS; imported here, because only workers solve and the library is slow to load."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    rows, columns, factors = zip(*program.entries, strict=True)
    matrix = csr_array((factors, (rows, columns)), shape=(len(program.least), len(program.costs)))
    integrality = np.zeros(len(program.costs))
    integrality[:whole] = 1
    found = milp(
        np.array(program.costs),
        integrality=integrality,
        bounds=Bounds(0, np.array(program.highest)),
        constraints=LinearConstraint(matrix, np.array(program.least), np.array(program.most)),
        options={"time_limit": longest, "mip_rel_gap": NEAR_ENOUGH if whole > LARGE else 0.0},
    )
    if found.x is None:
        raise NoAnswer(str(found.message))
    return [int(each) for each in np.flatnonzero(found.x[:whole] > 0.5)], found.status == 0
