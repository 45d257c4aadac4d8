"""A plain browser of the bench: one kept-alive connection, a signed-in cookie, and forms read as a browser reads them."""

import http.client
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from tests.bench.server import COUNT_HEADER


@dataclass(frozen=True)
class Answer:
    """One answer: seconds until its last byte, SQL statements, bytes of the body as sent."""

    status: int
    seconds: float
    statements: int
    size: int
    text: str


class Browser:
    """``cookie`` is the value of the session cookie; the server renews it as it likes."""

    def __init__(self, base: str, cookie: str = "") -> None:
        self._host = urlsplit(base).netloc
        self._connection = http.client.HTTPConnection(self._host, timeout=60)
        self._cookies = {"portal": cookie} if cookie else {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, values: list[tuple[str, str]]) -> Answer:
        return self._ask("POST", path, urlencode(values))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - began
        for sent in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = sent.split(";", 1)[0].partition("=")
            self._cookies[name] = value
        statements = int(answer.headers.get(COUNT_HEADER, "0"))
        return Answer(answer.status, seconds, statements, len(content), content.decode())


class _Forms(HTMLParser):
    """The fields of every form on a page, with what a browser would send if nobody touched them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name = has.get("name") or ""
        if tag == "form":
            self.forms.append([])
        elif not self.forms or not name or "disabled" in has:
            if tag == "option" and self._select and "selected" in has:
                self.forms[-1].append((self._select, has.get("value") or ""))
        elif tag == "textarea":
            self._area = name
            self.forms[-1].append((name, ""))
        elif tag == "select":
            self._select = name
        elif tag == "input" and (has.get("type") not in ("checkbox", "radio", "submit", "file") or "checked" in has):
            self.forms[-1].append((name, has.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.forms[-1][-1] = (self._area, (self.forms[-1][-1][1] + data).removeprefix("\n"))


def form_with(page: str, field: str) -> list[tuple[str, str]]:
    """Return the fields of the form on ``page`` whose markup holds ``field``; AssertionError where there is none."""
    parsed = _Forms()
    parsed.feed(page)
    for fields in parsed.forms:
        if any(name == field for name, _ in fields):
            return fields
    raise AssertionError(f"no form with {field}: {page[:400]}")
