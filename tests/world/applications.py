"""Applications of a test, made by the portal's own commands, and committed."""

from portal.applications.commands.start import start_application
from portal.applications.queries import get_application
from portal.calls.queries import get_round
from portal.core.db import db
from tests.world.accounts import NOW, ctx_for
from tests.world.calls import given_announced_round
from tests.world.partnerships import given_partnership


def given_round(call="execution"):
    """The open round B-2022-1 with the form that announcing froze (the lock makes the session read it anew)."""
    return get_round(given_announced_round(call).code, lock=True)


def given_draft(partnership=None, *, round_=None, person=None, at=NOW):
    """A draft in the open round B-2022-1; the console begins it where no person is given."""
    round_ = round_ or given_round()
    partnership = partnership or given_partnership(at=at)
    made = start_application(ctx_for(person, at), round_, partnership)
    db.session.commit()
    return get_application(made.reference)
