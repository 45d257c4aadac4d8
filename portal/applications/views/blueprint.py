"""The blueprint that the application pages share."""

from __future__ import annotations

from portal.core.routing import Pages

bp = Pages("applications", __name__)
