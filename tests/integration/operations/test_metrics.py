"""What Prometheus reads: true figures, for whoever shows the token, and nothing about people."""

from dataclasses import replace
from datetime import timedelta

import pytest
import redis
from prometheus_client.parser import text_string_to_metric_families

from portal.accounts.events import ClaimConfirmed
from portal.core.actor import system_actor
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import OutboxRow, record
from portal.core.heartbeat import Heartbeat, beat
from portal.core.meters import Meters
from portal.notifications.models import DeliveryState
from portal.notifications.sending.relay import relay_batch
from portal.operations.figures import BACKUP
from tests.world.mail import AT, given_claim

TOKEN = "kzJd8sLq0Zx7Vb2Nw5Rt9Ym4Hc6Fg1Pa"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watched(app, savepoint, redis_url, apart, monkeypatch):
    """The portal with a token, and nothing counted yet."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
    monkeypatch.setitem(app.extensions, "portal.meters", Meters(apart))
    monkeypatch.setitem(
        app.extensions, "portal.settings", replace(app.extensions["portal.settings"], metrics_token=TOKEN)
    )
    return app


def scrape(client):
    """Return every sample as (name, labels) → value."""
    answer = client.get("/metrics", headers=SHOWN)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_without_a_token_in_the_settings_there_is_no_such_page(app, savepoint):
    assert app.test_client().get("/metrics", headers=SHOWN).status_code == 404


@pytest.mark.parametrize("shown", [{}, {"Authorization": "Bearer no"}, {"Authorization": f"Basic {TOKEN}"}])
def test_whoever_shows_another_token_reads_nothing(watched, shown):
    answer = watched.test_client().get("/metrics", headers=shown)
    assert answer.status_code == 401
    assert "portal_" not in answer.text


def test_requests_are_counted_by_endpoint_method_and_status(watched):
    client = watched.test_client()
    for path in ("/", "/calls", "/rounds/geheim-pad", "/nowhere/at/all"):
        client.get(path)
    client.open("/", method="PROPFIND")
    found = scrape(client)

    def requests(endpoint, method, status):
        labels = (("endpoint", endpoint), ("method", method), ("status", status))
        return found.get(("portal_requests_total", *labels))

    assert requests("public.home", "GET", "200") == 1
    assert requests("public.round", "GET", "404") == 1
    assert requests("none", "GET", "404") == 1
    assert requests("none", "other", "405") == 1
    labels = (("endpoint", "public.home"), ("le", "+Inf"))
    assert found["portal_request_duration_seconds_bucket", *labels] == 1
    assert found["portal_request_duration_seconds_count", ("endpoint", "public.home")] == 1
    assert found["portal_request_duration_seconds_sum", ("endpoint", "public.home")] > 0
    assert not any("geheim-pad" in str(each) or "nowhere" in str(each) for each in found)


def test_what_waits_is_counted_and_timed(watched, world):
    def given():
        claim = given_claim(1)
        record(Ctx(AT, system_actor("test")), ClaimConfirmed(claim.id, claim.organisation_id))
        db.session.commit()
        relay_batch(Ctx(AT, system_actor("test")))
        event_id = record(Ctx(AT, system_actor("test")), ClaimConfirmed(claim.id, claim.organisation_id))
        db.session.get_one(OutboxRow, event_id).next_attempt_at = machine_now() - timedelta(minutes=4)
        beat("worker@one/mail")
        db.session.add(Heartbeat(name=BACKUP, seen_at=machine_now() - timedelta(hours=3)))

    world(given)
    found = scrape(watched.test_client())
    assert found["portal_outbox_rows", ("state", "open")] == 1
    assert found["portal_deliveries", ("state", str(DeliveryState.WAITING))] == 1
    assert 240 <= found["portal_oldest_due_seconds", ("kind", "outbox")] < 300
    assert found["portal_oldest_due_seconds", ("kind", "delivery")] < 60
    assert found["portal_heartbeat_age_seconds", ("name", "worker@one/mail")] < 60
    assert 10_800 <= found["portal_backup_age_seconds",] < 10_860
    assert found["portal_up", ("part", "database")] == 1
    assert found["portal_storage_free_bytes",] > 0
    assert not any("@example.be" in str(each) for each in found), "no person is in a label"


def test_a_scrape_costs_the_same_statements_however_much_waits(watched, world, count_statements):
    def given(numbers):
        for number in numbers:
            claim = given_claim(number)
            record(Ctx(AT, system_actor("test")), ClaimConfirmed(claim.id, claim.organisation_id))

    client, sent = watched.test_client(), []
    for numbers in (range(1), range(1, 6)):
        world(given, numbers)
        with count_statements() as statements:
            scrape(client)
        sent.append(len(statements))
    assert sent == [4, 4]
