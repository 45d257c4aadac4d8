"""Who is on a page at this moment: kept for a minute in Valkey, nowhere else, and gone by itself after that."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import redis
import structlog

from portal.core.clock import machine_now

STAYS = 45  # seconds after the last sign of life; a page gives one every fifteen or so
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody in a room: who, and at which place in it."""

    person_id: int
    name: str
    place: str


class Presence:
    """The rooms of one portal. Without Valkey every room is empty, and nothing else changes."""

    def __init__(self, redis_url: str) -> None:
        self._client = redis.Redis.from_url(redis_url, socket_timeout=0.5, socket_connect_timeout=0.5)

    def enter(self, room: str, person_id: int, name: str, place: str) -> list[Present]:
        """Say that somebody is in the room, and return who else is."""
        sign = json.dumps({"name": name, "place": place, "at": machine_now().timestamp()})

        def come_in() -> Any:
            with self._client.pipeline() as pipe:
                pipe.hset(_key(room), str(person_id), sign)
                pipe.expire(_key(room), STAYS)
                pipe.hgetall(_key(room))
                return pipe.execute()[-1]

        return [each for each in _living(come_in) if each.person_id != person_id]

    def present(self, room: str) -> list[Present]:
        """Return who is in the room."""
        return _living(lambda: self._client.hgetall(_key(room)))


def _key(room: str) -> str:
    return f"presence:{room}"


def _living(ask: Callable[[], Any]) -> list[Present]:
    """Return those whose last sign of life is not too old; nobody where Valkey is away."""
    try:
        signs = ask()
    except redis.RedisError as fault:
        log.warning("presence away", error=str(fault))
        return []
    earliest = machine_now().timestamp() - STAYS
    found = [(int(number), json.loads(sign)) for number, sign in signs.items()]
    living = [(number, sign) for number, sign in found if sign["at"] >= earliest]
    return [Present(number, sign["name"], sign["place"]) for number, sign in sorted(living, key=lambda each: each[0])]
