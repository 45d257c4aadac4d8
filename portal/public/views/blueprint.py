"""The blueprint that the public pages share."""

from __future__ import annotations

from portal.core.routing import Pages

bp = Pages("public", __name__)
