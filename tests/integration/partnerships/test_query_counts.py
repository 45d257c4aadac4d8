"""Lists ask the database as often for three rows as for one."""

import sqlalchemy as sa

from portal.core.db import db
from portal.partnerships import queries
from tests.world.accounts import given_organisation
from tests.world.partnerships import given_partnership


def _statements(run):
    seen = []
    db.session.expunge_all()
    engine = db.session.connection().engine

    def count(*_):
        seen.append(1)

    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        found = run()
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    return len(found), len(seen)


def test_my_partnerships_cost_the_same_for_one_and_for_three(inside):
    organisation_id = given_partnership(organisation := given_organisation()).partners[0].organisation_id
    rows, cost = _statements(lambda: queries.list_partnerships_of([organisation_id]))
    assert (rows, cost > 0) == (1, True)
    for name in ("Digibank Leie", "Digibank Kempen"):
        given_partnership(organisation, name=name)
    assert _statements(lambda: queries.list_partnerships_of([organisation_id])) == (3, cost)
