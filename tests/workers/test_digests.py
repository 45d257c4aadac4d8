"""The daily digest through a real broker, worker and mail server: once, whatever runs twice."""

import pytest
import sqlalchemy as sa

from portal.accounts.events import ClaimConfirmed
from portal.core.actor import system_actor
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import record
from portal.notifications.categories import Category, Choice
from portal.notifications.models import Delivery, DeliveryState, MailChoice
from tests.world.mail import AT, given_claim


@pytest.fixture
def session(worker_app):
    with worker_app.app_context():
        yield db.session
        db.session.rollback()


def given_gathered(claim):
    """Two messages that wait for the digest of the claim's person; what they are about does not matter here."""
    db.session.add(
        MailChoice(person_id=claim.person_id, category=Category.DEADLINES, choice=Choice.DIGEST, chosen_at=AT)
    )
    for number in range(2):
        event = ClaimConfirmed(claim_id=claim.id, organisation_id=claim.organisation_id)
        db.session.add(
            Delivery(
                event_id=record(Ctx(AT, system_actor("test")), event),
                notification="round-opened",
                recipient=f"person:{claim.person_id}",
                person_id=claim.person_id,
                address="person-1@example.be",
                language="nl",
                state=DeliveryState.GATHERED,
                subject=f"Ronde {number} is open",
                made_at=AT,
                next_attempt_at=machine_now(),
            )
        )
    db.session.commit()


def test_what_was_gathered_leaves_in_one_message_and_is_sent_with_it(run, session, sink):
    claim = given_claim(1)
    given_gathered(claim)
    for task in ("digests.make", "digests.make", "outbox.relay_events", "mail.send_due", "mail.send_due"):
        run(task)
    digests = [each for each in sink.messages if "overzicht" in each["Subject"]]
    (digest,) = digests
    assert digest["Subject"] == "2 berichten in uw dagelijkse overzicht"
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for _ in range(2):
        run("digests.make")
    kept = sa.select(Delivery.notification, Delivery.state, Delivery.subject).order_by(Delivery.id)
    assert [tuple(row) for row in session.execute(kept) if row.notification != "claim-confirmed"] == [
        ("round-opened", DeliveryState.SENT, "Ronde 0 is open"),
        ("round-opened", DeliveryState.SENT, "Ronde 1 is open"),
        ("daily-digest", DeliveryState.SENT, "2 berichten in uw dagelijkse overzicht"),
    ]
