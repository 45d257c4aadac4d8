"""More time for one application: when, until when and why it was given."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, db, id_column


class Extension(Model):
    """More time that an administrator gave one application, and why; every one that was given stays."""

    __tablename__ = "extension"
    __table_args__ = (
        sa.CheckConstraint("new_closes_at > old_closes_at", name="later_than_before"),
        sa.Index("ix_extension_application_id", "application_id"),
    )

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    old_closes_at: Mapped[datetime]
    new_closes_at: Mapped[datetime]
    reason: Mapped[str]
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))


def list_extensions(application_id: int) -> list[Extension]:
    """Return the times that the application was given more time, oldest first."""
    stmt = sa.select(Extension).where(Extension.application_id == application_id)
    return list(db.session.scalars(stmt.order_by(Extension.id)))
