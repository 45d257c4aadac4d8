"""A change of the partnership that is asked between the deadline and the award, and how it was decided."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation
from portal.applications.models import Application
from portal.applications.states import CHANGE, ChangeKind, ChangeState, ShareGoes
from portal.core.advance import govern
from portal.core.db import Coded, Model, id_column, one_of


class ChangeRequest(Model):
    """One request. Between two sides: ``promotor_id`` leads when it is asked, ``organisation_id`` would lead, or leave.

    It stands beside what was handed in, whose snapshot never changes.
    """

    __tablename__ = "change_request"
    __table_args__ = (
        one_of("kind", ChangeKind),
        one_of("state", ChangeState),
        one_of("share_goes", ShareGoes),
        sa.CheckConstraint("(kind = 'leaving') = (share_goes IS NOT NULL)", name="share_when"),
        sa.CheckConstraint("(share_goes IS NULL) = (share_amount IS NULL)", name="amount_when"),
        sa.CheckConstraint("asked_for_id IN (promotor_id, organisation_id)", name="asked_by_a_side"),
        sa.CheckConstraint("organisation_id <> promotor_id", name="two_sides"),
        sa.CheckConstraint(
            "(state IN ('granted', 'refused')) = (judgement IS NOT NULL AND decided_by_id IS NOT NULL)",
            name="judged_when",
        ),
        sa.Index(
            "uq_change_request_open",
            "application_id",
            "kind",
            unique=True,
            postgresql_where=sa.text("state IN ('asked', 'agreed')"),
        ),
        sa.Index("ix_change_request_application_id", "application_id"),
    )

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    kind: Mapped[ChangeKind] = mapped_column(Coded(ChangeKind))
    promotor_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    state: Mapped[ChangeState] = mapped_column(Coded(ChangeState), default=ChangeState.ASKED)
    reason: Mapped[str]
    share_goes: Mapped[ShareGoes | None] = mapped_column(Coded(ShareGoes))
    share_amount: Mapped[Decimal | None]  # of the grant that was asked, when the change was
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_for_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    agreed_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    granted_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    judgement: Mapped[str | None]  # the case officer's reason, read by the partners

    application: Mapped[Application] = relationship(lazy="raise_on_sql")
    promotor: Mapped[Organisation] = relationship(lazy="raise_on_sql", foreign_keys=[promotor_id])
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql", foreign_keys=[organisation_id])

    @property
    def answers_id(self) -> int:
        """The side that did not ask, and so answers."""
        return self.organisation_id if self.asked_for_id == self.promotor_id else self.promotor_id

    @property
    def waits_for_agreement(self) -> bool:
        """Whether the other side has to say yes or no."""
        return self.kind is ChangeKind.PROMOTOR and self.state is ChangeState.ASKED

    @property
    def waits_for_decision(self) -> bool:
        """Whether a case officer can decide: both sides agree, or none has to."""
        return self.state is ChangeState.AGREED or (self.kind is ChangeKind.LEAVING and self.state is ChangeState.ASKED)


govern(ChangeRequest, CHANGE)
