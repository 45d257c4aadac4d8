"""The pool of reviewers: what each knows, how much they take on, when they are away, and what they declared.

A reviewer is a person with the role of reviewer; without a profile the defaults hold.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, Person
from portal.core.db import Coded, Model, id_column, one_of
from portal.reviewing.expertise import Level, SubjectKind
from portal.reviewing.rules import USUAL_LOAD


class ReviewerProfile(Model):
    """One reviewer's profile. ``is_experienced`` is what a case officer set, with the reason; null: it is counted."""

    __tablename__ = "reviewer_profile"
    __table_args__ = (
        sa.CheckConstraint(
            "minimum_load >= 0 AND maximum_load >= 1 AND minimum_load <= maximum_load", name="loads_in_order"
        ),
        sa.CheckConstraint("(is_experienced IS NULL) = (experience_reason = '')", name="experience_has_a_reason"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    languages: Mapped[list[str]] = mapped_column(default=lambda: ["nl"])  # Language
    minimum_load: Mapped[int] = mapped_column(sa.Integer, default=0)  # reviews a round
    maximum_load: Mapped[int] = mapped_column(sa.Integer, default=USUAL_LOAD)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    institution: Mapped[str] = mapped_column(default="")  # by name, where it has no account here
    is_experienced: Mapped[bool | None]
    experience_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(sa.Integer, default=0)
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")


class ReviewerExpertise(Model):
    """How well one reviewer knows one subject."""

    __tablename__ = "reviewer_expertise"
    __table_args__ = (
        one_of("kind", SubjectKind),
        one_of("level", Level),
        sa.Index("ix_reviewer_expertise_kind_code", "kind", "code"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("reviewer_profile.person_id"), primary_key=True)
    kind: Mapped[SubjectKind] = mapped_column(Coded(SubjectKind), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[Level] = mapped_column(Coded(Level))


class ReviewerAbsence(Model):
    """A period in which a reviewer is not available, both days included."""

    __tablename__ = "reviewer_absence"
    __table_args__ = (
        sa.CheckConstraint("until_on >= from_on", name="runs_forward"),
        sa.Index("ix_reviewer_absence_person_id", "person_id"),
    )

    id: Mapped[int] = id_column()
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("reviewer_profile.person_id"))
    from_on: Mapped[date]
    until_on: Mapped[date]


class ReviewerDeclaration(Model):
    """What a reviewer declared for one calendar year; append-only. ``sha256`` is the digest of the text as it read."""

    __tablename__ = "reviewer_declaration"
    __table_args__ = (sa.UniqueConstraint("person_id", "year"),)

    id: Mapped[int] = id_column()
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    year: Mapped[int] = mapped_column(sa.Integer)  # in Brussels
    declared_at: Mapped[datetime]
    sha256: Mapped[str]


class ReviewAlternate(Model):
    """Who is asked next for an application where an invitation expires, in the case officer's order."""

    __tablename__ = "review_alternate"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "person_id"),
        sa.UniqueConstraint("application_id", "position"),
    )

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    position: Mapped[int] = mapped_column(sa.Integer)  # 1 is asked first
    listed_at: Mapped[datetime]
    listed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
