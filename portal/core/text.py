"""Words that travel through pure code: marked here, translated at the rim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self


class Msg(str):
    """An English source sentence with its values. ``str(msg)`` is the source; the rim translates and formats."""

    __slots__ = ("params",)
    params: dict[str, Any]

    def __new__(cls, source: str, params: dict[str, Any] | None = None) -> Self:
        self = super().__new__(cls, source)
        self.params = params or {}
        return self

    def __reduce__(self) -> tuple[type[Msg], tuple[str, dict[str, Any]]]:
        return (Msg, (str(self), self.params))


def _l(source: str, **params: Any) -> Msg:
    """Mark ``source`` for the message extractor; values in ``%(name)s`` are formatted when it is shown."""
    return Msg(source, params)


@dataclass(frozen=True, slots=True)
class Text:
    """Content that is written in both languages, such as a question or a criterion."""

    nl: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the text in ``language`` (``nl`` or ``en``); Dutch is the language of administration."""
        return self.en if language.startswith("en") and self.en else self.nl

    def as_json(self) -> dict[str, str]:
        return {"nl": self.nl, "en": self.en}
