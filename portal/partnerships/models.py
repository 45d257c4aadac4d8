"""Partnerships that live across calls: partners with dates, invitations, service area, strategies."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation
from portal.calls.models import Programme
from portal.core.advance import govern
from portal.core.db import Coded, Model, id_column, one_of
from portal.core.files import StoredFile
from portal.partnerships.states import (
    INVITATION,
    STRATEGY,
    InvitationState,
    PartnerRole,
    StrategyOrigin,
    StrategyState,
)


class Partnership(Model):
    """Organisations that work together in one programme, whatever call they apply to."""

    __tablename__ = "partnership"

    id: Mapped[int] = id_column()
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    name: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    begun_at: Mapped[datetime]

    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")
    partners: Mapped[list[Partner]] = relationship(
        lazy="raise_on_sql", order_by="Partner.id", back_populates="partnership"
    )


class Partner(Model):
    """One organisation's part in a partnership, with its dates: it ends, it is not deleted (conflicts look back)."""

    __tablename__ = "partner"
    __table_args__ = (
        one_of("role", PartnerRole),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),
        sa.Index(
            "uq_partner_present",
            "partnership_id",
            "organisation_id",
            unique=True,
            postgresql_where=sa.text("ended_on IS NULL"),
        ),
        sa.Index(
            "uq_partner_one_promotor",
            "partnership_id",
            unique=True,
            postgresql_where=sa.text("role = 'promotor' AND ended_on IS NULL"),
        ),
        sa.Index("ix_partner_organisation_id", "organisation_id"),
        sa.Index("ix_partner_partnership_id", "partnership_id"),  # the two above know only who did not leave
    )

    id: Mapped[int] = id_column()
    partnership_id: Mapped[int] = mapped_column(sa.ForeignKey("partnership.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    role: Mapped[PartnerRole] = mapped_column(Coded(PartnerRole))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]

    partnership: Mapped[Partnership] = relationship(lazy="raise_on_sql", back_populates="partners")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class PartnerInvitation(Model):
    """An invitation by e-mail; its link is derived from the row and its nonce, and works once."""

    __tablename__ = "partner_invitation"
    __table_args__ = (
        one_of("state", InvitationState),
        one_of("role", PartnerRole),
        sa.Index("ix_partner_invitation_partnership_id", "partnership_id"),
        sa.Index("ix_partner_invitation_email", "email"),
    )

    id: Mapped[int] = id_column()
    partnership_id: Mapped[int] = mapped_column(sa.ForeignKey("partnership.id"))
    email: Mapped[str]
    organisation_name: Mapped[str]
    role: Mapped[PartnerRole] = mapped_column(Coded(PartnerRole))
    note: Mapped[str] = mapped_column(default="")
    nonce: Mapped[str]
    state: Mapped[InvitationState] = mapped_column(Coded(InvitationState), default=InvitationState.SENT)
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))  # who accepted
    accepted_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    partnership: Mapped[Partnership] = relationship(lazy="raise_on_sql")


class ServiceArea(Model):
    """One municipality a partnership works in."""

    __tablename__ = "service_area"

    partnership_id: Mapped[int] = mapped_column(sa.ForeignKey("partnership.id"), primary_key=True)
    nis: Mapped[str] = mapped_column(sa.ForeignKey("municipality.nis"), primary_key=True)


class Strategy(Model):
    """A partnership's strategy: seven topics, the signed agreement, and budget and planning of the execution."""

    __tablename__ = "strategy"
    __table_args__ = (
        one_of("state", StrategyState),
        one_of("origin", StrategyOrigin),
        sa.CheckConstraint("(origin = 'award') = (award_reference IS NOT NULL)", name="award_has_reference"),
        sa.Index("ix_strategy_partnership_id", "partnership_id"),
        sa.Index(
            "uq_strategy_award_reference",
            "award_reference",
            unique=True,
            postgresql_where=sa.text("award_reference IS NOT NULL"),
        ),
    )

    id: Mapped[int] = id_column()
    partnership_id: Mapped[int] = mapped_column(sa.ForeignKey("partnership.id"))
    origin: Mapped[StrategyOrigin] = mapped_column(Coded(StrategyOrigin))
    award_reference: Mapped[str | None]  # the application whose award began it
    state: Mapped[StrategyState] = mapped_column(Coded(StrategyState), default=StrategyState.BEING_FORMED)
    topics: Mapped[dict[str, Any]] = mapped_column(default=dict)
    budget_and_planning: Mapped[str] = mapped_column(default="")
    agreement_file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    evidence_file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    due_on: Mapped[date | None]  # the end of the formation phase
    begun_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    recognised_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    lapsed_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    judgement: Mapped[str | None]
    version: Mapped[int] = mapped_column(sa.Integer, default=1)

    partnership: Mapped[Partnership] = relationship(lazy="raise_on_sql")
    agreement_file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql", foreign_keys=[agreement_file_id])
    evidence_file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql", foreign_keys=[evidence_file_id])


govern(PartnerInvitation, INVITATION)
govern(Strategy, STRATEGY)
