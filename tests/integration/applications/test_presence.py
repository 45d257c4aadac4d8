"""Who else writes now: said to those who may write, forgotten by itself, and missed by nobody when Valkey is away."""

from portal.core.presence import STAYS, Presence


def test_those_in_one_room_see_each_other_and_not_themselves(redis_url):
    presence = Presence(redis_url)
    assert presence.enter("application:1", 7, "Eva Claes", "B2") == []
    (eva,) = presence.enter("application:1", 8, "Karim Aznag", "B4")
    assert (eva.name, eva.place) == ("Eva Claes", "B2")
    assert presence.present("application:2") == []
    presence.leave("application:1", 7)
    presence.leave("application:1", 8)


def test_who_gives_no_sign_of_life_is_gone_and_nothing_stays(redis_url):
    presence = Presence(redis_url)
    presence.enter("application:3", 7, "Eva Claes", "B2")
    assert 0 < presence._client.ttl("presence:application:3") <= STAYS
    presence.leave("application:3", 7)
    assert presence._client.exists("presence:application:3") == 0


def test_without_valkey_every_room_is_empty():
    presence = Presence("redis://127.0.0.1:9/0")
    assert presence.enter("application:1", 7, "Eva Claes", "B2") == []
