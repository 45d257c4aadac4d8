"""Messages that administrators write to many."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.calls.models import Programme, Round
from portal.core.advance import govern
from portal.core.db import Coded, Model, id_column, one_of
from portal.core.text import Text
from portal.notifications.mailings.states import MAILING, Audience, MailingState


class Mailing(Model):
    """One text for one audience. The English may be empty: its readers then get the Dutch, and a line that says so."""

    __tablename__ = "mailing"
    __table_args__ = (
        one_of("state", MailingState),
        one_of("audience", Audience),
        sa.CheckConstraint("(audience = 'programme') = (programme_id IS NOT NULL)", name="of_programme"),
        sa.CheckConstraint("(audience <> 'programme') = (round_id IS NOT NULL)", name="of_round"),
        sa.CheckConstraint("state <> 'scheduled' OR send_at IS NOT NULL", name="scheduled_when"),
        sa.CheckConstraint("(state = 'released') = (released_at IS NOT NULL)", name="released_when"),
        sa.CheckConstraint("(subject_en = '') = (body_en = '')", name="english_whole"),
        sa.Index("ix_mailing_due", "send_at", postgresql_where=sa.text("state = 'scheduled'")),
    )

    id: Mapped[int] = id_column()
    state: Mapped[MailingState] = mapped_column(Coded(MailingState), default=MailingState.DRAFT)
    audience: Mapped[Audience] = mapped_column(Coded(Audience))
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("round.id"))
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id"))
    subject_nl: Mapped[str]
    body_nl: Mapped[str]
    subject_en: Mapped[str] = mapped_column(default="")
    body_en: Mapped[str] = mapped_column(default="")
    drafted_at: Mapped[datetime]
    drafted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    send_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]

    round: Mapped[Round | None] = relationship(lazy="raise_on_sql")
    programme: Mapped[Programme | None] = relationship(lazy="raise_on_sql")
    drafted_by: Mapped[Person] = relationship(lazy="raise_on_sql")

    @property
    def has_english(self) -> bool:
        return bool(self.subject_en)

    @property
    def subject(self) -> Text:
        return Text(self.subject_nl, self.subject_en)

    @property
    def target(self) -> str:
        """The code of the round or programme whose people it is for."""
        owner = self.round or self.programme
        return owner.code if owner is not None else ""


govern(Mailing, MAILING)
