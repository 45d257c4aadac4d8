"""The id of a request goes with the tasks that it woke: into their lines, and into those of what they wake in turn."""

import json

import pytest
import structlog

from portal.core import logs
from portal.core.meters import KEY
from workers.queues import CeleryQueue


@pytest.fixture
def queue(redis_url):
    made = CeleryQueue(redis_url)
    yield made
    made.celery.close()


@pytest.fixture
def lines(capsys):
    def read():
        return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]

    return read


def test_the_lines_of_a_task_carry_the_request_that_woke_it(run, queue, lines, worker_app, monkeypatch):
    monkeypatch.setitem(worker_app.extensions, "portal.queue", queue)
    logs.begin(request_id="abc123")
    queue.send("outbox.relay_events", queue="urgent")
    structlog.contextvars.clear_contextvars()
    run("mail.send_due")  # by beat, or by nobody: no request
    run("mail.send_due")
    (woken,) = [each for each in lines() if each.get("task") == "outbox.relay_events"]
    assert woken["request_id"] == "abc123"
    assert woken["outcome"] == "done"
    assert woken["ms"] > 0
    run("mail.send_due")
    (by_itself,) = [each for each in lines() if each.get("task") == "mail.send_due"]
    assert "request_id" not in by_itself
    assert len(by_itself["task_id"]) == 36


def test_what_tasks_did_is_counted_with_what_came_of_it(run, worker_app):
    meters = worker_app.extensions["portal.meters"]
    meters.flush()
    meters._client.delete(KEY)
    run("chain.extend")
    sums = meters.read()
    assert sums.counts["tasks"] == {("chain.extend", "done"): 1}
    assert sum(sums.durations["task"]["chain.extend",].within) == 1


def test_the_depth_of_a_queue_is_what_no_worker_took_yet(queue, redis_url):
    assert queue.depths() == {"urgent": 0, "mail": 0, "files": 0, "periodic": 0}
    away = CeleryQueue("redis://127.0.0.1:9/0")
    assert away.depths() is None
