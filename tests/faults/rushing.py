"""Partnerships at their deadline: each has its section open, saves it and submits, every other one with a double click."""

import http.client
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode, urlsplit

from portal.core.clock import machine_now
from tests.bench.client import form_with
from tests.world.applications_models import ACCEPTED, TYPED

AT_ONCE = 8
SECTION = "B4"
ANSWER_SECONDS = 60
Fields = list[tuple[str, str]]


class Outcome(StrEnum):
    """What came back to whoever submitted."""

    IN = "in"
    LATE = "late"
    CUT_OFF = "cut off"


@dataclass
class Attempt:
    """One partnership's last minute, as its own browser saw it. ``saved`` is None where the save was cut off."""

    reference: str
    address: str
    cookie: str
    text: str
    saved: bool | None = None
    outcome: Outcome | None = None
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    section: Fields = field(default_factory=list)
    check: Fields = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/applications/{self.reference}"


class Rush:
    """Eight browsers at a time go through the attempts."""

    def __init__(self, base: str, attempts: Sequence[Attempt]) -> None:
        self.attempts = attempts
        self._host = urlsplit(base).netloc
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._running: list[Future[None]] = []

    def open_pages(self) -> None:
        """Open the section, as everybody did long before the last minute."""
        list(self._pool.map(self._open, self.attempts))

    def begin(self) -> None:
        self._running = [self._pool.submit(self._go, each) for each in self.attempts]

    def count_over(self) -> int:
        return sum(each.done() for each in self._running)

    def is_over(self) -> bool:
        return self.count_over() == len(self.attempts)

    def end(self) -> None:
        """Raise what a browser met that is neither an answer nor the end of a connection."""
        self._pool.shutdown(cancel_futures=True)
        for each in self._running:
            each.result()

    def receipt_of(self, attempt: Attempt) -> str:
        """Return the receipt page."""
        return self._read(attempt, f"{attempt.path}/receipt")

    def _open(self, attempt: Attempt) -> None:
        section = form_with(self._read(attempt, f"{attempt.path}/sections/{SECTION}"), "version")
        place = next(number for number, (_, value) in enumerate(section) if value == TYPED)
        section[place] = (section[place][0], attempt.text)
        attempt.section = section
        token = next(each for each in section if each[0] == "csrf_token")
        attempt.check = [token, *(("accepted", code) for code in sorted(ACCEPTED))]

    def _go(self, attempt: Attempt) -> None:
        try:
            self._save(attempt)
            self._submit(attempt, times=2 if self.attempts.index(attempt) % 2 else 1)
        except (http.client.HTTPException, OSError):
            attempt.outcome = Outcome.CUT_OFF

    def _save(self, attempt: Attempt) -> None:
        status, *_ = _answer(self._begin(attempt, f"{attempt.path}/sections/{SECTION}", attempt.section))
        assert status in (302, 422), f"{attempt.reference}: the save was answered with {status}"
        attempt.saved = status == 302

    def _submit(self, attempt: Attempt, *, times: int) -> None:
        attempt.sent_at = machine_now()
        clicks = [self._begin(attempt, f"{attempt.path}/check", attempt.check) for _ in range(times)]
        statuses, cut_off = [], None
        for each in clicks:
            try:
                statuses.append(_answer(each)[0])
            except (http.client.HTTPException, OSError) as error:
                cut_off = error
        attempt.answered_at = machine_now()
        assert set(statuses) <= {302, 409, 422}, f"{attempt.reference}: submitting was answered with {statuses}"
        assert statuses.count(302) <= 1, f"{attempt.reference} was submitted twice"
        if 302 in statuses:
            attempt.outcome = Outcome.IN
        elif cut_off is not None:
            raise cut_off
        else:
            assert set(statuses) == {422}, f"{attempt.reference}: submitting was answered with {statuses}"
            attempt.outcome = Outcome.LATE

    def _read(self, attempt: Attempt, path: str) -> str:
        status, cookies, text = _answer(self._begin(attempt, path, None))
        assert status == 200, f"{path}: {status}"
        for sent in cookies:
            attempt.cookie = sent.split(";", 1)[0].partition("=")[2]
        return text

    def _begin(self, attempt: Attempt, path: str, values: Fields | None) -> http.client.HTTPConnection:
        """Send on a connection of its own, and leave the answer to be waited for."""
        connection = http.client.HTTPConnection(self._host, timeout=ANSWER_SECONDS)
        headers = {"Cookie": f"portal={attempt.cookie}", "Connection": "close"}
        if values is None:
            connection.request("GET", path, headers=headers)
        else:
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", path, urlencode(values), {**headers, **form})
        return connection


def _answer(connection: http.client.HTTPConnection) -> tuple[int, list[str], str]:
    """Wait for the answer to the end: status, cookies that were set, body."""
    with closing(connection):
        answer = connection.getresponse()
        return answer.status, answer.headers.get_all("Set-Cookie") or [], answer.read().decode()
