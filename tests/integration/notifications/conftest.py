"""A partnership with a draft in a round, and what its people are told."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.applications.models import Application
from portal.calls.models import Round
from portal.calls.queries import get_call, latest_form
from portal.calls.states import RankingPolicy
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.notifications.models import Delivery
from portal.notifications.sending.relay import expand_event
from portal.notifications.sending.rendering import render_message
from portal.partnerships.models import Partner, Partnership
from portal.partnerships.states import PartnerRole
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.calls import given_programmes
from tests.world.time import moment
from tests.world.wordings import check_wording

CLOSES = moment("2022-09-30T12:00")


class Town:
    """A partnership of two organisations with a draft in a round; a third organisation stands beside it."""

    def __init__(self):
        self.eva = given_person("Eva Claes")
        self.tom = given_person("Tom Maes", language="en")
        self.noor = given_person("Noor Baert")
        promotor = given_organisation(self.eva)
        partner = given_organisation(self.tom, name="OCMW Vlierbeke")
        given_organisation(self.noor, name="Buurthuis De Spil")
        call = self._call()
        self.round = self.add(
            Round(
                call_id=call.id,
                code="A-2022-3",
                year=2022,
                number=3,
                opens_at=moment("2022-09-05T12:00"),
                closes_at=CLOSES,
                decision_due_on=date(2022, 11, 15),
                projects_start_on=date(2022, 12, 1),
                budget_amount=Decimal(500_000),
                ranking_policy=RankingPolicy.STRICT,
                drafted_at=moment("2022-06-01T12:00"),
                form_version_id=self.form.id,
            )
        )
        self.partnership = self.add(
            Partnership(programme_id=call.programme_id, name="Digipunt Noord", begun_at=moment("2022-06-01T12:00"))
        )
        for organisation, role in ((promotor, PartnerRole.PROMOTOR), (partner, PartnerRole.CORE)):
            self.add(
                Partner(
                    partnership_id=self.partnership.id,
                    organisation_id=organisation.id,
                    role=role,
                    started_on=date(2022, 6, 1),
                )
            )
        self.application = self.add(
            Application(
                round_id=self.round.id,
                partnership_id=self.partnership.id,
                promotor_id=promotor.id,
                number=17,
                reference="DB-A-2022-3-0017",
                begun_at=moment("2022-09-06T12:00"),
            )
        )

    def _call(self):
        given_programmes()
        call = get_call("digibanken", "formation")
        self.form = latest_form(call.id)
        return call

    def add(self, row):
        db.session.add(row)
        db.session.flush()
        return row

    def add_as_it_stood(self, model, **values):
        """Insert a row in a later state than its first, past the guard that lets only the workflow move it."""
        key = db.session.execute(sa.insert(model).values(**values)).inserted_primary_key
        return db.session.get(model, key[0])

    def told(self, topic, subject_id, payload=None, actor=None):
        """Expand one event; return each recipient's address with the message rendered for them."""
        event = self.add(
            EventRow(
                topic=topic,
                occurred_at=moment("2022-09-20T10:00:07"),
                actor_id=actor.id if actor else None,
                actor_kind="person" if actor else "test",
                subject=topic.split(".")[0],
                subject_id=subject_id,
                payload=payload or {},
                request_id="",
            )
        )
        expand_event(ctx_for(), event)
        deliveries = db.session.query(Delivery).filter_by(event_id=event.id).order_by(Delivery.person_id)
        for each in deliveries:
            check_wording(self.app, each, event)
        return {each.address: render_message(self.app, each, event) for each in deliveries}


@pytest.fixture
def town(app, savepoint):
    with app.app_context():
        made = Town()
        made.app = app
        yield made
