"""Before there is an administrator, the console makes one of somebody who registered."""

import sqlalchemy as sa

from portal.accounts.queries import find_person_by_email
from portal.core.actor import Role
from portal.core.db import db
from portal.core.event_log import EventRow
from tests.world.accounts import given_person


def appoint(app, address):
    said = app.test_cli_runner().invoke(args=["appoint", address])
    return said.exit_code, said.output


def test_whoever_registered_becomes_an_administrator_and_the_log_says_so(app, savepoint, world):
    person = world(given_person, "Sofie De Backer", roles=[Role.REVIEWER])
    assert appoint(app, person.email) == (0, "Sofie De Backer is an administrator.\n")
    assert set(world(find_person_by_email, person.email).roles) == {Role.REVIEWER, Role.ADMINISTRATOR}
    asked = sa.select(EventRow.actor_kind, EventRow.payload).where(EventRow.topic == "person.role-granted")
    ((actor, payload),) = world(lambda: db.session.execute(asked).all())
    assert (actor, payload["role"]) == ("cli", "administrator")


def test_nobody_is_made_up(app, savepoint):
    code, output = appoint(app, "nobody@example.be")
    assert (code, "Nobody registered" in output) == (1, True)
