"""The texts of letters, version by version, and the letters that were told with what they say."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.applications.models import Application
from portal.calls.models import Programme
from portal.core.db import Coded, Model, id_column, one_of
from portal.core.files import StoredFile
from portal.decisions.states import LetterFailure, LetterKind, LetterState


class LetterText(Model):
    """One version of a programme's text for a kind of letter; never changed. Version 0 is the one that is shipped."""

    __tablename__ = "letter_text"
    __table_args__ = (
        one_of("kind", LetterKind),
        sa.UniqueConstraint("programme_id", "kind", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[int] = id_column()
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    kind: Mapped[LetterKind] = mapped_column(Coded(LetterKind))
    number: Mapped[int] = mapped_column(sa.Integer)
    text: Mapped[str]
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    restored_number: Mapped[int | None] = mapped_column(sa.Integer)  # the version it repeats

    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")
    written_by: Mapped[Person] = relationship(lazy="raise_on_sql")


class Letter(Model):
    """What a letter says, frozen when it was told, and the files that a worker makes of it.

    One of a kind a decision, and one for an inadmissible application, on which no decision is taken.

    ``content`` is canonical JSON: the text, its version and the values. ``due_at`` is machine time, a lease too.
    """

    __tablename__ = "letter"
    __table_args__ = (
        one_of("kind", LetterKind),
        one_of("state", LetterState),
        one_of("failure", LetterFailure),
        sa.UniqueConstraint("decision_id", "kind"),
        sa.CheckConstraint("(decision_id IS NULL) = (kind = 'inadmissible')", name="decision_when"),
        sa.CheckConstraint(
            "(state = 'ready') = (pdf_id IS NOT NULL AND docx_id IS NOT NULL AND made_at IS NOT NULL)",
            name="ready_when",
        ),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failed_when"),
        sa.Index("ix_letter_application_id", "application_id"),
        sa.Index(
            "uq_letter_inadmissible", "application_id", unique=True, postgresql_where=sa.text("kind = 'inadmissible'")
        ),
        sa.Index("ix_letter_due", "due_at", "id", postgresql_where=sa.text("state = 'waiting'")),
        sa.Index("ix_letter_failed", "id", postgresql_where=sa.text("state = 'failed'")),
    )

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"))
    kind: Mapped[LetterKind] = mapped_column(Coded(LetterKind))
    told_at: Mapped[datetime]
    content: Mapped[str]
    sha256: Mapped[str]  # of ``content``; the event log holds it too
    state: Mapped[LetterState] = mapped_column(Coded(LetterState), default=LetterState.WAITING)
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    due_at: Mapped[datetime]
    failure: Mapped[LetterFailure | None] = mapped_column(Coded(LetterFailure))
    made_at: Mapped[datetime | None]
    pdf_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"), unique=True)
    docx_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"), unique=True)

    application: Mapped[Application] = relationship(lazy="raise_on_sql")
    pdf: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql", foreign_keys=[pdf_id])
    docx: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql", foreign_keys=[docx_id])
