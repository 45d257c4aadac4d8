"""Facts in the past tense. Pure: ``core.event_log`` is the half that writes them down.

A payload holds ids, codes, amounts, times and digests: never a token, an address, a name or a text, so that erasing a
person empties that person's row and the log still verifies.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

Scalar = int | str | bool | Decimal | datetime | date | None

_REGISTRY: dict[str, type[Event]] = {}


@dataclass(frozen=True)
class Event:
    """Base of every event. ``topic`` is ``subject.past-tense``; the field ``<subject>_id`` names what it is about."""

    topic: ClassVar[str]
    subject: ClassVar[str]

    def __init_subclass__(cls, *, topic: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not topic:
            return
        if topic in _REGISTRY and _REGISTRY[topic].__qualname__ != cls.__qualname__:
            raise TypeError(f"two events share the topic {topic}")
        cls.topic, cls.subject = topic, topic.split(".", 1)[0]
        _REGISTRY[topic] = cls

    @property
    def subject_id(self) -> int:
        return int(getattr(self, f"{self.subject}_id"))

    def payload(self) -> dict[str, Any]:
        """Return the fields as JSON values: amounts and times become exact strings."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value


def event_types() -> dict[str, type[Event]]:
    """Return every event class by its topic (of the modules imported so far)."""
    return dict(_REGISTRY)
