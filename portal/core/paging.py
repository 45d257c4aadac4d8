"""Keyset pages: constant work however far one reads, and no row twice when others are added meanwhile."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from portal.core.db import db

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of rows; ``next_cursor`` is None on the last."""

    rows: Sequence[T]
    next_cursor: str | None


def encode_cursor(values: Sequence[Any]) -> str:
    """Return an opaque cursor for the values of the sort columns."""
    return base64.urlsafe_b64encode(json.dumps([str(value) for value in values]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, width: int) -> list[str] | None:
    """Return the values in ``cursor``; None for no cursor and for one that was tampered with (the first page)."""
    if not cursor:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        return None
    if not isinstance(values, list) or len(values) != width or not all(isinstance(value, str) for value in values):
        return None
    return values


def page(
    stmt: sa.Select[*tuple[Any, ...]],
    *,
    by: Sequence[tuple[Any, bool]],
    key: Callable[[Any], Sequence[Any]],
    cursor: str | None,
    size: int = 50,
    scalars: bool = True,
) -> Page[Any]:
    """Return one page of ``stmt`` ordered ``by`` (column, descending) pairs, the last of them unique and not null.

    ``key`` gives a row's values of those columns. All columns must run the same way, so that one row comparison
    (``(a, b) < (x, y)``) can use the index.
    """
    values = decode_cursor(cursor, len(by))
    columns = [column for column, _ in by]
    descending = by[0][1]
    if values is not None:
        row = sa.tuple_(*columns)
        bound = sa.tuple_(
            *[sa.cast(sa.literal(value), column.type) for value, column in zip(values, columns, strict=True)]
        )
        stmt = stmt.where(row < bound if descending else row > bound)
    stmt = stmt.order_by(*[column.desc() if descending else column.asc() for column in columns]).limit(size + 1)
    try:
        rows: list[Any] = list(db.session.scalars(stmt)) if scalars else list(db.session.execute(stmt))
    except sa.exc.DataError:  # a cursor whose values do not fit the columns: somebody typed it
        db.session.rollback()
        return Page([], None)
    return cut(rows, key=key, size=size)


def cut(rows: Sequence[T], *, key: Callable[[T], Sequence[Any]], size: int) -> Page[T]:
    """Return the first ``size`` of ``rows`` as a page; the one more that was asked says whether another follows."""
    some = rows[:size]
    return Page(some, encode_cursor(key(some[-1])) if len(rows) > size else None)
