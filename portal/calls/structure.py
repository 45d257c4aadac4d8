"""Strict reading and writing of frozen dataclasses as plain data (TOML on disk, jsonb in the database).

The dataclass is the schema: an unknown key, a missing key or a value of another type is refused with a
message that names the place, such as `formation.toml: criteria[2].weight: expected a whole number, got 'x'`.
"""

from __future__ import annotations

import json
import types
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache, lru_cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def read(kind: type[T], data: object, where: str) -> T:
    """Build `kind` (a dataclass) from plain data.

    A dataclass whose plain shape differs from its fields has `from_data(data, where)`.
    Raises ValueError naming `where` and the key on anything the dataclass does not describe.
    """
    own_reader = getattr(kind, "from_data", None)
    if own_reader is not None:
        own: T = own_reader(data, where)
        return own
    if not isinstance(data, Mapping):
        raise unfit(where, "a table", data)
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]  # T is a dataclass by contract
    for key in data:
        if key not in known:
            raise ValueError(f"{where}: unknown key {key!r}; known are {', '.join(sorted(known))}")
    hints = _hints(kind)  # type: ignore[arg-type]  # a class is hashable
    values: dict[str, Any] = {}
    for name, field in known.items():
        if name in data:
            values[name] = _convert(hints[name], data[name], f"{where}.{name}")
        elif field.default is MISSING and field.default_factory is MISSING:
            raise ValueError(f"{where}: missing key {name!r}")
    try:
        return kind(**values)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error


def read_text(kind: type[T], text: str, where: str) -> T:
    """As `read`, of JSON as text: equal text is read once, and everybody shares what is frozen."""
    found: T = _read_text(kind, text, where)  # type: ignore[arg-type]  # a class is hashable
    return found


@lru_cache(maxsize=256)
def _read_text(kind: type[Any], text: str, where: str) -> Any:
    return read(kind, json.loads(text), where)


def write(value: object) -> Any:
    """The plain data of a dataclass, as `read` accepts it and JSON holds it; unset optional fields are left out."""
    own = getattr(value, "to_data", None)
    if own is not None:
        return own()
    if is_dataclass(value):
        return {
            field.name: write(getattr(value, field.name))
            for field in fields(value)
            if getattr(value, field.name) not in (None, ())
        }
    if isinstance(value, Mapping):
        return {key: write(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [write(item) for item in value]
    return _write_scalar(value)


def unfit(where: str, expected: str, got: object) -> ValueError:
    """The error for data of another shape than expected."""
    return ValueError(f"{where}: expected {expected}, got {got!r}")


def _write_scalar(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)


def _convert(hint: Any, value: Any, where: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _convert(next(part for part in get_args(hint) if part is not type(None)), value, where)
    if origin is tuple:
        return _convert_list(get_args(hint)[0], value, where)
    if origin is Mapping:
        return _convert_parameters(value, where)
    if origin is Literal:
        if value not in get_args(hint):
            raise ValueError(f"{where}: {value!r} is not one of {', '.join(map(str, get_args(hint)))}")
        return value
    if is_dataclass(hint):
        return read(hint, value, where)  # type: ignore[arg-type]  # a dataclass in a type hint is its type
    return _convert_scalar(hint, value, where)


def _convert_list(hint: Any, value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise unfit(where, "a list", value)
    return tuple(_convert(hint, item, f"{where}[{index}]") for index, item in enumerate(value))


def _convert_parameters(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise unfit(where, "a table", value)
    parameters: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, list | tuple):
            parameters[key] = _convert_list(str, item, f"{where}.{key}")
        elif isinstance(item, str | int):
            parameters[key] = item
        else:
            raise unfit(f"{where}.{key}", "a text, a number or a list of texts", item)
    return parameters


def _convert_scalar(hint: Any, value: Any, where: str) -> Any:
    if isinstance(hint, type) and issubclass(hint, Enum):
        try:
            return hint(value)
        except ValueError:
            raise ValueError(f"{where}: {value!r} is not one of {', '.join(item.value for item in hint)}") from None
    if hint is Decimal and isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        try:
            return Decimal(value)
        except InvalidOperation:
            raise ValueError(f"{where}: {value!r} is not a number") from None
    if hint is date and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{where}: {value!r} is not a date") from None
    if type(value) is not hint:
        names = {str: "a text", int: "a whole number", bool: "true or false", date: "a date", Decimal: "a number"}
        raise unfit(where, names.get(hint, str(hint)), value)
    if hint is str and not value.strip():
        raise ValueError(f"{where}: is empty")
    return value
