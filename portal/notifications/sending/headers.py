"""Headers parsed and folded once: most of a message's are those of the message before, and cost as much as its text."""

from __future__ import annotations

from collections.abc import Callable
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.policy import EmailPolicy
from functools import lru_cache
from typing import Any

KEPT = 500
BOUNDARY = "=_part-of-a-message-of-the-portal_="


class _Unfolded:
    """A header on one line, however long: folded, a link of ours would be written as encoded words, which no program opens."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        kwds["decoded"] = str(value)
        kwds["parse_tree"] = None

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]  # of BaseHeader, beside which it stands


def _registry() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("list-unsubscribe", _Unfolded)  # type: ignore[arg-type]  # what its stubs leave out
    return registry


class _CachingPolicy(EmailPolicy):
    """As the library's policy; a header object is never changed, so that messages may share it."""

    def header_max_count(self, name: str) -> int | None:
        return _most(name)

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return _parsed(name, value) if type(value) is str else super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        # smtplib clones the policy for each message, with the line ends of the wire.
        return _folded(name, value) if self.linesep == _on_the_wire.linesep else super().fold_binary(name, value)


_headers = _registry()
_on_the_wire = EmailPolicy(linesep="\r\n", header_factory=_headers)
_most: Callable[[str], int | None] = lru_cache(KEPT)(_on_the_wire.header_max_count)
_parsed: Callable[[str, str], tuple[str, Any]] = lru_cache(KEPT)(_on_the_wire.header_store_parse)
_folded: Callable[[str, Any], bytes] = lru_cache(KEPT)(_on_the_wire.fold_binary)


POLICY = _CachingPolicy(header_factory=_headers)
"""The policy of every message."""


def two_bodies(message: EmailMessage, text: str, html: str) -> None:
    """Give ``message`` its text, and the same as HTML.

    The boundary is always the same, unless it stands in the words: somebody could write it there.
    """
    message.set_content(text)
    message.make_alternative(boundary=None if BOUNDARY in text or BOUNDARY in html else BOUNDARY)
    message.add_alternative(html, subtype="html")
