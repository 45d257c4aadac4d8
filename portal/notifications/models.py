"""One row per message that is to leave, ever: unique on (event, notification, recipient), and on which copy it is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Coded, Model, id_column, one_of
from portal.notifications.categories import Category, Choice


class DeliveryState(StrEnum):
    """What became of a message.

    ``parked``: the attempts are used up or the server refused for good; an administrator sees it and can retry.
    ``cancelled``: an administrator stopped it before it left. ``muted``: its person wants none of these by mail.
    ``gathered``: it waits for its person's daily digest. The last two are read in the portal all the same.
    """

    WAITING = "waiting"
    SENT = "sent"
    PARKED = "parked"
    CANCELLED = "cancelled"
    MUTED = "muted"
    GATHERED = "gathered"


class Stop(Model):
    """An administrator held messages back, one or many at once: who, when and why. ``reason`` may be empty."""

    __tablename__ = "stop"

    id: Mapped[int] = id_column()
    stopped_at: Mapped[datetime]
    stopped_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str]


class Delivery(Model):
    """One message to one recipient. The address is a person's, or one typed in an invitation.

    ``copy`` is 0 for the message that the event caused. A person who sends it again makes a next copy: a row and a
    Message-ID of its own, so that its reader meets a new message, and what became of the first stays on record.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        one_of("state", DeliveryState),
        sa.UniqueConstraint("event_id", "notification", "recipient", "copy", name="uq_delivery_once"),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_when"),
        sa.CheckConstraint("(undelivered_at IS NULL) = (undelivered_status IS NULL)", name="undelivered_when"),
        sa.CheckConstraint("stop_id IS NULL OR state IN ('cancelled', 'sent')", name="stopped_when"),
        sa.Index(
            "ix_delivery_due",
            sa.desc("is_urgent"),
            "next_attempt_at",
            "id",
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        sa.Index("ix_delivery_person_id_id", "person_id", "id"),
        sa.Index("ix_delivery_person_id_made_at_id", "person_id", "made_at", "id"),
        sa.Index("ix_delivery_unread", "person_id", postgresql_where=sa.text("read_at IS NULL")),
        sa.Index("ix_delivery_gathered", "person_id", "made_at", postgresql_where=sa.text("state = 'gathered'")),
        sa.Index("ix_delivery_digest_id", "digest_id", postgresql_where=sa.text("digest_id IS NOT NULL")),
        sa.Index("ix_delivery_address_id", "address", "id"),
        sa.Index("ix_delivery_undelivered", "address", "id", postgresql_where=sa.text("undelivered_at IS NOT NULL")),
        sa.Index("ix_delivery_programme_id_notification_id", "programme_id", "notification", "id"),
        sa.Index("ix_delivery_parked", "id", postgresql_where=sa.text("state = 'parked'")),
    )

    id: Mapped[int] = id_column()
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    notification: Mapped[str]  # kebab-case, and the name of its mail folder
    recipient: Mapped[str]  # "person:12" or "invitation:7": the same person is told once, whatever the address
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    address: Mapped[str]
    language: Mapped[str]
    is_urgent: Mapped[bool] = mapped_column(default=False)
    state: Mapped[DeliveryState] = mapped_column(Coded(DeliveryState), default=DeliveryState.WAITING)
    made_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    next_attempt_at: Mapped[datetime]  # machine time
    claimed_until: Mapped[datetime | None]  # machine time: the lease of the worker that is sending it
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")
    read_at: Mapped[datetime | None]  # when its person read it in the portal
    programme_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("programme.id")
    )  # whose text it has, where it is of one
    text_number: Mapped[int | None] = mapped_column(sa.Integer)  # the version of the text it was made of; 0 as shipped
    subject: Mapped[str] = mapped_column(default="")  # as it was written; empty until then
    digest_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event.id"))  # the digest that takes it along
    copy: Mapped[int] = mapped_column(sa.Integer, default=0)
    undelivered_at: Mapped[datetime | None]  # domain time: refused for good, or come back after it left
    undelivered_status: Mapped[str | None]  # of RFC 3463 ("5.1.1"), or the server's code ("550")
    stop_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stop.id"))  # sent all the same: it was leaving just then


class MailChoice(Model):
    """How one person wants the messages of one category; without a row they come by mail at once.

    ``before`` is what a link in a message replaced, so that the same link can put it back.
    """

    __tablename__ = "mail_choice"
    __table_args__ = (
        one_of("category", Category),
        one_of("choice", Choice),
        one_of("before", Choice),
        sa.UniqueConstraint("person_id", "category"),
    )

    id: Mapped[int] = id_column()
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    category: Mapped[Category] = mapped_column(Coded(Category))
    choice: Mapped[Choice] = mapped_column(Coded(Choice))
    before: Mapped[Choice | None] = mapped_column(Coded(Choice))
    chosen_at: Mapped[datetime]


class MailTake(Model):
    """Messages that one run took to send at one moment, in machine time. Rows are deleted after a minute."""

    __tablename__ = "mail_take"

    id: Mapped[int] = id_column()
    taken_at: Mapped[datetime] = mapped_column(index=True)
    messages: Mapped[int] = mapped_column(sa.Integer)


DELIVERIES = cast("sa.Table", Delivery.__table__)
"""The same without the ORM, for statements that run once or more for each message."""
