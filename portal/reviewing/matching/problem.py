"""What an assignment of reviewers is asked, and what it answers: plain values, so that it can be solved anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.reviewing.affinity import Match, Weights
from portal.reviewing.expertise import Level, Subject

Pair = tuple[int, int]  # (application, person)


class Bar(StrEnum):
    """Why somebody may not review: one application (conflict, asked before) or any in this round (the others)."""

    CONFLICT = "conflict"
    ASKED_BEFORE = "asked_before"  # declined, or was taken off
    UNDECLARED = "undeclared"  # no declaration of interests for this year
    UNAVAILABLE = "unavailable"


class Origin(StrEnum):
    """Where a pair comes from. What is ``locked`` or ``standing`` is not the solver's to change."""

    PROPOSED = "proposed"
    LOCKED = "locked"
    STANDING = "standing"  # a review that was invited, or has begun


class Kind(StrEnum):
    """What an application falls short of."""

    PLACES = "places"
    EXPERIENCED = "experienced"


class Cause(StrEnum):
    """What binds where an application falls short."""

    TOO_FEW = "too_few"  # fewer people may review it than are asked: conflicts, absence, declarations
    INSTITUTIONS = "institutions"  # those who may belong to too few different institutions
    LOAD = "load"  # those who may are at their maximum
    TOGETHER = "together"  # none alone: the rules bind together


@dataclass(frozen=True, slots=True)
class ToReview:
    """An application: how many reviewers it is to have in all, standing ones included, and what it is about."""

    application: int
    wanted: int
    weights: Weights


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A reviewer. ``load`` counts their standing reviews of the round; ``maximum`` is never passed by a proposal."""

    person: int
    levels: Mapping[Subject, Level]
    minimum: int
    maximum: int
    load: int = 0
    institution: str | None = None
    is_experienced: bool = False
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A round to assign. ``preferred`` pairs, of an earlier proposal, are kept where little is lost by it."""

    applications: tuple[ToReview, ...]
    reviewers: tuple[Reviewer, ...]
    seed: str
    forbidden: Mapping[Pair, Bar] = field(default_factory=dict)
    standing: frozenset[Pair] = frozenset()
    locked: frozenset[Pair] = frozenset()
    preferred: frozenset[Pair] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """One pair and its reason. ``load`` of ``maximum`` in the whole assignment; ``rank`` by fit among ``eligible``."""

    application: int
    person: int
    origin: Origin
    affinity: float
    matches: tuple[Match, ...]
    load: int
    maximum: int
    rank: int
    eligible: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """``missing`` reviewers, or an experienced one, with what binds; ``barred`` counts who may not, by reason."""

    application: int
    kind: Kind
    missing: int
    cause: Cause
    barred: Mapping[Bar, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole assignment. ``alternates`` by application: the next best who could still take a place."""

    places: tuple[Place, ...]
    shortfalls: tuple[Shortfall, ...]
    alternates: Mapping[int, tuple[Place, ...]]
    is_optimal: bool
