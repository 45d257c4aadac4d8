"""Scores of the demo's reviewers: whole points per criterion that come to about the total a reviewer has in mind."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from portal.calls.definitions import Criterion
from portal.reviewing.rules import TOP_SCORE, ReviewAnswers, Score

NEAR = 1.5  # points of 100: as near as steps of one point come
MIDDLE, HIGH = 5, 8  # from here on a reason speaks of a middling and a high score


@cache
def load_review_texts() -> dict[str, Any]:
    """Return the texts of review_texts.toml: reasons by criterion and height, and words on the whole."""
    return tomllib.loads((Path(__file__).parent / "review_texts.toml").read_text(encoding="utf-8"))


def points_for(criteria: Sequence[Criterion], wanted: float, dice: Random) -> dict[str, int]:
    """Return 0 to 10 per criterion, uneven, with a weighted total near ``wanted`` of 100.

    Whoever is to pass keeps at least half on a criterion that asks so.
    """
    least = {each.code: 5 if each.threshold is not None and wanted >= 60 else 1 for each in criteria}
    points = {
        each.code: min(TOP_SCORE, max(least[each.code], round(wanted / 10 + dice.choice((-1, 0, 0, 1)))))
        for each in criteria
    }
    for _ in range(60):
        off = wanted - _total(points, criteria)
        if abs(off) <= NEAR:
            break
        each = dice.choice(criteria)
        moved = points[each.code] + (1 if off > 0 else -1)
        if least[each.code] <= moved <= TOP_SCORE:
            points[each.code] = moved
    return points


def _total(points: dict[str, int], criteria: Iterable[Criterion]) -> float:
    weights = {each.code: each.weight for each in criteria}
    return sum(weights[code] * score for code, score in points.items()) * 10 / sum(weights.values())


def answers_for(points: dict[str, int], dice: Random, *, unjudged: str | None = None) -> ReviewAnswers:
    """Return the review that gives these points, each with a reason; ``unjudged`` is a criterion it cannot judge."""
    texts = load_review_texts()
    whole = texts["whole"]
    scores = {code: Score(score, False, texts["reasons"][code][_height(score)]) for code, score in points.items()}
    if unjudged:
        told = "Dit kan ik niet beoordelen: de kennis van prijzen in deze sector ontbreekt mij."
        scores[unjudged] = Score(None, True, told)
    return ReviewAnswers(
        scores,
        strengths=" ".join(dice.sample(whole["strengths"], 2)),
        weaknesses=dice.choice(whole["weaknesses"]),
        private_note=dice.choice(whole["notes"]),
    )


def _height(score: int) -> str:
    return "low" if score < MIDDLE else "middle" if score < HIGH else "high"
