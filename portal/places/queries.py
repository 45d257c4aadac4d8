"""Municipalities as they stand on a day. The programme ran on the state of 2019 to 2024."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.core.db import db, get_one
from portal.places.models import Municipality, PostalCode
from portal.places.search_key import search_key


def list_municipalities(*, on: date) -> Sequence[Municipality]:
    """Those that exist on the day, by name."""
    return db.session.scalars(_existing(on)).all()


def list_municipalities_with_codes(*, on: date) -> list[tuple[Municipality, list[str]]]:
    """Those that exist on the day, by name, each with the postal codes it has then, in their order (one statement)."""
    codes = sa.func.array_agg(aggregate_order_by(PostalCode.postal_code, PostalCode.postal_code))
    having = sa.and_(PostalCode.nis == Municipality.nis, *_holds(PostalCode, on))
    stmt = sa.select(Municipality, sa.func.array_remove(codes, None)).outerjoin(PostalCode, having)
    stmt = stmt.where(*_holds(Municipality, on)).group_by(Municipality.nis)
    found = db.session.execute(stmt.order_by(Municipality.search_key, Municipality.nis))
    return [(municipality, held) for municipality, held in found]


def list_municipalities_by_nis(codes: Iterable[str]) -> Sequence[Municipality]:
    """Those with these codes, of any period, by name; an unknown code is left out."""
    wanted = sa.select(Municipality).where(Municipality.nis.in_(list(codes)))
    return db.session.scalars(wanted.order_by(Municipality.search_key, Municipality.nis)).all()


def find_municipality(nis: str, *, on: date | None = None) -> Municipality | None:
    """The one with this code, if it exists on the day (or at any time where no day is given)."""
    municipality = db.session.get(Municipality, nis)
    if municipality is None or (on is not None and not municipality.exists_on(on)):
        return None
    return municipality


def get_municipality(nis: str) -> Municipality:
    """Raises NotFound for an unknown code."""
    return get_one(sa.select(Municipality).where(Municipality.nis == nis))


def province_codes() -> dict[str, str]:
    """Return the code of the province by that of the municipality, of every period."""
    return {
        row.nis: row.province_code
        for row in db.session.execute(sa.select(Municipality.nis, Municipality.province_code))
    }


def search_municipalities(words: str, *, on: date, limit: int = 20) -> Sequence[Municipality]:
    """Those whose postal code begins with the digits given, or whose name holds the words; names that begin so first."""
    key = search_key(words)
    if not key:
        return []
    if key.isdigit():
        codes = sa.select(PostalCode.nis).where(
            PostalCode.postal_code.startswith(key, autoescape=True), *_holds(PostalCode, on)
        )
        found = _existing(on).where(Municipality.nis.in_(codes))
    else:
        begins_so = Municipality.search_key.startswith(key, autoescape=True)
        found = _existing(on).where(Municipality.search_key.contains(key, autoescape=True)).order_by(None)
        found = found.order_by(begins_so.desc(), Municipality.search_key, Municipality.nis)
    return db.session.scalars(found.limit(limit)).all()


def _existing(on: date) -> sa.Select[Municipality]:
    return sa.select(Municipality).where(*_holds(Municipality, on)).order_by(Municipality.search_key, Municipality.nis)


def _holds(kind: type[Municipality | PostalCode], on: date) -> tuple[sa.ColumnElement[bool], ...]:
    return kind.valid_from <= on, sa.or_(kind.valid_to.is_(None), kind.valid_to >= on)
