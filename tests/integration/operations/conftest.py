"""Counters that nobody else adds to."""

import pytest
import redis

from tests.services import redis_url_of, worker_number


@pytest.fixture
def apart(services):
    """A database of Valkey in which nothing else counts: each application of this process hands over every few seconds."""
    url = redis_url_of(services, worker_number() + 8)
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url
