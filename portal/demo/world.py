"""The demo's world: loaded once by ``flask init``, by calling the portal's own commands at the right moments."""

from __future__ import annotations

import sqlalchemy as sa
from flask import current_app

from portal.core.clock import Clock
from portal.core.db import advisory_lock, db
from portal.demo.clock import START, put_clock
from portal.demo.models import DemoClock
from portal.demo.start import keep_start


def load_world() -> bool:
    """Build the world and set the clock to its first moment; return False where that was done before.

    One transaction: the clock's row is written last, and its presence says that the world is whole.
    """
    advisory_lock("demo.world")
    if db.session.scalar(sa.select(DemoClock.id)) is not None:
        return False
    clock: Clock = current_app.extensions["portal.clock"]
    put_clock(START - clock.machine_now())
    db.session.commit()
    owner_url = current_app.extensions["portal.settings"].database_owner_url
    if owner_url:
        keep_start(owner_url)
    return True
