"""The texts of messages, version by version, and the tests of them that administrators sent themselves."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.core.db import Model, id_column


class MessageText(Model):
    """One version of a text; never changed. ``programme_id`` None: one text for the whole portal.

    Without subject and body the text as shipped stands (again). Version 0 is the one that is shipped, and no row.
    """

    __tablename__ = "message_text"
    __table_args__ = (
        sa.UniqueConstraint(
            "programme_id",
            "notification",
            "language",
            "number",
            name="uq_message_text_once",
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint("language IN ('nl', 'en')", name="language_known"),
        sa.CheckConstraint("number > 0", name="number_positive"),
        sa.CheckConstraint("(subject IS NULL) = (body IS NULL)", name="whole"),
    )

    id: Mapped[int] = id_column()
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id"))
    notification: Mapped[str]
    language: Mapped[str]
    number: Mapped[int] = mapped_column(sa.Integer)
    subject: Mapped[str | None]
    body: Mapped[str | None]
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    restored_number: Mapped[int | None] = mapped_column(sa.Integer)  # the version it repeats

    written_by: Mapped[Person] = relationship(lazy="raise_on_sql")


class TextTrial(Model):
    """A text that an administrator sent to their own address to see it; None where the shipped one was tried.

    ``case_id`` is the delivery whose values fill it, None for the example.
    """

    __tablename__ = "text_trial"
    __table_args__ = (
        sa.CheckConstraint("language IN ('nl', 'en')", name="language_known"),
        sa.CheckConstraint("(subject IS NULL) = (body IS NULL)", name="whole"),
    )

    id: Mapped[int] = id_column()
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id"))
    notification: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str | None]
    body: Mapped[str | None]
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delivery.id"))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
