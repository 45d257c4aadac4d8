"""What a published total rests on: the reviews as the event log knows them, and the consensus, with their digests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from portal.applications.models import Application
from portal.calls.models import Round
from portal.calls.queries import terms_of
from portal.core.db import db
from portal.core.digests import canonical, digest
from portal.core.event_log import EventRow
from portal.core.text import Msg, _l
from portal.reviewing.discussion_models import Proposal
from portal.reviewing.events import ConsensusRecorded, ReviewReopened, ReviewSealed, ReviewSubmitted
from portal.reviewing.models import Consensus, Review, ReviewVersion
from portal.reviewing.rules import Figures, assess, read_scores

_KEPT = {"score", "cannot_judge", "reason"}
_LAST_WORD = (ReviewSubmitted.topic, ReviewReopened.topic, ReviewSealed.topic)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A round's figures by application, computed from the evidence alone; what was altered in it; how much was read."""

    figures: dict[int, Figures]
    review_count: int
    consensus_count: int
    differences: tuple[Msg, ...]


def content_of(review: Review) -> dict[str, Any]:
    """Return what is kept, and digested, of a review that is handed in.

    The confidence stands in it only where it was asked: reviews that were handed in before keep their digest.
    """
    content = {
        "scores": review.scores,
        "strengths": review.strengths,
        "weaknesses": review.weaknesses,
        "private_note": review.private_note,
        "total": str(review.total),
    }
    return content if review.confidence is None else {**content, "confidence": str(review.confidence)}


def agreed_digest(consensus: Consensus | Proposal) -> str:
    """Return the SHA-256 of what was agreed, or proposed."""
    return digest(
        canonical({"scores": consensus.scores, "text": consensus.text, "total": str(consensus.total)}),
    )


def gather(round_: Round) -> Evidence:
    """Compute the figures of every application of the round anew, in four statements.

    A review counts where the log's last word on it is that it was handed in, with the version and the digest named
    there: neither a review's row nor its state is believed. A consensus counts where its row gives the logged digest.
    """
    terms = terms_of(round_)
    differences: list[Msg] = []
    reviews = _submitted(round_, differences)
    agreed = _agreed(round_, differences)
    figures = {
        application_id: assess(terms, [read_scores(each["scores"]) for each in contents], agreed.get(application_id))
        for application_id, contents in reviews.items()
    }
    count = sum(len(each) for each in reviews.values())
    return Evidence(figures, count, len(agreed), tuple(differences))


def _submitted(round_: Round, differences: list[Msg]) -> dict[int, list[dict[str, Any]]]:
    """Return the kept contents of the reviews that count, by application and in the order of the reviews."""
    stmt = (
        sa.select(Review, Application.reference)
        .join(Application, Application.id == Review.application_id)
        .where(Review.round_id == round_.id)
        .order_by(Review.id)
    )
    rows = db.session.execute(stmt).all()
    logged = _last_words([review.id for review, _reference in rows])
    kept = _versions(round_)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for review, reference in rows:
        word = logged.get(review.id)
        if word is None:
            continue
        content = kept.get((review.id, word["version"]))
        if content is None or digest(canonical(content)) != word["sha256"]:
            differences.append(
                _l("Review %(number)s of %(reference)s was altered.", number=review.id, reference=reference)
            )
        elif content_of(review) != content:
            differences.append(
                _l(
                    "Review %(number)s of %(reference)s no longer reads as it was handed in.",
                    number=review.id,
                    reference=reference,
                )
            )
        if content is not None and _can_be_read(content):
            found[review.application_id].append(content)
    return found


def _can_be_read(content: Mapping[str, Any]) -> bool:
    """Return whether the scores have the shape that the portal writes: what somebody altered need not."""
    scores = content.get("scores")
    return isinstance(scores, dict) and all(
        isinstance(each, dict) and each.keys() >= _KEPT and isinstance(each["score"], int | None)
        for each in scores.values()
    )


def _last_words(review_ids: list[int]) -> dict[int, dict[str, Any]]:
    """Return what the log says of each review whose last word is that it was handed in."""
    stmt = (
        sa.select(EventRow.subject_id, EventRow.topic, EventRow.payload)
        .where(EventRow.subject == "review", EventRow.topic.in_(_LAST_WORD), EventRow.subject_id.in_(review_ids))
        .ext(distinct_on(EventRow.subject_id))
        .order_by(EventRow.subject_id, EventRow.id.desc())
    )
    return {row.subject_id: row.payload for row in db.session.execute(stmt) if row.topic == ReviewSubmitted.topic}


def _versions(round_: Round) -> dict[tuple[int, int], dict[str, Any]]:
    stmt = (
        sa.select(ReviewVersion.review_id, ReviewVersion.number, ReviewVersion.content)
        .join(Review, Review.id == ReviewVersion.review_id)
        .where(Review.round_id == round_.id)
    )
    return {(review_id, number): content for review_id, number, content in db.session.execute(stmt)}


def _agreed(round_: Round, differences: list[Msg]) -> dict[int, dict[str, int]]:
    """Return the agreed scores by application."""
    logged = (
        sa.select(EventRow.payload["sha256"].astext)
        .where(
            EventRow.subject == "consensus",
            EventRow.subject_id == Consensus.id,
            EventRow.topic == ConsensusRecorded.topic,
        )
        .order_by(EventRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    stmt = (
        sa.select(Consensus, Application.reference, logged)
        .join(Application, Application.id == Consensus.application_id)
        .where(Application.round_id == round_.id, Consensus.recorded_at.is_not(None))
        .order_by(Application.number)
    )
    found = {}
    for consensus, reference, sha256 in db.session.execute(stmt):
        found[consensus.application_id] = dict(consensus.scores)
        if agreed_digest(consensus) != sha256:
            differences.append(_l("The consensus on %(reference)s was altered.", reference=reference))
    return found
