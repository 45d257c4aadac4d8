"""What a reviewer reads of an application: its latest frozen snapshot, and the documents that were handed in with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.applications.models import Application, Attachment, Snapshot
from portal.core.db import db
from portal.core.errors import NotFound
from portal.partnerships.models import Partner
from portal.reviewing.models import Review
from portal.reviewing.queries import get_review_to_open
from portal.reviewing.states import UNDER_WAY


@dataclass(frozen=True, slots=True)
class Frozen:
    """One snapshot, read: ``content`` as it was frozen, and the attachments that it names."""

    content: dict[str, Any]
    taken_at: datetime
    documents: Sequence[Attachment]

    def amount(self, name: str) -> Decimal | None:
        """Return one of the frozen amounts: costs, other_income, requested or minimum; None where none was given."""
        held = self.content[f"{name}_amount"]
        return None if held is None else Decimal(held)


def get_frozen(application_id: int) -> Frozen:
    """Return the application's latest snapshot with its documents (two statements); NotFound where there is none."""
    stmt = sa.select(Snapshot).where(Snapshot.application_id == application_id).order_by(Snapshot.number.desc())
    snapshot = db.session.scalar(stmt.limit(1))
    if snapshot is None:
        raise NotFound
    content: dict[str, Any] = json.loads(snapshot.content)
    handed_in = {(each["kind"], each["sha256"]) for each in content["documents"]}
    present = sa.select(Attachment).where(Attachment.application_id == application_id, Attachment.removed_at.is_(None))
    present = present.options(joinedload(Attachment.file), joinedload(Attachment.organisation)).order_by(Attachment.id)
    documents = [each for each in db.session.scalars(present) if (each.kind, each.file.sha256) in handed_in]
    return Frozen(content, snapshot.taken_at, documents)


@dataclass(frozen=True, slots=True)
class ReviewDocument:
    """A document seen through a review: who may read the review's dossier may open it, and nobody by its number."""

    review: Review
    attachment: Attachment


def get_document(review_id: int, attachment_id: int, *, lock: bool = False) -> ReviewDocument:
    """Return one handed-in document of the reviewed application; NotFound for any other."""
    review = get_review_to_open(review_id, lock=lock)
    found = next((each for each in get_frozen(review.application_id).documents if each.id == attachment_id), None)
    if found is None:
        raise NotFound
    return ReviewDocument(review, found)


def find_next(review: Review) -> int | None:
    """Return the reviewer's next review to write after this one, by due date, beginning again at the first; or None."""
    place, here = sa.tuple_(Review.due_on, Review.id), sa.tuple_(sa.literal(review.due_on), sa.literal(review.id))
    stmt = sa.select(Review.id).where(
        Review.reviewer_id == review.reviewer_id, Review.state.in_(sorted(UNDER_WAY)), Review.id != review.id
    )
    return db.session.scalar(stmt.order_by(place < here, Review.due_on, Review.id).limit(1))


def list_own_applications(round_id: int, organisation_ids: Iterable[int]) -> set[int]:
    """Return the round's applications in which one of the organisations has or had a part (none: no statement)."""
    mine = list(organisation_ids)
    if not mine:
        return set()
    partners = sa.select(Partner.partnership_id).where(Partner.organisation_id.in_(mine))
    stmt = sa.select(Application.id).where(
        Application.round_id == round_id,
        sa.or_(Application.promotor_id.in_(mine), Application.partnership_id.in_(partners)),
    )
    return set(db.session.scalars(stmt))
