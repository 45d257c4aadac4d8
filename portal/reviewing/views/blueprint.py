"""The blueprint that the reviewing pages share."""

from __future__ import annotations

from portal.core.routing import Pages

bp = Pages("reviewing", __name__)
