"""What the applicant may read of the assessment: scores, and the reviewers' words without their names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.reviewing.models import Assessment, Consensus, Review


def feedback_of(assessment: Assessment, consensus: Consensus | None, reviews: Iterable[Review]) -> dict[str, Any]:
    """Return the feedback of one application as JSON values.

    Where a consensus was recorded its text stands for all; else each reviewer's strengths and weaknesses do, in an
    order that tells nothing of who wrote which, nor who wrote the same of another application. Private notes and the
    reasons per criterion stay inside.
    """
    shown = sorted(reviews, key=_shuffled)
    return {
        "total": None if assessment.total is None else str(assessment.total),
        "criteria": dict(assessment.criteria),
        "missed": list(assessment.missed),
        "text": consensus.text if consensus else "",
        "reviews": []
        if consensus
        else [
            {"strengths": each.strengths, "weaknesses": each.weaknesses}
            for each in shown
            if each.strengths or each.weaknesses
        ],
    }


def _shuffled(review: Review) -> str:
    return hashlib.sha256(f"{review.application_id}:{review.id}:{review.strengths}".encode()).hexdigest()
