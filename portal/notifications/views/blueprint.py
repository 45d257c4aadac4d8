"""The blueprint that the pages of messages share."""

from __future__ import annotations

from portal.core.routing import Pages

bp = Pages("notifications", __name__)
