"""Who else writes now: said to those who may write, forgotten by itself, and missed by nobody when Valkey is away."""

import redis

from portal.core.presence import STAYS, Presence


def test_those_in_one_room_see_each_other_and_not_themselves(redis_url):
    presence = Presence(redis_url)
    assert presence.enter("application:1", 7, "Eva Claes", "B2") == []
    (eva,) = presence.enter("application:1", 8, "Karim Aznag", "B4")
    assert (eva.person_id, eva.name, eva.place) == (7, "Eva Claes", "B2")
    assert presence.present("application:2") == []


def test_what_is_kept_goes_by_itself(redis_url):
    Presence(redis_url).enter("application:3", 7, "Eva Claes", "B2")
    with redis.Redis.from_url(redis_url) as client:
        assert 0 < client.ttl("presence:application:3") <= STAYS


def test_without_valkey_every_room_is_empty():
    presence = Presence("redis://127.0.0.1:9/0")
    assert presence.enter("application:1", 7, "Eva Claes", "B2") == []
