"""Addresses of pages in messages: made without a request, on the portal's own base address."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

from werkzeug.routing import Map


class Links:
    """Builds absolute links from the application's routes. ``key`` signs the links that stand for a person."""

    def __init__(self, url_map: Map, base_url: str, key: str) -> None:
        parts = urlsplit(base_url)
        self.base_url, self.key, self.host = base_url, key, parts.hostname or "localhost"
        self._routes = url_map.bind(parts.netloc, script_name=parts.path or "/", url_scheme=parts.scheme)

    def to(self, endpoint: str, **values: Any) -> str:
        """Return the address of ``endpoint``; werkzeug's BuildError where there is none such."""
        return self._routes.build(endpoint, values, force_external=True)


class MaskedLinks(Links):
    """For the eyes of anybody but the recipient: a token is replaced, and its key is thrown away.

    Twice, because a token that slipped past the first guard must not open anything either.
    """

    HIDDEN = "hidden"

    def __init__(self, url_map: Map, base_url: str) -> None:
        super().__init__(url_map, base_url, secrets.token_hex())

    def to(self, endpoint: str, **values: Any) -> str:
        return super().to(endpoint, **{name: self.HIDDEN if name == "token" else each for name, each in values.items()})
