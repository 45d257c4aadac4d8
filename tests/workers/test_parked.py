"""What is parked waits for an administrator, who sees why and sends it again; an auditor only looks."""

import pytest
import sqlalchemy as sa

from portal.core.actor import Role
from portal.core.db import db
from portal.core.event_log import EventRow, OutboxRow
from portal.notifications.models import Delivery, DeliveryState
from tests.workers.test_mail import confirm
from tests.world.accounts import given_person
from tests.world.http import Visitor
from tests.world.mail import AT, given_claim


@pytest.fixture
def parked(worker_app, run, sink):
    """A message that the mail server refused for good, and an event whose subject cannot be found."""
    with worker_app.app_context():
        confirm(given_claim(1))
        lost = confirm(given_claim(2))
        db.session.execute(sa.update(OutboxRow).where(OutboxRow.event_id == lost).values(is_open=False, parked_at=AT))
        db.session.commit()
    sink.answer = "550 No such mailbox"
    run("outbox.relay_events")
    run("mail.send_due")
    sink.answer = ""
    with worker_app.app_context():
        return db.session.scalar(sa.select(Delivery.id).where(Delivery.state == DeliveryState.PARKED)), lost


def visitor(app, role):
    with app.app_context():
        email = given_person("Noor Peeters", roles=(role,)).email
    return Visitor(app).sign_in(email)


def test_an_administrator_sees_why_and_sends_it_again(worker_app, run, sink, parked):
    delivery_id, _ = parked
    noor = visitor(worker_app, Role.ADMINISTRATOR)
    page = noor.get("/admin/outbox").text
    assert "person-1@example.be" in page
    assert "No such mailbox" in page
    url = f"/admin/outbox/messages/{delivery_id}/retry"
    assert noor.post(url, page="/admin/outbox").status_code == 302
    assert noor.post(url, page="/organisations").status_code == 404, "it is not parked any more"
    run("mail.send_due")
    assert [message["To"] for message in sink.messages] == ["person-1@example.be"]
    with worker_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).where(EventRow.topic == "delivery.retried")) == 1
    assert "person-1@example.be" not in noor.get("/admin/outbox").text


def test_a_parked_event_is_expanded_when_an_administrator_says_so(worker_app, run, sink, parked):
    _, event_id = parked
    noor = visitor(worker_app, Role.ADMINISTRATOR)
    assert "claim.confirmed" in noor.get("/admin/outbox").text
    assert noor.post(f"/admin/outbox/events/{event_id}/retry", page="/admin/outbox").status_code == 302
    run("outbox.relay_events")
    run("mail.send_due")
    assert [message["To"] for message in sink.messages] == ["person-2@example.be"]


def test_an_auditor_reads_and_retries_nothing_and_others_find_no_such_page(worker_app, parked):
    delivery_id, _ = parked
    url = f"/admin/outbox/messages/{delivery_id}/retry"
    amir = visitor(worker_app, Role.AUDITOR)
    assert amir.get("/admin/outbox").status_code == 200
    assert amir.post(url, page="/organisations").status_code == 403
    sara = visitor(worker_app, Role.CASE_OFFICER)
    assert sara.get("/admin/outbox").status_code == 404
    assert sara.post(url, page="/organisations").status_code == 404
    with worker_app.app_context():
        assert db.session.scalar(sa.select(Delivery.state)) == DeliveryState.PARKED
