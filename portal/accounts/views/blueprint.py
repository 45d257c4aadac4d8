"""The blueprint that the accounts pages share."""

from __future__ import annotations

from portal.core.routing import Pages

bp = Pages("accounts", __name__)
