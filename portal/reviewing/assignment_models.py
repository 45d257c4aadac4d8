"""A round's proposed assignment with its pairs: nothing here invites anybody."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.applications.models import Application
from portal.calls.models import Round
from portal.core.advance import govern
from portal.core.db import Coded, Model, id_column, one_of
from portal.reviewing.assignment_states import ASSIGNMENT, AssignmentFailure, AssignmentState, PairOrigin, Step

_IS_LIVE = sa.text("state IN ('requested', 'running', 'proposed')")
_IS_UNDER_WAY = sa.text("state IN ('requested', 'running')")


class Assignment(Model):
    """One request and what came of it. ``lease_until`` is machine time: what a killed worker held comes back after it.

    ``shortfalls`` and ``alternates`` are as computed; ``version`` rises with every change of its pairs by hand.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        one_of("state", AssignmentState),
        one_of("step", Step),
        one_of("failure", AssignmentFailure),
        sa.CheckConstraint("wanted BETWEEN 1 AND 9", name="wanted_within"),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failed_when"),
        sa.CheckConstraint("(state = 'released') = (released_at IS NOT NULL)", name="released_when"),
        sa.CheckConstraint("(state = 'discarded') = (discarded_at IS NOT NULL)", name="discarded_when"),
        sa.CheckConstraint(
            "state NOT IN ('proposed', 'released') OR (inputs_sha256 IS NOT NULL AND solver IS NOT NULL)",
            name="proposed_when",
        ),
        sa.Index("uq_assignment_one_live", "round_id", unique=True, postgresql_where=_IS_LIVE),
        sa.Index("ix_assignment_round_id_id", "round_id", "id"),
        sa.Index("ix_assignment_lease", "lease_until", "id", postgresql_where=_IS_UNDER_WAY),
    )

    id: Mapped[int] = id_column()
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    state: Mapped[AssignmentState] = mapped_column(Coded(AssignmentState), default=AssignmentState.REQUESTED)
    wanted: Mapped[int] = mapped_column(sa.Integer)  # reviewers for each application, standing ones included
    due_on: Mapped[date]  # of the reviews
    seed: Mapped[str]
    requested_at: Mapped[datetime]
    requested_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    lease_until: Mapped[datetime]
    step: Mapped[Step | None] = mapped_column(Coded(Step))
    running_at: Mapped[datetime | None]
    failure: Mapped[AssignmentFailure | None] = mapped_column(Coded(AssignmentFailure))
    failed_at: Mapped[datetime | None]
    proposed_at: Mapped[datetime | None]
    inputs_sha256: Mapped[str | None]
    solver: Mapped[str | None]
    is_optimal: Mapped[bool | None]
    shortfalls: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    alternates: Mapped[dict[str, Any]] = mapped_column(default=dict)  # application → reasons with a person
    version: Mapped[int] = mapped_column(sa.Integer, default=0)
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    discarded_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship(lazy="raise_on_sql")
    requested_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[requested_by_id])
    pairs: Mapped[list[AssignmentPair]] = relationship(
        lazy="raise_on_sql", order_by="AssignmentPair.id", back_populates="assignment", cascade="all, delete-orphan"
    )


class AssignmentPair(Model):
    """One application and one reviewer of a proposal; ``reason`` as `reasons_of` writes it."""

    __tablename__ = "assignment_pair"
    __table_args__ = (
        one_of("origin", PairOrigin),
        sa.UniqueConstraint("assignment_id", "application_id", "reviewer_id"),
    )

    id: Mapped[int] = id_column()
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"))
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    origin: Mapped[PairOrigin] = mapped_column(Coded(PairOrigin), default=PairOrigin.PROPOSED)
    is_locked: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[dict[str, Any]] = mapped_column(default=dict)

    assignment: Mapped[Assignment] = relationship(lazy="raise_on_sql", back_populates="pairs")
    application: Mapped[Application] = relationship(lazy="raise_on_sql")
    reviewer: Mapped[Person] = relationship(lazy="raise_on_sql")


govern(Assignment, ASSIGNMENT)
