"""Definitions in the database: jsonb that is read back as its frozen dataclass."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from portal.calls import structure

T = TypeVar("T")


class Amounts(sa.types.TypeDecorator[dict[str, Decimal]]):
    """Euro amounts by a code, kept as jsonb of strings: a number of JSON would come back as a float."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: dict[str, Decimal] | None, dialect: sa.Dialect) -> Any:
        return None if value is None else {code: str(amount) for code, amount in value.items()}

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> dict[str, Decimal] | None:
        return None if value is None else {code: Decimal(amount) for code, amount in value.items()}


class Stored(sa.types.TypeDecorator[T]):
    """A frozen dataclass kept as jsonb; None is NULL.

    It comes out of the database as text, and equal text is read once per process: a form takes milliseconds to read
    and is asked for on every page, and a list repeats its round's terms with each row.
    """

    impl = JSONB
    cache_ok = True

    def __init__(self, kind: type[T], where: str) -> None:
        super().__init__(none_as_null=True)
        self.kind = kind
        self.where = where

    def column_expression(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        return sa.type_coerce(sa.cast(column, sa.Text), self)

    def process_bind_param(self, value: T | None, dialect: sa.Dialect) -> Any:
        return None if value is None else structure.write(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> T | None:
        return None if value is None else structure.read_text(self.kind, value, self.where)
