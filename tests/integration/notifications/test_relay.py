"""Events become deliveries: many at once, to any number of people, and one that cannot holds nobody up."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from portal.accounts.events import ClaimConfirmed, PasswordResetRequested
from portal.core.db import db
from portal.core.event_log import OutboxRow, record
from portal.core.events import Event
from portal.core.text import _l
from portal.notifications import table
from portal.notifications.categories import Category
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.notification import Notification, Recipient
from portal.notifications.sending import relay
from tests.world.accounts import ctx_for, given_person
from tests.world.mail import given_claim

MANY = 6_500  # each row has thirteen values, and PostgreSQL takes 65,535 parameters

pytestmark = pytest.mark.usefixtures("inside")


@dataclass(frozen=True)
class BellRung(Event, topic="bell.rung"):
    bell_id: int


class BellHeard(Notification):
    """Everybody in town hears a bell."""

    name = "bell-heard"
    topics = ("bell.rung",)
    reason = _l("You receive this because you registered this organisation.")
    category = Category.MAILINGS

    def recipients(self, event):
        return [Recipient(f"invitation:{number}", f"{number}@example.be", "nl") for number in range(MANY)]

    def context(self, event, delivery, links):
        return {}


def count(*where):
    return db.session.scalar(sa.select(sa.func.count()).select_from(Delivery).where(*where))


def test_one_event_is_told_to_thousands_in_a_few_statements(monkeypatch, count_statements):
    monkeypatch.setitem(table.BY_TOPIC, "bell.rung", [BellHeard()])
    record(ctx_for(), BellRung(bell_id=1))
    with count_statements() as sent:
        done = relay.relay_batch(ctx_for())
    assert (done.rows, done.made, done.urgent) == (1, MANY, 0)
    assert count(Delivery.state == DeliveryState.WAITING) == MANY
    assert len(sent) < 10
    assert relay.relay_batch(ctx_for()).rows == 0, "the event is settled"


def test_an_event_told_again_reaches_only_whom_it_did_not_reach(monkeypatch):
    monkeypatch.setitem(table.BY_TOPIC, "bell.rung", [BellHeard()])
    record(ctx_for(), BellRung(bell_id=1))
    relay.relay_batch(ctx_for())
    db.session.execute(sa.delete(Delivery).where(Delivery.recipient == "invitation:7"))
    db.session.execute(sa.update(OutboxRow).values(is_open=True))
    assert relay.relay_batch(ctx_for()).made == 1
    assert count() == MANY


def test_who_waits_for_a_new_password_is_told_before_what_happened_earlier():
    for number in range(3):
        claim = given_claim(number)
        record(ctx_for(), ClaimConfirmed(claim_id=claim.id, organisation_id=claim.organisation_id))
    record(ctx_for(), PasswordResetRequested(person_id=given_person("Eva Claes").id))
    first = relay.relay_batch(ctx_for())
    assert (first.made, first.urgent) == (1, 1)
    second = relay.relay_batch(ctx_for())
    assert (second.made, second.urgent) == (3, 0)


def test_an_event_that_cannot_be_told_is_put_off_while_the_others_of_its_batch_go_on():
    lost = ClaimConfirmed(claim_id=987_654, organisation_id=987_654)
    for event in (lost, *(ClaimConfirmed(each.id, each.organisation_id) for each in map(given_claim, range(2)))):
        record(ctx_for(), event)
    done = relay.relay_batch(ctx_for())
    assert (done.rows, done.made) == (3, 2)
    waiting = db.session.scalars(sa.select(OutboxRow).where(OutboxRow.is_open)).all()
    assert [(each.attempts, each.parked_at) for each in waiting] == [(1, None)]
