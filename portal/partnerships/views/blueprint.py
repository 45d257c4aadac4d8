"""The blueprint that the partnerships pages share."""

from __future__ import annotations

from portal.core.routing import Pages

bp = Pages("partnerships", __name__)
