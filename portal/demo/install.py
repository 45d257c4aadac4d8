"""What turns the portal into its demo. Imported by ``portal.app`` in demo mode alone."""

from __future__ import annotations

from typing import Any

from flask import Flask, has_request_context

from config import Settings
from portal.core.clock import Clock
from portal.core.web import arrived_at
from portal.demo import views
from portal.demo.bar import read_bar
from portal.demo.clock import ShiftedClock
from portal.demo.mailbox import numbers


def install(app: Flask) -> Clock:
    """Register the demo's pages and its bar; return the clock that the demo runs on."""
    settings: Settings = app.extensions["portal.settings"]
    app.register_blueprint(views.bp)

    @app.context_processor
    def show_bar() -> dict[str, Any]:
        if not has_request_context():  # a mail, written by a worker
            return {}
        messages = len(numbers(settings.mail_store)) if settings.mail_store else None
        return {"demo_bar": read_bar(arrived_at(), messages)}

    return ShiftedClock(settings.database_url)
