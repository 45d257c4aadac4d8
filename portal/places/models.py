"""Municipalities and their postal codes, each with the days between which they hold."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model


class Municipality(Model):
    """A municipality as REFNIS knows it. `valid_to` is its last day; None while it exists."""

    __tablename__ = "municipality"
    __table_args__ = (
        sa.CheckConstraint("nis ~ '^[0-9]{5}$'", name="nis_has_five_digits"),
        sa.CheckConstraint("valid_to >= valid_from", name="period_runs_forward"),
        sa.CheckConstraint("successor_nis IS NULL OR valid_to IS NOT NULL", name="only_a_former_one_has_a_successor"),
        sa.Index("ix_municipality_search_key", "search_key"),
        sa.Index("ix_municipality_successor_nis", "successor_nis"),
    )

    nis: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    search_key: Mapped[str]
    province_code: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    successor_nis: Mapped[str | None] = mapped_column(sa.ForeignKey("municipality.nis"))

    @property
    def arrondissement_code(self) -> str:
        return self.nis[:2]

    def exists_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class PostalCode(Model):
    """A postal code of a municipality; several municipalities may share one."""

    __tablename__ = "postal_code"
    __table_args__ = (
        sa.CheckConstraint("postal_code ~ '^[0-9]{4}$'", name="postal_code_has_four_digits"),
        sa.CheckConstraint("valid_to >= valid_from", name="period_runs_forward"),
        sa.Index("ix_postal_code_postal_code", "postal_code"),
    )

    nis: Mapped[str] = mapped_column(sa.ForeignKey("municipality.nis"), primary_key=True)
    postal_code: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
