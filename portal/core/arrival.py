"""When did this request arrive? Stamped in the outermost layer, before anything reads the body.

A submission is in time if its first byte reached our first machine at or before the deadline, and it was complete
within two minutes. Behind a configured proxy the stamp is the proxy's, minus the time it spent buffering the body:
nginx evaluates ``$msec`` after the body is in, hence the second header.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from portal.core.clock import Clock, monotonic

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST = timedelta(seconds=120)
ARRIVED, SEEN, STARTED = "portal.arrived_at", "portal.seen_at", "portal.monotonic"


class Arrival:
    """WSGI layer that writes ``portal.arrived_at`` and ``portal.seen_at`` (domain time) into the environ."""

    def __init__(self, app: WSGIApplication, clock: Clock, trusted_proxies: Iterable[str] = ()) -> None:
        self.app, self.clock, self.trusted = app, clock, frozenset(trusted_proxies)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started, machine = monotonic(), self.clock.machine_now()
        offset = self.clock.offset()
        stamped = machine
        if not offset and environ.get("REMOTE_ADDR") in self.trusted:  # the TCP peer: this layer is outside ProxyFix
            stamped = proxy_stamp(environ) or machine
        environ[ARRIVED] = min(machine, max(stamped, machine - LONGEST)) + offset
        environ[SEEN] = machine + offset
        environ[STARTED] = started
        return self.app(environ, start_response)


def proxy_stamp(environ: WSGIEnvironment) -> datetime | None:
    """Return the proxy's stamp of the first byte, or None where its headers are missing or not numbers."""
    try:
        stamp = float(environ["HTTP_X_REQUEST_START"].removeprefix("t="))
        elapsed = timedelta(seconds=float(environ.get("HTTP_X_REQUEST_ELAPSED", 0)))
        return datetime.fromtimestamp(stamp, UTC) - elapsed
    except (KeyError, ValueError, OverflowError, OSError):
        return None


def is_overdue(environ: WSGIEnvironment) -> bool:
    """Return whether more than two minutes went by between the stamp and now: asked after the body was read."""
    started: float = environ.get(STARTED, monotonic())
    arrived, seen = environ.get(ARRIVED), environ.get(SEEN)
    waited = seen - arrived if arrived is not None and seen is not None else timedelta(0)
    return bool(waited + timedelta(seconds=monotonic() - started) > LONGEST)
