"""Applications: sections, partner parts, budget lines, attachments, snapshots, and the case officer's judgements."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, Person
from portal.applications.states import (
    WORKFLOW,
    Outcome,
    PaperFailure,
    PaperKind,
    PaperState,
    RevisionKind,
    State,
    VatStatus,
    Verdict,
)
from portal.calls.models import FormVersion, Round
from portal.core.advance import govern
from portal.core.db import Coded, Model, id_column, one_of
from portal.core.files import StoredFile
from portal.core.money import euro
from portal.core.plain_words import plain_words
from portal.partnerships.models import Partnership, Strategy


def owned(order_by: str) -> Any:
    """Return a relationship to the rows that an application owns."""
    return relationship(lazy="raise_on_sql", order_by=order_by, back_populates="application")


class Application(Model):
    """One partnership's application in one round. ``reference`` is given when the draft begins."""

    __tablename__ = "application"
    __table_args__ = (
        one_of("state", State),
        one_of("outcome", Outcome),
        sa.UniqueConstraint("round_id", "number"),
        sa.Index(
            "uq_application_one_live",
            "round_id",
            "partnership_id",
            unique=True,
            postgresql_where=sa.text("state <> 'withdrawn'"),
        ),
        sa.Index(
            "uq_application_one_as_promotor",
            "round_id",
            "promotor_id",
            unique=True,
            postgresql_where=sa.text("state <> 'withdrawn'"),
        ),
        sa.Index("ix_application_round_id_state_id", "round_id", "state", "id"),
        sa.Index(
            "ix_application_handed_in",
            "round_id",
            "submitted_at",
            "id",
            postgresql_where=sa.text("submitted_at IS NOT NULL"),
        ),
        sa.Index("ix_application_partnership_id", "partnership_id"),
        sa.Index("ix_application_promotor_id", "promotor_id"),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_when"),
        sa.CheckConstraint("state = 'draft' OR state = 'withdrawn' OR submitted_at IS NOT NULL", name="submitted_when"),
    )

    id: Mapped[int] = id_column()
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    partnership_id: Mapped[int] = mapped_column(sa.ForeignKey("partnership.id"))
    promotor_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    strategy_id: Mapped[int | None] = mapped_column(sa.ForeignKey("strategy.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    reference: Mapped[str] = mapped_column(unique=True)  # "DB-B-2022-3-0017"
    state: Mapped[State] = mapped_column(Coded(State), default=State.DRAFT)
    copied_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("application.id"))
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None]  # the last SUBMIT before the deadline; a completion never moves it
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    returned_at: Mapped[datetime | None]
    admissible_at: Mapped[datetime | None]
    inadmissible_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdraw_reason: Mapped[str | None]
    extended_until: Mapped[datetime | None]  # of its latest extension; `closing.closes_at_for` alone reads it
    # Figures of the latest snapshot, so that lists and rankings never open it.
    requested_amount: Mapped[Decimal | None]
    minimum_amount: Mapped[Decimal | None]  # the lowest grant with which the project can go on; null: no reduction
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    # Told down by decisions.
    outcome: Mapped[Outcome | None] = mapped_column(Coded(Outcome))
    outcome_at: Mapped[datetime | None]
    awarded_amount: Mapped[Decimal | None]
    feedback: Mapped[dict[str, Any] | None]

    round: Mapped[Round] = relationship(lazy="raise_on_sql")
    partnership: Mapped[Partnership] = relationship(lazy="raise_on_sql")
    promotor: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    strategy: Mapped[Strategy | None] = relationship(lazy="raise_on_sql")
    sections: Mapped[list[Section]] = owned("Section.id")
    parts: Mapped[list[PartnerPart]] = owned("PartnerPart.id")
    lines: Mapped[list[BudgetLine]] = owned("BudgetLine.id")
    attachments: Mapped[list[Attachment]] = owned("Attachment.id")
    sign_offs: Mapped[list[SignOff]] = owned("SignOff.id")

    @property
    def left_out(self) -> frozenset[int]:
        """The partners without whose funds the application goes on: their costs do not count."""
        return frozenset(each.organisation_id for each in self.parts if each.funds_left_out_at is not None)

    @property
    def counted_lines(self) -> list[BudgetLine]:
        left_out = self.left_out
        return [each for each in self.lines if each.organisation_id not in left_out]


