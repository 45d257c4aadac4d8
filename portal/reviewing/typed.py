"""A review as its reviewer types it: one text by field, the same on the page, in a draft and in a workbook.

Fields are ``<criterion>-score`` ("7", "cannot-judge" or ""), ``<criterion>-reason``, ``confidence`` and the three texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.applications.merging import merge
from portal.core.digests import digest
from portal.reviewing.rules import ReviewAnswers, Score, read_scores
from portal.reviewing.states import Confidence

if TYPE_CHECKING:
    from portal.calls.definitions import Criterion
    from portal.reviewing.models import Review, ReviewDraft

CANNOT_JUDGE = "cannot-judge"
CONFIDENCE = "confidence"
TEXTS = ("strengths", "weaknesses", "private_note")
_MARK_LENGTH = 24  # hexadecimal digits: two texts of one field never share them by chance


@dataclass(frozen=True, slots=True)
class Typed:
    """What one window sends: the text of some fields or all, and the mark of the text that each started from.

    ``version`` is that of the review when the window was opened: a field without a mark started from that.
    """

    values: Mapping[str, str]
    version: int
    started: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Merged:
    """What a window changes in the text that stands, and the fields that another window changed to something else."""

    changed: Mapping[str, str]
    conflicts: tuple[str, ...]


def fields_of(criteria: Iterable[Criterion]) -> tuple[str, ...]:
    """Return the fields of a review in their order on the page."""
    scored = [f"{each.code}-{part}" for each in criteria for part in ("score", "reason")]
    return (*scored, *TEXTS, CONFIDENCE)


def typed_of(review: Review) -> dict[str, str]:
    """Return what stands in the review's row."""
    return typed_as(read_scores(review.scores), {name: getattr(review, name) for name in TEXTS}, review.confidence)


def typed_as(scores: Mapping[str, Score], texts: Mapping[str, str], confidence: str | None) -> dict[str, str]:
    """Return scores, texts and confidence by field; whoever was not asked how sure they are is as sure as usual."""
    found: dict[str, str] = {}
    for code, each in scores.items():
        given = "" if each.score is None else str(each.score)
        found[f"{code}-score"] = CANNOT_JUDGE if each.cannot_judge else given
        found[f"{code}-reason"] = each.reason
    return {**found, **texts, CONFIDENCE: str(confidence or Confidence.NORMAL)}


def standing(review: Review, draft: ReviewDraft | None) -> dict[str, str]:
    """Return the text that stands: what was kept since the last save, over what was saved."""
    return {**typed_of(review), **(draft.typed if draft else {})}


def answers_of(values: Mapping[str, str], criteria: Iterable[Criterion]) -> ReviewAnswers:
    """Return the review that these fields make. ValueError for a score that is no figure, or no such confidence."""
    scores = {}
    for code in (each.code for each in criteria):
        given = values.get(f"{code}-score", "")
        is_score = given not in ("", CANNOT_JUDGE)
        scores[code] = Score(
            int(given) if is_score else None,
            cannot_judge=given == CANNOT_JUDGE,
            reason=values.get(f"{code}-reason", ""),
        )
    texts = {name: values.get(name, "") for name in TEXTS}
    return ReviewAnswers(scores, **texts, confidence=Confidence(values.get(CONFIDENCE) or Confidence.NORMAL))


def mark_of(text: str) -> str:
    """Return a short digest of one field's text, by which a window says what it started from; empty for no text."""
    return digest(text.strip())[:_MARK_LENGTH] if text.strip() else ""


def marks_of(values: Mapping[str, str]) -> dict[str, str]:
    """Return the mark of each field."""
    return {name: mark_of(text) for name, text in values.items()}


def merge_typed(review: Review, draft: ReviewDraft | None, typed: Typed) -> Merged:
    """Return how what was typed goes together with what stands, field by field.

    Marks are enough to tell who changed what, so no earlier text is kept. A field whose start is unknown, because the
    review was saved since and the window sent no mark, is asked wherever it differs.
    """
    there = marks_of(standing(review, draft))
    is_fresh = typed.version == review.version and not (draft and draft.typed)
    known = dict.fromkeys(typed.values, "") | there if is_fresh else {}
    found = merge(there, marks_of(typed.values), {**known, **typed.started})
    return Merged({name: typed.values[name] for name in found.changed}, tuple(each.key for each in found.conflicts))
