"""Reviews with their scores, conflicts, consensus, and one stored assessment per application."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.accounts.models import Person
from portal.applications.models import Application
from portal.core.advance import govern
from portal.core.db import Coded, Model, id_column, one_of
from portal.core.text import Msg
from portal.reviewing.states import (
    CONFIDENCES,
    CONFLICT,
    REVIEW,
    Confidence,
    ConflictKind,
    ConflictState,
    ReviewState,
)
from portal.reviewing.visibility import DEFAULT, Level, Matrix, Naming, Times, pseudonym


class Review(Model):
    """One reviewer's review of one application. ``total`` is the exact weighted mean × 10, rounded once, at submission."""

    __tablename__ = "review"
    __table_args__ = (
        one_of("state", ReviewState),
        one_of("confidence", Confidence),
        sa.UniqueConstraint("application_id", "reviewer_id"),
        sa.CheckConstraint(
            "state <> 'submitted' OR (submitted_at IS NOT NULL AND total IS NOT NULL)", name="submitted_when"
        ),
        sa.CheckConstraint("(state = 'sealed') = (sealed_at IS NOT NULL)", name="sealed_when"),
        sa.CheckConstraint("(state = 'expired') = (expired_at IS NOT NULL)", name="expired_when"),
        sa.Index("ix_review_reviewer_id_due_on_id", "reviewer_id", "due_on", "id"),
        sa.Index("ix_review_round_id_reviewer_id_state", "round_id", "reviewer_id", "state"),
        sa.Index("ix_review_unanswered", "answer_due_on", postgresql_where=sa.text("state = 'invited'")),
    )

    in_conflict = frozenset[int]()
    """Which of its application's reviewers are in conflict: the loads of pages with text fill it, and policies ask it."""

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    state: Mapped[ReviewState] = mapped_column(Coded(ReviewState), default=ReviewState.INVITED)
    invited_at: Mapped[datetime]
    invited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    due_on: Mapped[date]
    answer_due_on: Mapped[date | None]  # the last day on which the invitation can be answered; null: none
    accepted_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None]
    # Whom a reviewer who declined suggests instead; for the case officer.
    replacement_name: Mapped[str] = mapped_column(default="")
    replacement_email: Mapped[str] = mapped_column(default="")
    replacement_note: Mapped[str] = mapped_column(default="")
    expired_at: Mapped[datetime | None]
    drafting_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    reopen_reason: Mapped[str | None]
    sealed_at: Mapped[datetime | None]
    seal_reason: Mapped[str | None]
    # criterion code → {"score": 7 | null, "cannot_judge": false, "reason": "…"}
    scores: Mapped[dict[str, Any]] = mapped_column(default=dict)
    strengths: Mapped[str] = mapped_column(default="")
    weaknesses: Mapped[str] = mapped_column(default="")
    private_note: Mapped[str] = mapped_column(default="")  # for the case officer only
    # Shown, never weighed; None in what was saved before it was asked.
    confidence: Mapped[Confidence | None] = mapped_column(Coded(Confidence))
    total: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    version: Mapped[int] = mapped_column(sa.Integer, default=0)

    application: Mapped[Application] = relationship(lazy="raise_on_sql")
    reviewer: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[reviewer_id])
    assessment: Mapped[Assessment] = relationship(
        lazy="raise_on_sql",
        viewonly=True,
        primaryjoin=lambda: Review.application_id == foreign(Assessment.application_id),
    )
    visibility: Mapped[RoundVisibility | None] = relationship(
        lazy="raise_on_sql",
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            Review.round_id == foreign(RoundVisibility.round_id), RoundVisibility.replaced_at.is_(None)
        ),
    )

    @property
    def confidence_words(self) -> Msg | None:
        """How sure the reviewer is, in words; None where it was not asked."""
        return CONFIDENCES[self.confidence] if self.confidence is not None else None

    @property
    def matrix(self) -> Matrix:
        """What the round promises its reviewers."""
        return self.visibility.matrix if self.visibility is not None else DEFAULT

    @property
    def is_blind(self) -> bool:
        """Whether its reviewer is not to learn whose application it is."""
        return self.matrix.naming is Naming.BLIND

    @property
    def shown_reference(self) -> str:
        """What the reviewer knows the application by: its reference, or a pseudonym in a blind round."""
        if self.visibility is None or not self.is_blind:
            return self.application.reference
        return pseudonym(self.visibility.salt, self.application.round.code, self.application_id)

    @property
    def shown_name(self) -> str:
        """The partnership's name as the reviewer may read it: in a blind round the pseudonym once more."""
        return self.shown_reference if self.is_blind else self.application.partnership.name


class ReviewDraft(Model):
    """What a reviewer typed and did not save yet, kept while they type; nobody else reads it, and it counts nowhere.

    ``number`` is how often it was kept. ``held`` is what came after the session had ended, with the marks it started
    from: put back in the form, and kept apart until it is saved.
    """

    __tablename__ = "review_draft"
    __table_args__ = (sa.UniqueConstraint("review_id", "person_id"),)

    id: Mapped[int] = id_column()
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    number: Mapped[int] = mapped_column(sa.Integer, default=0)
    typed: Mapped[dict[str, Any]] = mapped_column(default=dict)  # field → text, as ``typed`` names them
    held: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {} or {"typed": {…}, "started": {…}}
    saved_at: Mapped[datetime]


class ReviewVersion(Model):
    """Every submitted version of a review, whole; append-only."""

    __tablename__ = "review_version"
    __table_args__ = (sa.UniqueConstraint("review_id", "number"),)

    id: Mapped[int] = id_column()
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    content: Mapped[dict[str, Any]]
    submitted_at: Mapped[datetime]


