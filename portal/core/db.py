"""The database session, the base of every model, and the one way to load a single row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry

from portal.core.errors import NotFound

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Names every constraint, and says once how a Python type is stored."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: sa.DateTime(timezone=True),
            date: sa.Date(),
            Decimal: sa.Numeric(12, 2),
            str: sa.Text(),
            int: sa.BigInteger(),
            dict[str, Any]: JSONB(),
            list[str]: JSONB(),
            bytes: sa.LargeBinary(),
        },
    )


# A handler's rollback must undo to the last commit only, also inside a test's outer transaction.
db = SQLAlchemy(model_class=Base, session_options={"join_transaction_mode": "create_savepoint"})

if TYPE_CHECKING:

    class Model(Base):
        """What mypy sees; at run time it is Flask-SQLAlchemy's model class."""

        __abstract__ = True
else:
    Model = db.Model

M = TypeVar("M", bound=Base)


E = TypeVar("E", bound=StrEnum)


class Coded(sa.types.TypeDecorator[E]):
    """A code of ours, kept as text and read back as its enumeration: a plain string would fail every ``is``."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, codes: type[E]) -> None:
        super().__init__()
        self.codes = codes

    def process_bind_param(self, value: E | str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> E | None:
        return None if value is None else self.codes(value)


def id_column() -> Mapped[int]:
    """Return the surrogate key every table starts with."""
    return mapped_column(sa.BigInteger, sa.Identity(always=False), primary_key=True)


def one_of(column: str, values: type[Any], *, name: str | None = None) -> sa.CheckConstraint:
    """Return the CHECK that ``column`` holds a value of the enumeration ``values`` (native enums cannot be changed)."""
    known = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({known})", name=name or f"{column}_known")


def get_one(stmt: sa.Select[M], asked: Mapping[str, Any] | None = None, *, lock: bool = False) -> M:
    """Return the one row of ``stmt``; NotFound where there is none. ``asked`` are the values of its bind parameters.

    ``lock`` takes ``FOR NO KEY UPDATE`` (``FOR UPDATE`` would block every insert of a child row) and refreshes what
    the session already holds, which a lock alone does not.
    """
    if lock:
        entity = stmt.column_descriptions[0]["entity"]
        stmt = stmt.with_for_update(of=entity, key_share=True).execution_options(populate_existing=True)
    found = db.session.scalars(stmt, asked).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_one(stmt: sa.Select[M], asked: Mapping[str, Any] | None = None) -> M | None:
    """Return the one row of ``stmt``, or None; ``asked`` are the values of its bind parameters."""
    return db.session.scalars(stmt, asked).one_or_none()


def as_json(stmt: sa.SelectBase) -> sa.ScalarSelect[Any]:
    """Return the rows of ``stmt`` as one column, a list of objects by the columns' names: what a page asks of many tables
    comes with one statement. An amount is to be cast to text, or it comes back as a float.
    """
    rows = stmt.subquery()
    found = sa.func.jsonb_agg(sa.func.to_jsonb(rows.table_valued()), type_=JSONB)
    return sa.select(sa.func.coalesce(found, sa.literal_column("'[]'::jsonb"), type_=JSONB)).scalar_subquery()


@contextmanager
def apart() -> Iterator[Session]:
    """Give a short transaction of its own, for what must survive a refusal; the refused work is rolled back first."""
    db.session.rollback()
    with Session(db.engine, join_transaction_mode="create_savepoint") as session:
        yield session
        session.commit()


def advisory_lock(key: str) -> None:
    """Wait for the transaction-long advisory lock called ``key``."""
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(key, 0))))


def try_advisory_lock(key: str) -> bool:
    """Take the transaction-long advisory lock called ``key`` if it is free; return whether it was."""
    stmt = sa.select(sa.func.pg_try_advisory_xact_lock(sa.func.hashtextextended(key, 0)))
    return bool(db.session.scalar(stmt))
