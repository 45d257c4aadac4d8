"""The blueprint that the desk's pages share."""

from __future__ import annotations

from portal.core.routing import Pages

bp = Pages("desk", __name__)
