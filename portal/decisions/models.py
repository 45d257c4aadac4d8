"""Rankings, decisions, their conditions, requests for their review, and the decision proposed after one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.applications.models import Application
from portal.applications.states import Outcome
from portal.calls.models import Round
from portal.calls.states import RankingPolicy
from portal.calls.stored import Amounts
from portal.core.advance import govern
from portal.core.db import Coded, Model, id_column, one_of
from portal.decisions.states import DECISION, REVIEW_REQUEST, DecisionState, Ground, Place, RequestState


class Ranking(Model):
    """One computed ranking of a round; computing again makes a new one, and the latest stands."""

    __tablename__ = "ranking"
    __table_args__ = (sa.UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = id_column()
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    computed_at: Mapped[datetime]
    computed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    policy: Mapped[RankingPolicy] = mapped_column(Coded(RankingPolicy))
    budget_amount: Mapped[Decimal]
    province_budgets: Mapped[dict[str, Decimal]] = mapped_column(Amounts, default=dict)
    requested_amount: Mapped[Decimal]  # of all that may be funded
    awarded_amount: Mapped[Decimal]  # proposed, at most the budget
    row_count: Mapped[int] = mapped_column(sa.Integer)
    fundable_count: Mapped[int] = mapped_column(sa.Integer)
    award_count: Mapped[int] = mapped_column(sa.Integer)
    line_position: Mapped[int] = mapped_column(sa.Integer)  # of the last award: the line is drawn under it
    envelope_left_amount: Mapped[Decimal]  # the programme's envelope before this round's awards
    sha256: Mapped[str]  # of the canonical rows, so that a published ranking can be recomputed and compared

    round: Mapped[Round] = relationship(lazy="raise_on_sql")


class RankingRow(Model):
    """One application's place, with the figures and the reason for it."""

    __tablename__ = "ranking_row"
    __table_args__ = (
        one_of("place", Place),
        sa.UniqueConstraint("ranking_id", "position"),
        sa.UniqueConstraint("ranking_id", "application_id"),
    )

    id: Mapped[int] = id_column()
    ranking_id: Mapped[int] = mapped_column(sa.ForeignKey("ranking.id"))
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    position: Mapped[int] = mapped_column(sa.Integer)  # 1 … n over all rows, the unfundable last
    rank: Mapped[int | None] = mapped_column(sa.Integer)  # null where a threshold is missed
    total: Mapped[Decimal] = mapped_column(sa.Numeric(5, 2))
    place: Mapped[Place] = mapped_column(Coded(Place))
    requested_amount: Mapped[Decimal]
    proposed_amount: Mapped[Decimal]
    cumulative_amount: Mapped[Decimal]  # requested, down to this row
    decided_by: Mapped[str]  # TieKey: what set this row under the one above it
    reason: Mapped[dict[str, Any]]  # code, figures and keys, put into words on the page

    application: Mapped[Application] = relationship(lazy="raise_on_sql")


class Decision(Model):
    """What is decided on one application. Pending and confirmed are internal; published is what the applicant sees."""

    __tablename__ = "decision"
    __table_args__ = (
        one_of("state", DecisionState),
        sa.CheckConstraint("outcome IN ('approved', 'conditional', 'reserve', 'refused')", name="outcome_known"),
        sa.CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> prepared_by_id", name="two_persons"),
        sa.CheckConstraint("(outcome IN ('approved', 'conditional')) = (amount > 0)", name="amount_with_award"),
        sa.CheckConstraint(
            "state IN ('pending', 'confirmed') OR (number IS NOT NULL AND published_at IS NOT NULL)",
            name="published_when",
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = "
            "(withdrawn_at IS NOT NULL AND withdrawn_by_id IS NOT NULL AND withdrawal_asked_by_id IS NOT NULL)",
            name="withdrawn_when",
        ),
        sa.CheckConstraint(
            "withdrawn_by_id IS NULL OR withdrawn_by_id <> withdrawal_asked_by_id", name="withdrawn_by_two_persons"
        ),
        sa.CheckConstraint("(state = 'replaced') = (replaced_at IS NOT NULL)", name="replaced_when"),
        sa.CheckConstraint("replaces_id IS NULL OR reason <> ''", name="reason_after_review"),
        sa.Index(
            "uq_decision_application_id", "application_id", unique=True, postgresql_where=sa.text("state <> 'replaced'")
        ),
        sa.Index("ix_decision_round_id_state", "round_id", "state"),
        sa.Index(
            "ix_decision_answer_due_on",
            "answer_due_on",
            postgresql_where=sa.text("state = 'published' AND answer_due_on IS NOT NULL"),
        ),
    )

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    ranking_id: Mapped[int] = mapped_column(sa.ForeignKey("ranking.id"))  # the one it, or what it replaces, rests on
    state: Mapped[DecisionState] = mapped_column(Coded(DecisionState), default=DecisionState.PENDING)
    outcome: Mapped[Outcome] = mapped_column(Coded(Outcome))
    amount: Mapped[Decimal]
    reason: Mapped[str] = mapped_column(default="")  # why it departs from the ranking; the applicant reads it
    reserve_position: Mapped[int | None] = mapped_column(sa.Integer)
    prepared_at: Mapped[datetime]
    prepared_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    number: Mapped[str | None] = mapped_column(unique=True)  # "B-2022-1/03"
    decided_on: Mapped[date | None]
    signed_by: Mapped[str | None]
    published_at: Mapped[datetime | None]
    answer_due_on: Mapped[date | None]  # thirty days to accept or decline an award
    accepted_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None]
    lapsed_at: Mapped[datetime | None]
    lapse_reason: Mapped[str | None]
    withdrawal_asked_at: Mapped[datetime | None]  # by one administrator; a second one confirms it
    withdrawal_asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    withdraw_reason: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    promoted_at: Mapped[datetime | None]  # from the reserve list, in order
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"), unique=True)  # taken after a review
    replaced_at: Mapped[datetime | None]  # from then on the row is history: a trigger keeps it as it is

    round: Mapped[Round] = relationship(lazy="raise_on_sql")
    application: Mapped[Application] = relationship(lazy="raise_on_sql")
    replaces: Mapped[Decision | None] = relationship(lazy="raise_on_sql", remote_side="Decision.id", viewonly=True)
    conditions: Mapped[list[Condition]] = relationship(
        lazy="raise_on_sql", order_by="Condition.id", back_populates="decision", cascade="all, delete-orphan"
    )


