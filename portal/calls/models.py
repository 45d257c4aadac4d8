"""Programmes, calls, their form versions, documents and answers, and submission rounds."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.calls.definitions import CallDefinition, ProgrammeDefinition
from portal.calls.form_definitions import FormDefinition
from portal.calls.reminding import Lead, LeadUnit, ReminderKind
from portal.calls.states import ROUND, RankingPolicy, RoundState
from portal.calls.stored import Amounts, Stored
from portal.core.advance import govern
from portal.core.db import Coded, Model, id_column, one_of
from portal.places.provinces import PROVINCES, Province


class Programme(Model):
    """A programme of the recovery plan. What it is, stands in ``definition``."""

    __tablename__ = "programme"

    id: Mapped[int] = id_column()
    code: Mapped[str] = mapped_column(unique=True)  # "digibanken"
    prefix: Mapped[str] = mapped_column(unique=True)  # "DB", the first part of every reference
    budget_amount: Mapped[Decimal]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    definition: Mapped[ProgrammeDefinition] = mapped_column(Stored(ProgrammeDefinition, "programme"))


class Call(Model):
    """A call of a programme. What it can do stands in ``definition``; its ``kind`` is a label."""

    __tablename__ = "call"
    __table_args__ = (sa.UniqueConstraint("programme_id", "code"), sa.UniqueConstraint("programme_id", "letter"))

    id: Mapped[int] = id_column()
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    code: Mapped[str]  # "formation"
    letter: Mapped[str]  # "A", the second part of every reference
    definition: Mapped[CallDefinition] = mapped_column(Stored(CallDefinition, "call"))

    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")


class FormVersion(Model):
    """One version of a call's form definition; a round freezes the one it was announced with."""

    __tablename__ = "form_version"
    __table_args__ = (sa.UniqueConstraint("call_id", "number"),)

    id: Mapped[int] = id_column()
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    definition: Mapped[FormDefinition] = mapped_column(Stored(FormDefinition, "form"))
    created_at: Mapped[datetime]


class CallDocument(Model):
    """A handbook or template of a call, in both languages (Markdown)."""

    __tablename__ = "call_document"
    __table_args__ = (sa.UniqueConstraint("call_id", "slug"),)

    id: Mapped[int] = id_column()
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    slug: Mapped[str]
    position: Mapped[int] = mapped_column(sa.Integer)
    title: Mapped[dict[str, Any]]  # Text as JSON
    body: Mapped[dict[str, Any]]  # Text as JSON, Markdown


class CallAnswer(Model):
    """A public question about a call, with its dated answer."""

    __tablename__ = "call_answer"
    __table_args__ = (sa.Index("ix_call_answer_call_id_answered_on", "call_id", "answered_on"),)

    id: Mapped[int] = id_column()
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    question: Mapped[dict[str, Any]]
    answer: Mapped[dict[str, Any]]
    answered_on: Mapped[date]


class Round(Model):
    """A submission round. Announcing freezes its terms: the form version, criteria, rules, budget and policy."""

    __tablename__ = "round"
    __table_args__ = (
        one_of("state", RoundState),
        one_of("ranking_policy", RankingPolicy),
        sa.UniqueConstraint("call_id", "number", "year"),
        sa.CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        sa.CheckConstraint("projects_start_on > decision_due_on", name="starts_after_decision"),
        sa.CheckConstraint("budget_amount > 0", name="budget_positive"),
        sa.CheckConstraint("(state = 'announced') <= (announced_at IS NOT NULL)", name="announced_when"),
        sa.CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_when"),
        ExcludeConstraint(
            (sa.column("call_id"), "="),
            (sa.func.tstzrange(sa.column("opens_at"), sa.column("closes_at"), sa.text("'[)'")), "&&"),
            using="gist",
            where=sa.text("state <> 'cancelled'"),
            name="ex_round_no_overlap",
        ),
    )

    id: Mapped[int] = id_column()
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    code: Mapped[str] = mapped_column(unique=True)  # "B-2022-3"
    year: Mapped[int] = mapped_column(sa.Integer)
    number: Mapped[int] = mapped_column(sa.Integer)
    state: Mapped[RoundState] = mapped_column(Coded(RoundState), default=RoundState.DRAFT)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    decision_due_on: Mapped[date]
    projects_start_on: Mapped[date]
    budget_amount: Mapped[Decimal]
    province_budgets: Mapped[dict[str, Decimal]] = mapped_column(Amounts, default=dict)  # the most each gets, by code
    ranking_policy: Mapped[RankingPolicy] = mapped_column(Coded(RankingPolicy))
    own_minimum_months: Mapped[int | None] = mapped_column(sa.Integer)
    own_latest_end_on: Mapped[date | None]
    exception_reason: Mapped[str | None]  # stands on the public page
    form_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("form_version.id"))
    terms: Mapped[CallDefinition | None] = mapped_column(Stored(CallDefinition, "call"))  # frozen when announced
    drafted_at: Mapped[datetime]
    announced_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    in_review_at: Mapped[datetime | None]  # told down by reviewing
    results_published_at: Mapped[datetime | None]  # told down by decisions
    version: Mapped[int] = mapped_column(sa.Integer, default=1)

    call: Mapped[Call] = relationship(lazy="raise_on_sql")
    form_version: Mapped[FormVersion | None] = relationship(lazy="raise_on_sql")

    @property
    def provinces(self) -> list[tuple[Province, Decimal]]:
        """The provinces that have a budget of their own in this round, in the order of lists, with that budget."""
        return [(each, self.province_budgets[each.code]) for each in PROVINCES if each.code in self.province_budgets]


class RoundMove(Model):
    """A deadline that was moved: from, to, and the public reason."""

    __tablename__ = "round_move"
    __table_args__ = (sa.Index("ix_round_move_round_id", "round_id"),)

    id: Mapped[int] = id_column()
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    moved_at: Mapped[datetime]
    moved_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    old_closes_at: Mapped[datetime]
    new_closes_at: Mapped[datetime]
    reason: Mapped[str]


class Reminder(Model):
    """How long before which deadline of its call people are reminded; switched off, it stays."""

    __tablename__ = "reminder"
    __table_args__ = (
        one_of("kind", ReminderKind),
        one_of("unit", LeadUnit),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.UniqueConstraint("call_id", "kind", "amount", "unit", name="uq_reminder_lead"),
    )

    id: Mapped[int] = id_column()
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    kind: Mapped[ReminderKind] = mapped_column(Coded(ReminderKind))
    amount: Mapped[int] = mapped_column(sa.Integer)
    unit: Mapped[LeadUnit] = mapped_column(Coded(LeadUnit))
    is_on: Mapped[bool] = mapped_column(default=True)
    set_at: Mapped[datetime]  # it counts from here: what was due before is not made up for
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    call: Mapped[Call] = relationship(lazy="raise_on_sql")

    @property
    def lead(self) -> Lead:
        """How long before."""
        return Lead(self.amount, self.unit)


govern(Round, ROUND)
