"""Counters of several processes add up, and nobody waits for them."""

import multiprocessing
import time

import redis

from portal.core.meters import KEY, Meters
from tests.world.waiting import PATIENCE


def count_here(redis_url, meters=None):
    """What one process does: gunicorn's is started after the application was made, Celery's is forked from it."""
    meters = meters or Meters(redis_url)
    meters.count("requests", "public.home", "GET", "200")
    meters.measure("request", "public.home", seconds=0.2)
    meters.flush()


def test_what_two_processes_count_adds_up(apart):
    parent = Meters(apart)
    parent.count("requests", "public.home", "GET", "200")  # its thread runs now, and does not follow the fork
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=count_here, args=(apart, parent)) for _ in range(2)]
    for each in processes:
        each.start()
    for each in processes:
        each.join(PATIENCE)
        assert each.exitcode == 0
    sums = parent.read()
    assert sums.counts["requests"] == {("public.home", "GET", "200"): 3}
    duration = sums.durations["request"]["public.home",]
    assert sum(duration.within) == 2
    assert duration.seconds == 0.4


def test_what_valkey_does_not_take_is_kept_for_the_next_time(apart):
    meters = Meters("redis://127.0.0.1:9/0")
    began = time.monotonic()
    for _ in range(1000):
        meters.count("requests", "public.home", "GET", "200")
    assert time.monotonic() - began < 5, "a request waits for nobody"
    assert not meters.flush()
    assert meters.read() is None
    meters._client = Meters(apart)._client
    assert meters.flush()
    assert meters.read().counts["requests"] == {("public.home", "GET", "200"): 1000}
    with redis.Redis.from_url(apart) as client:
        assert client.hlen(KEY) == 1
