"""Conflicts of interest, computed from what is known whenever they are asked: a stored one can be late.

What people decided is stored and read with it. A dismissal or waiver stands for the evidence it was given on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.applications.models import Application
from portal.core.db import db
from portal.core.digests import canonical, digest
from portal.reviewing.conflict_kinds import blocks, everything
from portal.reviewing.states import BLOCKING, ConflictKind, ConflictState

KINDS = list(ConflictKind)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a person may not, or perhaps should not, review: the organisation, until when they were in it (None: now), and
    what else there is to say: what they declared, the partner their organisation belongs to, a domain or a name.
    """

    kind: ConflictKind
    organisation_id: int | None
    organisation: str | None
    ended_at: datetime | None
    explanation: str

    @property
    def code(self) -> str:
        """Return the problem's code, such as conflict-member or conflict-same-round."""
        return f"conflict-{self.kind.replace('_', '-')}"


Conflicts = dict[int, tuple[Evidence, ...]]  # by person; who is free is left out


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of conflict of one person with one application, with all its evidence and how it stands.

    ``state`` is candidate (a case officer judges), confirmed (it blocks), dismissed or waived. ``sha256`` is the digest of
    the computed evidence; ``conflict_id`` the row of what was decided, or None.
    """

    application_id: int
    person_id: int
    kind: ConflictKind
    evidence: tuple[Evidence, ...]
    state: ConflictState
    sha256: str
    conflict_id: int | None


@dataclass(slots=True)
class _Found:
    evidence: dict[tuple[int | None, str], Evidence] = field(default_factory=dict)
    decided: tuple[int, ConflictState, str, Evidence] | None = None


def find_conflicts(application: Application, person_ids: Iterable[int]) -> Conflicts:
    """Return what blocks each of these people from reviewing the application (one statement).

    That is what was declared or confirmed, and every computed kind that blocks (``states.BLOCKING``) unless it is waived.
    """
    return _in_state(_cases(blocks(Application.id), application.id, person_ids), ConflictState.CONFIRMED).get(
        application.id, {}
    )


def conflicts_in_round(round_id: int, person_ids: Iterable[int]) -> dict[int, Conflicts]:
    """Return the same for every application of a round, by application (one statement)."""
    return _in_state(_cases(blocks(Application.round_id), round_id, person_ids), ConflictState.CONFIRMED)


def find_open_conflicts(application: Application, person_ids: Iterable[int]) -> Conflicts:
    """Return what a case officer has to judge before each of these people can be invited (one statement)."""
    return _in_state(find_cases(application, person_ids), ConflictState.CANDIDATE).get(application.id, {})


def open_conflicts_in_round(round_id: int, person_ids: Iterable[int]) -> dict[int, Conflicts]:
    """Return the same for every application of a round, by application (one statement)."""
    return _in_state(cases_in_round(round_id, person_ids), ConflictState.CANDIDATE)


def kept_apart_in_round(round_id: int, person_ids: Iterable[int]) -> dict[int, Conflicts]:
    """Return both, what blocks and what is still to be judged: nobody is proposed for what they cannot be invited for."""
    found = cases_in_round(round_id, person_ids)
    apart = _in_state(found, ConflictState.CONFIRMED)
    for application_id, people in _in_state(found, ConflictState.CANDIDATE).items():
        apart[application_id] = {**people, **apart.get(application_id, {})}
    return apart


def find_cases(application: Application, person_ids: Iterable[int]) -> list[Case]:
    """Return all kinds of conflict of these people with the application, decided ones included (one statement)."""
    return _cases(everything(Application.id), application.id, person_ids)


def cases_in_round(round_id: int, person_ids: Iterable[int]) -> list[Case]:
    """Return the same for every application of a round (one statement)."""
    return _cases(everything(Application.round_id), round_id, person_ids)


def in_state_of(cases: Iterable[Case], state: ConflictState) -> list[Case]:
    """Return the cases in ``state``. Nothing is left to judge between two whom something else keeps apart already."""
    known = list(cases)
    apart = {(each.application_id, each.person_id) for each in known if each.state is ConflictState.CONFIRMED}
    is_moot = apart if state is ConflictState.CANDIDATE else set()
    return [each for each in known if each.state is state and (each.application_id, each.person_id) not in is_moot]


def by_state(cases: Iterable[Case], state: ConflictState) -> Conflicts:
    """Return the evidence of one application's cases ``in_state_of`` it, by person."""
    found: dict[int, tuple[Evidence, ...]] = {}
    for each in in_state_of(cases, state):
        found[each.person_id] = found.get(each.person_id, ()) + each.evidence
    return found


def _in_state(cases: Iterable[Case], state: ConflictState) -> dict[int, Conflicts]:
    found: dict[int, list[Case]] = defaultdict(list)
    for each in cases:
        found[each.application_id].append(each)
    return {number: people for number, each in found.items() if (people := by_state(each, state))}


def _cases(stmt: sa.CompoundSelect[*tuple[Any, ...]], asked: int, person_ids: Iterable[int]) -> list[Case]:
    ids = list(person_ids)
    if not ids:
        return []
    found: dict[tuple[int, int, ConflictKind], _Found] = defaultdict(_Found)
    for row in db.session.execute(stmt, {"person_ids": ids, "asked": asked}):
        application_id, person_id, kind, organisation_id, name, ended_at, explanation, row_id, state, sha256 = row
        evidence = Evidence(ConflictKind(kind), organisation_id, name, ended_at, explanation)
        case = found[application_id, person_id, evidence.kind]
        if row_id is None:
            case.evidence.setdefault((organisation_id, explanation), evidence)
        else:
            case.decided = (row_id, ConflictState(state), sha256, evidence)
    return list(_judged(found))


def _judged(found: dict[tuple[int, int, ConflictKind], _Found]) -> Iterator[Case]:
    """Yield each case as it stands, by application, person and kind, what blocks first."""
    for (application_id, person_id, kind), each in sorted(
        found.items(), key=lambda item: (*item[0][:2], KINDS.index(item[0][2]))
    ):
        evidence = sorted(each.evidence.values(), key=lambda one: (one.organisation or "", one.explanation))
        sha256 = _digest_of(evidence)
        state, row_id = ConflictState.CONFIRMED if kind in BLOCKING else ConflictState.CANDIDATE, None
        if each.decided is not None:
            row_id, decided, seen, kept = each.decided
            if decided is ConflictState.CANDIDATE and not evidence:
                continue
            if decided is ConflictState.CONFIRMED or (
                decided is not ConflictState.CANDIDATE and (not evidence or seen == sha256)
            ):
                state = decided
            if decided is ConflictState.CONFIRMED and all(
                kept.organisation_id != one.organisation_id for one in evidence
            ):
                evidence.append(kept)
            evidence = evidence or [kept]
        yield Case(application_id, person_id, kind, tuple(evidence), state, sha256, row_id)


def _digest_of(evidence: Sequence[Evidence]) -> str:
    """Return the digest of what the evidence says; that a membership ended meanwhile adds nothing to it."""
    return digest(canonical({"evidence": sorted([each.organisation_id or 0, each.explanation] for each in evidence)}))
