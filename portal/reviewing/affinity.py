"""How well a reviewer's expertise fits an application, from the subjects of both alone, and why. Pure.

The list of subjects is flat: none stands for another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from portal.reviewing.expertise import Level, Subject

TENTHS: dict[Level, int] = {Level.EXPERT: 10, Level.COMPETENT: 6, Level.AWARE: 3}
Weights = Mapping[Subject, Fraction]  # 1 for what an application is about, 1/2 for what it touches


@dataclass(frozen=True, slots=True)
class Match:
    """A subject of the application that the reviewer knows, how well, and its part of the affinity (0 to 1)."""

    subject: Subject
    level: Level
    share: float


def affinity(weights: Weights, levels: Mapping[Subject, Level]) -> float:
    """Return Σ weight × level ÷ Σ weight over the application's subjects: 1 is expert in all, 0 is nothing in common.

    An expert counts 1, a competent reviewer 0.6, one who is aware 0.3. An application without subjects gives 0 for
    everybody. Summed exactly and rounded once, so that the order of the subjects never matters.
    """
    return affinities(weights, {subject: [(0, level)] for subject, level in levels.items()}).get(0, 0.0)


def matches(weights: Weights, levels: Mapping[Subject, Level]) -> tuple[Match, ...]:
    """Return what the affinity is made of, the largest share first; the shares add up to it."""
    whole = sum(weights.values())
    found = [
        Match(subject, levels[subject], affinity({subject: weight}, levels) * float(weight / whole))
        for subject, weight in weights.items()
        if subject in levels
    ]
    return tuple(sorted(found, key=lambda each: (-each.share, each.subject)))


def affinities(weights: Weights, experts: Mapping[Subject, Iterable[tuple[int, Level]]]) -> dict[int, float]:
    """Return the affinity of everybody who knows any of the subjects; ``experts``: subject → (person, level)."""
    scale = lcm(*(each.denominator for each in weights.values()))
    sums: dict[int, int] = defaultdict(int)
    for subject, weight in weights.items():
        whole = int(weight * scale)
        for person, level in experts.get(subject, ()):
            sums[person] += whole * TENTHS[level]
    most = sum(int(each * scale) for each in weights.values()) * TENTHS[Level.EXPERT]
    return {person: found / most for person, found in sums.items()}