class Condition(Model):
    """A condition of an award, with its due date; met or not met."""

    __tablename__ = "condition"
    __table_args__ = (sa.Index("ix_condition_decision_id", "decision_id"),)

    id: Mapped[int] = id_column()
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"))
    text: Mapped[str]
    due_on: Mapped[date]
    judged_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    is_met: Mapped[bool | None]

    decision: Mapped[Decision] = relationship(lazy="raise_on_sql", back_populates="conditions")


class ReviewRequest(Model):
    """The lead partner asks for a review of the decision: once, on one ground, with one answer."""

    __tablename__ = "review_request"
    __table_args__ = (
        one_of("state", RequestState),
        one_of("ground", Ground),
        sa.CheckConstraint("(state = 'upheld') = (upheld_at IS NOT NULL)", name="upheld_when"),
        sa.CheckConstraint("(state = 'dismissed') = (dismissed_at IS NOT NULL)", name="dismissed_when"),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_when"),
        sa.CheckConstraint(
            "(state IN ('upheld', 'dismissed')) = (answered_by_id IS NOT NULL AND answer <> '')", name="answered_by"
        ),
        sa.Index("ix_review_request_asked", "answer_due_on", postgresql_where=sa.text("state = 'asked'")),
    )

    id: Mapped[int] = id_column()
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"), unique=True)
    state: Mapped[RequestState] = mapped_column(Coded(RequestState), default=RequestState.ASKED)
    ground: Mapped[Ground] = mapped_column(Coded(Ground))
    text: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    answer_due_on: Mapped[date]
    answer: Mapped[str] = mapped_column(default="")  # its reasons; the partners read them
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    upheld_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    decision: Mapped[Decision] = relationship(lazy="raise_on_sql")

    @property
    def answered_at(self) -> datetime | None:
        return self.upheld_at or self.dismissed_at


class ProposedDecision(Model):
    """A new decision after an upheld request for review, as one administrator prepared it; nobody outside knows of it.

    A second one confirms it: then it becomes a decision that replaces the first, and this row goes. ``conditions`` have a
    ``text`` and a ``due_on`` (ISO). The event log keeps what was proposed and dropped.
    """

    __tablename__ = "proposed_decision"
    __table_args__ = (
        sa.CheckConstraint("outcome IN ('approved', 'conditional', 'reserve', 'refused')", name="outcome_known"),
        sa.CheckConstraint("(outcome IN ('approved', 'conditional')) = (amount > 0)", name="amount_with_award"),
        sa.CheckConstraint("reason <> ''", name="reason_given"),
    )

    id: Mapped[int] = id_column()
    review_request_id: Mapped[int] = mapped_column(sa.ForeignKey("review_request.id"), unique=True)
    outcome: Mapped[Outcome] = mapped_column(Coded(Outcome))
    amount: Mapped[Decimal]
    reason: Mapped[str]
    conditions: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    prepared_at: Mapped[datetime]
    prepared_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))


govern(Decision, DECISION)
govern(ReviewRequest, REVIEW_REQUEST)
