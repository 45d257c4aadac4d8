import pytest
import redis

from portal.core.meters import KEY


@pytest.fixture
def emptied(redis_url):
    """Nothing was counted yet."""
    with redis.Redis.from_url(redis_url) as client:
        client.delete(KEY)
        yield client
        client.delete(KEY)
