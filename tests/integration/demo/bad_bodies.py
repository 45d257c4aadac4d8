"""Bodies that no page asked for, the forms of a page, and what a refusal must give back of what was typed."""

import html
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

WORD = "zwaluw"
LONG = " ".join(f'{WORD}{number} \U0001f3e6 \'n "q" <script>alert({number})</script>' for number in range(1700))
NUMBERS = ("-1", "1e99", "NaN", "Infinity", "99999999999999999999999", "\u0663")
TYPED = {"text", "textarea", "email", "search", "tel"}
PLAIN = "Een gewoon antwoord."
OF_THE_FRAME = {"csrf_token", "next", "to", "person"}


class FormReader(HTMLParser):
    """Reads the controls of the forms of a page that are posted to ``action``: name, kind and value."""

    def __init__(self, page, address, action):
        super().__init__(convert_charrefs=True)
        self.controls, self._address, self._action = [], address, action
        self._is_ours, self._text = False, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            goes_to = urlsplit(found.get("action") or self._address).path
            self._is_ours = found.get("method", "").lower() == "post" and goes_to == self._action
        name = found.get("name")
        if not name or not self._is_ours or name in OF_THE_FRAME:
            return
        if tag == "textarea":
            self._text = (name, [])
        elif tag in ("input", "select", "button"):
            kind = found.get("type", "text") if tag == "input" else tag
            self.controls.append((name, kind, found.get("value") or ""))

    def handle_data(self, data):
        if self._text is not None:
            self._text[1].append(data)

    def handle_endtag(self, tag):
        if tag == "textarea" and self._text is not None:
            self.controls.append((self._text[0], "textarea", "".join(self._text[1])))
            self._text = None
        elif tag == "form":
            self._is_ours = False

    @property
    def names(self):
        return list(dict.fromkeys(name for name, kind, _value in self.controls if kind != "file"))

    @property
    def files(self):
        return [name for name, kind, _value in self.controls if kind == "file"]

    @property
    def texts(self):
        """The names of the fields in which somebody types."""
        return {name for name, kind, _value in self.controls if kind in TYPED}

    @property
    def as_shown(self):
        """What a browser would send, with something written where nothing stands."""
        sent = {}
        for name, kind, value in self.controls:
            if kind in TYPED:
                sent[name] = value or PLAIN
            elif kind != "file":
                sent.setdefault(name, value)
        return sent


def bodies(form):
    """Yield each bad body for the fields of ``form``, with a word for it."""
    names = form.names
    yield "nothing", {}
    yield "long texts", dict.fromkeys(names, LONG)
    yield "zero characters", {"reason": f"{WORD}\0{WORD}", **dict.fromkeys(names, f"{WORD}\0")}
    yield "lists", {name: ["a", "b", WORD] for name in names}
    for number in NUMBERS:
        yield f"number {number}", dict.fromkeys(names, number)
    yield "empty", dict.fromkeys(names, "")
    yield "bytes that are no text", dict.fromkeys(names, b"\xff\xfe\xed\xa0\x80")
    yield "unknown ids", dict.fromkeys(names, "999999999")
    yield "codes of nothing", dict.fromkeys(names, "no-such-code")
    if "version" in names:
        yield "a stale version", {**form.as_shown, "version": "999999"}
    yield "forged fields", {**form.as_shown, "state": "approved", "id": "1", "person_id": "1", "roles": "administrator"}
    for name in names[:8]:
        for bad in (LONG, "1e99", "", ["a", "b"]):
            yield f"{name} alone: {str(bad)[:12]}", {**form.as_shown, name: bad}


def what_is_wrong(word, body, form, answer):
    """Yield what an answer to a bad body must not be."""
    if answer.status_code >= 500:
        yield "a fault"
    if word == "zero characters" and answer.status_code != 400:
        yield "zero characters are no text"
    if answer.status_code < 400 or answer.mimetype != "text/html":
        return
    page = _plain(html.unescape(answer.text))
    for name in form.texts:
        typed = body.get(name)
        if isinstance(typed, str) and len(typed) > 20 and _plain(typed) not in page:
            yield f"what was typed in {name} is lost"


def _plain(text):
    return re.sub(r"\s+", " ", text.replace("\0", "\ufffd")).strip()