class Conflict(Model):
    """What was declared, found at a review, or decided about one kind of conflict of one person with one application.

    ``evidence_sha256`` is the digest of the evidence decided on: once it differs, a dismissal or waiver stands no more.
    """

    __tablename__ = "conflict"
    __table_args__ = (
        one_of("kind", ConflictKind),
        one_of("state", ConflictState),
        sa.CheckConstraint("state <> 'waived' OR kind IN ('parent', 'same_round')", name="waived_kind"),
        sa.CheckConstraint(
            "state NOT IN ('dismissed', 'waived') OR (decided_at IS NOT NULL AND reason <> '')", name="decided_when"
        ),
        sa.UniqueConstraint("application_id", "person_id", "kind"),
    )

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[ConflictKind] = mapped_column(Coded(ConflictKind))
    state: Mapped[ConflictState] = mapped_column(Coded(ConflictState), default=ConflictState.CANDIDATE)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))  # the evidence
    explanation: Mapped[str] = mapped_column(default="")
    evidence_sha256: Mapped[str] = mapped_column(default="")
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")

    decided_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[decided_by_id])


class Advice(Model):
    """A person advised a partnership (procesbegeleiding), in whatever call; said by themselves or a case officer."""

    __tablename__ = "advice"
    __table_args__ = (sa.UniqueConstraint("partnership_id", "person_id"),)

    id: Mapped[int] = id_column()
    partnership_id: Mapped[int] = mapped_column(sa.ForeignKey("partnership.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    explanation: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class Consensus(Model):
    """Agreed scores and one text; the individual scores stay beside it."""

    __tablename__ = "consensus"
    __table_args__ = (sa.CheckConstraint("(recorded_at IS NULL) = (total IS NULL)", name="recorded_when"),)

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"), unique=True)
    causes: Mapped[list[str]]  # ConsensusCause; empty where reviews changed so that it is no longer asked
    asked_at: Mapped[datetime]
    recorded_at: Mapped[datetime | None]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    scores: Mapped[dict[str, Any]] = mapped_column(default=dict)  # criterion code → score
    text: Mapped[str] = mapped_column(default="")
    total: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    version: Mapped[int] = mapped_column(sa.Integer, default=0)


class Assessment(Model):
    """The stored figures of one admissible application, brought up to date with every submitted review.

    Lists and rankings read this row and never aggregate. ``criteria`` maps a criterion's code to its published score.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        sa.Index("ix_assessment_round_id_total", "round_id", sa.text("total DESC NULLS LAST"), "application_id"),
    )

    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    invited_count: Mapped[int] = mapped_column(sa.Integer, default=0)  # reviews neither declined nor sealed
    submitted_count: Mapped[int] = mapped_column(sa.Integer, default=0)
    total: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    lowest_total: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    highest_total: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    spread: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))  # highest − lowest, exact, rounded once
    criteria: Mapped[dict[str, Any]] = mapped_column(default=dict)  # code → "7.33"
    totals: Mapped[list[str]] = mapped_column(default=list)  # each submitted reviewer's total, for the spread drawing
    submitted_by: Mapped[list[int]] = mapped_column(JSONB, default=list)  # the reviewers, in the order of ``totals``
    missed: Mapped[list[str]] = mapped_column(default=list)  # thresholds missed: "total" or a criterion's code
    has_all_reviews: Mapped[bool] = mapped_column(default=False)  # enough of them, and none is still out
    needs_consensus: Mapped[bool] = mapped_column(default=False)
    has_consensus: Mapped[bool] = mapped_column(default=False)
    is_complete: Mapped[bool] = mapped_column(default=False)  # all reviews are in, and no consensus is open
    updated_at: Mapped[datetime]

    application: Mapped[Application] = relationship(lazy="raise_on_sql")
    seats: Mapped[list[Seat]] = relationship(
        lazy="raise_on_sql",
        viewonly=True,
        primaryjoin=lambda: Assessment.application_id == foreign(Seat.application_id),
    )


class Seat(Model):
    """Who reviews an application and how far they are: a review's row without a word of what it says. Only read."""

    __table__ = Review.__table__
    __mapper_args__: dict[str, Any] = {  # noqa: RUF012 - as SQLAlchemy asks it
        "include_properties": ["id", "application_id", "reviewer_id", "state"]
    }

    if TYPE_CHECKING:
        id: Mapped[int]
        application_id: Mapped[int]
        reviewer_id: Mapped[int]
        state: Mapped[ReviewState]


class RoundVisibility(Model):
    """What a round's reviewers see of each other and of applicants; the one that is not replaced holds."""

    __tablename__ = "round_visibility"
    __table_args__ = (
        one_of("reviews", Level),
        one_of("identities", Level),
        one_of("naming", Naming),
        one_of("times", Times),
        sa.Index(
            "uq_round_visibility_round_id_now", "round_id", unique=True, postgresql_where=sa.text("replaced_at IS NULL")
        ),
        sa.Index("ix_round_visibility_round_id_id", "round_id", "id"),
    )

    id: Mapped[int] = id_column()
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    reviews: Mapped[Level] = mapped_column(Coded(Level))
    identities: Mapped[Level] = mapped_column(Coded(Level))
    naming: Mapped[Naming] = mapped_column(Coded(Naming))
    times: Mapped[Times] = mapped_column(Coded(Times))
    salt: Mapped[str]  # kept from one to the next: pseudonyms do not change
    reason: Mapped[str] = mapped_column(default="")
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    replaced_at: Mapped[datetime | None]

    set_by: Mapped[Person] = relationship(lazy="raise_on_sql")

    @property
    def matrix(self) -> Matrix:
        return Matrix(self.reviews, self.identities, self.naming, self.times)


govern(Conflict, CONFLICT)
govern(Review, REVIEW)
