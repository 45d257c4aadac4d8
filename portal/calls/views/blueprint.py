"""The blueprint that the pages of programmes, calls and rounds share."""

from __future__ import annotations

from portal.core.routing import Pages

bp = Pages("calls", __name__)
