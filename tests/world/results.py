"""Outcomes of a test, written straight into the tables: one application each, in a round whose results are out."""

from decimal import Decimal

from portal.applications.models import Application
from portal.applications.states import Outcome
from portal.calls.models import Round
from portal.core.db import db
from portal.partnerships.models import Partnership
from tests.world.applications_models import change_answer, given_complete_draft
from tests.world.time import moment


def publish_results(round_, at="2022-10-20T10:00"):
    db.session.execute(Round.__table__.update().where(Round.id == round_.id).values(results_published_at=moment(at)))
    db.session.commit()


def given_outcome(
    name, outcome=Outcome.APPROVED, *, round_=None, area=("13001",), amount="250000.00", is_published=True
):
    """An admissible application with its outcome; in a round of its own where none is given."""
    application = given_complete_draft(round_=round_)
    change_answer(application, "service_area", list(area))
    table = Application.__table__
    mine = table.update().where(table.c.id == application.id)
    db.session.execute(mine.values(state="submitted", submitted_at=moment("2022-07-01T10:00")))
    awarded = Decimal(amount) if outcome in (Outcome.APPROVED, Outcome.CONDITIONAL) else None
    db.session.execute(mine.values(state="admissible", outcome=outcome, awarded_amount=awarded))
    partnership = Partnership.__table__
    db.session.execute(partnership.update().where(partnership.c.id == application.partnership_id).values(name=name))
    db.session.commit()
    if is_published and round_ is None:
        publish_results(application.round)
    return application