class Section(Model):
    """One section's answers by question key. ``version`` grows with every save."""

    __tablename__ = "section"
    __table_args__ = (sa.UniqueConstraint("application_id", "code"),)

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    code: Mapped[str]  # "B4"
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    carried: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what it began with: source and answer, by key
    version: Mapped[int] = mapped_column(sa.Integer, default=0)
    saved_at: Mapped[datetime | None]
    saved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    assigned_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))  # null: all who write

    application: Mapped[Application] = relationship(lazy="raise_on_sql", back_populates="sections")
    saved_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class SectionRevision(Model):
    """Every saved version of a section, whole: nothing typed is ever lost, and each can be what somebody started from."""

    __tablename__ = "section_revision"
    __table_args__ = (sa.UniqueConstraint("section_id", "version"), one_of("kind", RevisionKind))

    id: Mapped[int] = id_column()
    section_id: Mapped[int] = mapped_column(sa.ForeignKey("section.id"))
    version: Mapped[int] = mapped_column(sa.Integer)
    kind: Mapped[RevisionKind] = mapped_column(Coded(RevisionKind), default=RevisionKind.SAVED)
    answers: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    saved_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class PartnerPart(Model):
    """One partner organisation's part in an application: funds, VAT, earlier aid, declarations."""

    __tablename__ = "partner_part"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "organisation_id"),
        one_of("vat_status", VatStatus),
        sa.CheckConstraint("recoverable_percent BETWEEN 0 AND 100", name="recoverable_percent_range"),
        sa.CheckConstraint("earlier_aid_amount >= 0", name="earlier_aid_not_negative"),
        sa.CheckConstraint("funds_left_out_at IS NULL OR NOT receives_funds", name="left_out_without_funds"),
        sa.Index("ix_partner_part_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    role: Mapped[str]  # PartnerRole when the draft was last brought up to date with the partnership
    task: Mapped[str] = mapped_column(default="")
    receives_funds: Mapped[bool] = mapped_column(default=False)
    vat_status: Mapped[VatStatus | None] = mapped_column(Coded(VatStatus))
    recoverable_percent: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    earlier_aid: Mapped[dict[str, Any]] = mapped_column(default=dict)  # declared de-minimis aid in euro, by year
    earlier_aid_amount: Mapped[Decimal | None]  # all of it
    declarations: Mapped[dict[str, Any]] = mapped_column(default=dict)  # moment (ISO) by the declared code
    funds_left_out_at: Mapped[datetime | None]  # the application goes on without its funds: its costs do not count
    version: Mapped[int] = mapped_column(sa.Integer, default=1)

    application: Mapped[Application] = relationship(lazy="raise_on_sql", back_populates="parts")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class SignOff(Model):
    """One partner's confirmation of its own part. ``facts`` are what it read and confirmed; ``sha256`` is their digest."""

    __tablename__ = "sign_off"
    __table_args__ = (
        sa.Index(
            "uq_sign_off_standing",
            "application_id",
            "organisation_id",
            unique=True,
            postgresql_where=sa.text("cancelled_at IS NULL"),
        ),
        sa.CheckConstraint("cancelled_at IS NULL OR cancelled_at >= signed_at", name="cancelled_after_signing"),
        sa.Index("ix_sign_off_application_id", "application_id"),
    )

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    facts: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    signed_at: Mapped[datetime]
    signed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    cancelled_at: Mapped[datetime | None]  # by a change of what was confirmed

    application: Mapped[Application] = relationship(lazy="raise_on_sql", back_populates="sign_offs")
    signed_by: Mapped[Person] = relationship(lazy="raise_on_sql")


class BudgetLine(Model):
    """One cost: quantity × unit price, with an explanation. ``category`` is a code of the call's cost categories."""

    __tablename__ = "budget_line"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.CheckConstraint("unit_price_amount >= 0", name="unit_price_not_negative"),
        sa.Index("ix_budget_line_application_id", "application_id"),
    )

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    category: Mapped[str]
    year: Mapped[int] = mapped_column(sa.Integer)
    quantity: Mapped[Decimal] = mapped_column(sa.Numeric(10, 2))
    unit_price_amount: Mapped[Decimal]
    explanation: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(sa.Integer, default=1)

    application: Mapped[Application] = relationship(lazy="raise_on_sql", back_populates="lines")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")

    @property
    def amount(self) -> Decimal:
        """Quantity × unit price, in euro, rounded half up."""
        return euro(self.quantity * self.unit_price_amount)


class Attachment(Model):
    """A document of an application. ``kind`` is the attachment question's key; per partner where it asks so."""

    __tablename__ = "attachment"
    __table_args__ = (sa.Index("ix_attachment_application_id", "application_id"),)

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    kind: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"), unique=True)
    attached_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship(lazy="raise_on_sql", back_populates="attachments")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    file: Mapped[StoredFile] = relationship(lazy="raise_on_sql")

    @property
    def counts(self) -> bool:
        """Whether it answers its question: not taken away, and not refused by the scanner. A held one counts."""
        return self.removed_at is None and not self.file.is_refused


