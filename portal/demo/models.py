"""The one row of the demo itself: how far its time runs beside the machine's."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model


class DemoClock(Model):
    """Domain time is machine time plus ``offset``. No row: the demo's world was not loaded yet."""

    __tablename__ = "demo_clock"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False, default=1)
    offset: Mapped[timedelta] = mapped_column(sa.Interval)
