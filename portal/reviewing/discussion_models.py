"""What the reviewers of a file say to each other about it, the scores that are proposed, and how they vote on those."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.core.db import Coded, Model, id_column, one_of
from portal.reviewing.states import VoteChoice


class Remark(Model):
    """One remark in the discussion of an application; append-only: what colleagues answered to stays as it was."""

    __tablename__ = "remark"
    __table_args__ = (sa.Index("ix_remark_application_id_id", "application_id", "id"),)

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    written_at: Mapped[datetime]
    text: Mapped[str]

    author: Mapped[Person] = relationship(lazy="raise_on_sql")


class Proposal(Model):
    """Scores and a text that the case officer proposes as consensus; append-only, the latest ``number`` is voted on."""

    __tablename__ = "proposal"
    __table_args__ = (sa.UniqueConstraint("application_id", "number"),)

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    scores: Mapped[dict[str, Any]]  # criterion code → score
    text: Mapped[str]
    total: Mapped[Decimal] = mapped_column(sa.Numeric(5, 2))
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))


class Vote(Model):
    """What one reviewer of the file thinks of a proposal; it may be changed until the consensus is recorded."""

    __tablename__ = "vote"
    __table_args__ = (one_of("choice", VoteChoice),)

    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), primary_key=True)
    voter_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    choice: Mapped[VoteChoice] = mapped_column(Coded(VoteChoice))
    voted_at: Mapped[datetime]

    voter: Mapped[Person] = relationship(lazy="raise_on_sql")
