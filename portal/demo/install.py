"""What turns the portal into its demo. Imported by ``portal.app`` in demo mode alone."""

from __future__ import annotations

from flask import Flask

from config import Settings
from portal.core.clock import Clock
from portal.demo.clock import ShiftedClock


def install(app: Flask) -> Clock:
    """Return the clock that the demo runs on."""
    settings: Settings = app.extensions["portal.settings"]
    return ShiftedClock(settings.database_url)
