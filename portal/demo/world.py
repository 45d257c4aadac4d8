"""The demo's world: loaded once by ``flask init``, by calling the portal's own commands at the right moments."""

from __future__ import annotations

import sqlalchemy as sa
from flask import current_app

from config import Settings
from portal.core.clock import Clock
from portal.core.db import advisory_lock, db
from portal.core.files import Storage
from portal.core.switches import Switch, turn_switch
from portal.demo.clock import START, put_clock
from portal.demo.models import DemoClock
from portal.demo.past import deliver_the_past, refuse_one
from portal.demo.start import keep_start
from portal.demo.world_assignment import propose_reviewers
from portal.demo.world_history import load_history
from portal.demo.world_mailings import load_mailings
from portal.demo.world_messages import read_the_past
from portal.demo.world_partnerships import load_partnerships
from portal.demo.world_people import STAFF_BEGIN, load_people
from portal.demo.world_pool import load_pool
from portal.demo.world_rounds import load_rounds
from portal.demo.world_texts import write_texts

NO_SCANNER = "De demo heeft geen virusscanner: haar bestanden zijn fictief en blijven op deze machine."


def load_world() -> bool:
    """Build the world and set the clock to its first moment; return False where that was done before.

    One transaction: the clock's row is written last, and its presence says that the world is whole.
    """
    advisory_lock("demo.world")
    if db.session.scalar(sa.select(DemoClock.id)) is not None:
        return False
    clock: Clock = current_app.extensions["portal.clock"]
    storage: Storage = current_app.extensions["portal.storage"]
    crowd = load_people()
    turn_switch(crowd.ctx("sofie", STAFF_BEGIN), Switch.NO_SCANNER, on=True, reason=NO_SCANNER)
    rounds = load_rounds(crowd)
    load_pool(crowd)
    partnerships = load_partnerships(crowd, rounds["B-2022-3"].call.programme, storage)
    load_history(crowd, rounds, partnerships, storage)
    propose_reviewers(crowd, rounds["B-2022-2"])
    write_texts(current_app._get_current_object(), crowd, "digibanken")  # type: ignore[attr-defined]  # noqa: SLF001 - Flask offers no other way
    load_mailings(crowd, rounds["B-2022-3"])
    deliver_the_past()
    refuse_one()
    read_the_past(crowd)
    deliver_the_past()  # what refusing and reading were events of
    put_clock(START - clock.machine_now())
    db.session.commit()
    settings: Settings = current_app.extensions["portal.settings"]
    if settings.database_owner_url:
        keep_start(settings.database_owner_url)
    return True
