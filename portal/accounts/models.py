"""People, organisations, claims, memberships and sign-ins."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.states import CLAIM, ClaimState, OrganisationKind
from portal.core.actor import Right
from portal.core.advance import govern
from portal.core.db import Coded, Model, id_column, one_of
from portal.core.files import StoredFile


class Person(Model):
    """Somebody with an account. ``email`` is lower case; ``nonce`` changes with each use of a link sent to it."""

    __tablename__ = "person"
    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        sa.CheckConstraint("language IN ('nl', 'en')", name="language_known"),
        sa.CheckConstraint("new_email = lower(new_email)", name="new_email_lower"),
        sa.CheckConstraint("(unreachable_since IS NULL) = (unreachable_status IS NULL)", name="unreachable_when"),
    )

    id: Mapped[int] = id_column()
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="nl")
    password_hash: Mapped[str | None]
    roles: Mapped[list[str]] = mapped_column(default=list)
    nonce: Mapped[str]
    registered_at: Mapped[datetime]
    email_confirmed_at: Mapped[datetime | None]
    home_nis: Mapped[str | None] = mapped_column(sa.ForeignKey("municipality.nis"))  # asked of reviewers, for conflicts
    failed_sign_ins: Mapped[int] = mapped_column(sa.Integer, default=0)
    locked_until: Mapped[datetime | None]  # machine time
    new_email: Mapped[str | None]  # an address that waits to be confirmed; until then ``email`` stands
    unreachable_since: Mapped[datetime | None]  # told by notifications: messages to ``email`` come back
    unreachable_status: Mapped[str | None]


class SignIn(Model):
    """One session of one person on one device. Machine time: a browser does not live in the demo's year."""

    __tablename__ = "sign_in"
    __table_args__ = (sa.Index("ix_sign_in_person_id", "person_id"),)

    id: Mapped[int] = id_column()
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    token_sha256: Mapped[str] = mapped_column(unique=True)
    device: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    acting_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class CalendarAddress(Model):
    """Somebody's calendar can be read at a secret address, derived from ``nonce`` and never stored itself."""

    __tablename__ = "calendar_address"

    id: Mapped[int] = id_column()
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    nonce: Mapped[str]
    made_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Organisation(Model):
    """A legal person by its enterprise number (ten digits, checked). ``frozen_at``: a disputed claim froze the right."""

    __tablename__ = "organisation"
    __table_args__ = (
        sa.CheckConstraint("enterprise_number ~ '^[01][0-9]{9}$'", name="enterprise_number_digits"),
        sa.CheckConstraint("parent_number ~ '^[01][0-9]{9}$'", name="parent_number_digits"),
        sa.CheckConstraint("parent_number <> enterprise_number", name="parent_is_another"),
        one_of("kind", OrganisationKind),
    )

    id: Mapped[int] = id_column()
    enterprise_number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[OrganisationKind] = mapped_column(Coded(OrganisationKind))
    seat_nis: Mapped[str | None] = mapped_column(sa.ForeignKey("municipality.nis"))
    parent_number: Mapped[str | None]  # the enterprise number it stands under; that one need not be known here
    registered_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]  # the claim that a case officer confirmed
    frozen_at: Mapped[datetime | None]


class Claim(Model):
    """One person's claim to be able to bind an organisation."""

    __tablename__ = "claim"
    __table_args__ = (
        one_of("state", ClaimState),
        sa.Index(
            "uq_claim_standing",
            "organisation_id",
            unique=True,
            postgresql_where=sa.text("state IN ('claimed', 'confirmed')"),
        ),
    )

    id: Mapped[int] = id_column()
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    state: Mapped[ClaimState] = mapped_column(Coded(ClaimState), default=ClaimState.CLAIMED)
    claimed_at: Mapped[datetime]
    evidence: Mapped[str]
    evidence_file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    disputed_at: Mapped[datetime | None]
    disputed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    dispute_reason: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    judgement: Mapped[str | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
    evidence_file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")


class Membership(Model):
    """One person's right in one organisation, with its history: it ends, it is not deleted (conflicts look back)."""

    __tablename__ = "membership"
    __table_args__ = (
        one_of('"right"', Right, name="right_known"),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
        sa.Index(
            "uq_membership_present",
            "organisation_id",
            "person_id",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("ix_membership_person_id", "person_id"),
    )

    id: Mapped[int] = id_column()
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    right: Mapped[Right] = mapped_column("right", Coded(Right))
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])


govern(Claim, CLAIM)