class Snapshot(Model):
    """The frozen whole: canonical JSON and its SHA-256, one for every submission and completion.

    ``words`` are those of the text without capitals and accents, kept by the database to find who is named in it.
    """

    __tablename__ = "snapshot"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "number"),
        sa.Index("ix_snapshot_sha256", "sha256"),
        sa.Index("ix_snapshot_words", "words", postgresql_using="gin"),
    )
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - or every INSERT would send the words back

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    content: Mapped[str]
    sha256: Mapped[str]
    taken_at: Mapped[datetime]
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(
        TSVECTOR, sa.Computed(f"to_tsvector('simple', {plain_words('content')})", persisted=True), deferred=True
    )


class Paper(Model):
    """A PDF that a worker makes when somebody asks for it, one for each source and way of viewing.

    ``source`` names what it is made from, so that asking again finds it: a snapshot, a draft by its digest, a form.
    ``viewer`` is `Viewer.key`: whose staff costs stand line by line. ``due_at`` is machine time, a lease too.
    """

    __tablename__ = "paper"
    __table_args__ = (
        one_of("kind", PaperKind),
        one_of("state", PaperState),
        one_of("failure", PaperFailure),
        sa.UniqueConstraint("kind", "source", "viewer"),
        sa.CheckConstraint("(kind = 'form') = (application_id IS NULL)", name="application_when"),
        sa.CheckConstraint("(kind IN ('application', 'receipt')) = (snapshot_id IS NOT NULL)", name="snapshot_when"),
        sa.CheckConstraint("(kind = 'form') = (form_version_id IS NOT NULL)", name="form_when"),
        sa.CheckConstraint("(state = 'ready') = (file_id IS NOT NULL)", name="ready_when"),
        sa.CheckConstraint("(file_id IS NULL) = (sha256 IS NULL)", name="digest_when"),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failed_when"),
        sa.Index("ix_paper_application_id", "application_id"),
        sa.Index("ix_paper_sha256", "sha256"),
        sa.Index("ix_paper_due", "due_at", "id", postgresql_where=sa.text("state = 'waiting'")),
    )

    id: Mapped[int] = id_column()
    kind: Mapped[PaperKind] = mapped_column(Coded(PaperKind))
    source: Mapped[str]
    viewer: Mapped[str]
    application_id: Mapped[int | None] = mapped_column(sa.ForeignKey("application.id"))
    snapshot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("snapshot.id"))
    form_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("form_version.id"))
    state: Mapped[PaperState] = mapped_column(Coded(PaperState))
    asked_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    due_at: Mapped[datetime]
    failure: Mapped[PaperFailure | None] = mapped_column(Coded(PaperFailure))
    made_at: Mapped[datetime | None]
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"), unique=True)
    sha256: Mapped[str | None]  # the file's, by which anyone holding it finds what it was made from

    application: Mapped[Application | None] = relationship(lazy="raise_on_sql")
    snapshot: Mapped[Snapshot | None] = relationship(lazy="raise_on_sql")
    form_version: Mapped[FormVersion | None] = relationship(lazy="raise_on_sql")
    file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")


class Judgement(Model):
    """What a case officer found of one rule's judged half; the latest stands, all of them are kept as events."""

    __tablename__ = "judgement"
    __table_args__ = (sa.UniqueConstraint("application_id", "rule"), one_of("verdict", Verdict))

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    rule: Mapped[str]  # "OV-07"
    verdict: Mapped[Verdict] = mapped_column(Coded(Verdict))
    reason: Mapped[str]
    judged_at: Mapped[datetime]
    judged_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))


class CompletionRequest(Model):
    """What a case officer asks to complete, and by when (a moment in domain time)."""

    __tablename__ = "completion_request"
    __table_args__ = (sa.Index("ix_completion_request_application_id", "application_id"),)

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    rules: Mapped[list[str]]
    asked: Mapped[dict[str, Any]]  # what is missing, by the key of what opens again (`completion.askables_of`)
    message: Mapped[str]
    due_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    completed_at: Mapped[datetime | None]


class UnsentText(Model):
    """The text of a save that was refused after the deadline: kept for its author, never part of the application.

    ``started_from`` is the version by question of a text that was refused because its author's session had ended: it can
    be put back in its section, and is taken away when it is saved there.
    """

    __tablename__ = "unsent_text"
    __table_args__ = (sa.Index("ix_unsent_text_person_id", "person_id"),)

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    section_code: Mapped[str]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    answers: Mapped[dict[str, Any]]
    started_from: Mapped[dict[str, Any] | None]
    kept_at: Mapped[datetime]


govern(Application, WORKFLOW)
