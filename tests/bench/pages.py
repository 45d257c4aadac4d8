"""What is measured: each page as the person who opens it, and what is hoped of it."""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.bench.client import Answer, Browser, form_with
from tests.bench.fill import SIGNED_IN_LEADS, UNFINISHED, Filled
from tests.bench.measure import Ask
from tests.bench.server import READ, WRITE

Cookie = Callable[[str], str]  # a sign-in token → the session cookie that carries it
OTHER_WEIGHTS = "weight-strategy=15&weight-objective_1=20"
REVIEW_LINK = re.compile(r'href="(/reviews/\d+)"')


@dataclass(frozen=True)
class Page:
    """One line of the table. ``aim_ms`` is the median to stay under at 10,000 applications; None for a floor."""

    name: str
    aim_ms: float | None
    make_asker: Callable[[], Ask]
    times: int = 60


def pages(base: str, cookie: Cookie, filled: Filled) -> Iterator[Page]:
    """Yield the pages of one filled portal."""

    def seen_by(token: str, path: str) -> Callable[[], Ask]:
        return lambda: _opened(Browser(base, cookie(token) if token else ""), path)

    lead = f"lead-{filled.open_round_id}-1"
    review = f"/desk/rounds/{filled.review_round}"
    yield Page("floor: one SELECT, one template", None, seen_by("", READ))
    yield Page("floor: one INSERT, one COMMIT", None, lambda: _floor_write(Browser(base)))
    yield Page("public call page", 10, seen_by("", "/calls/digibanken/execution"))
    yield Page("applicant's form page", 12, seen_by(lead, f"/applications/{filled.draft}/sections/B4"))
    yield Page("section save", None, _saving(base, cookie, filled, _whole_section), 40)
    yield Page("autosave", None, _saving(base, cookie, filled, _one_answer), 40)
    yield Page("task list", None, seen_by(lead, f"/applications/{filled.draft}"))
    yield Page("submit", 50, _submitting(base, cookie, filled), 40)
    yield Page("reviewer's queue", 25, seen_by("reviewer-0", "/reviews"))
    yield Page("save scores", 20, _scoring(base, cookie), 40)
    yield Page("ranked list, first page", 40, seen_by("administrator", f"{review}/ranking"))
    what_if = f"{review}/ranking/what-if?policy=skip&budget=2000000"
    yield Page("what-if", None, seen_by("administrator", what_if), 20)
    yield Page("what-if, threshold", None, seen_by("administrator", f"{what_if}&threshold=61"), 20)
    yield Page("what-if, weights", None, seen_by("administrator", f"{what_if}&{OTHER_WEIGHTS}"), 20)
    yield Page("dossiers of a round", None, seen_by("case_officer", f"{review}/dossiers"))


def _opened(browser: Browser, path: str) -> Ask:
    def ask() -> Answer:
        answer = browser.get(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return answer

    return ask


def _floor_write(browser: Browser) -> Ask:
    return lambda: browser.post(WRITE, [])


def _submitting(base: str, cookie: Cookie, filled: Filled) -> Callable[[], Ask]:
    """Each answer is the submission of another complete draft by its own lead; reading the form is not timed."""
    drafts = itertools.count(2)
    stem = filled.draft.removesuffix("-1")

    def ask() -> Answer:
        number = next(drafts)
        browser, path = Browser(base, cookie(f"lead-{filled.open_round_id}-{number}")), f"/applications/{stem}-{number}"
        page = browser.get(f"{path}/check").text
        accepted = [("accepted", code) for code in re.findall(r'name="accepted"[^>]*value="([^"]+)"', page)]
        answer = browser.post(f"{path}/check", [*form_with(page, "csrf_token"), *accepted])
        assert answer.status == 302, f"{path}: not submitted"
        return answer

    return lambda: ask


def _saving(base: str, cookie: Cookie, filled: Filled, save: Callable[[Browser, str], Answer]) -> Callable[[], Ask]:
    """Each answer saves a section of a draft once more; the clients write different drafts."""
    drafts = itertools.count(1)
    stem = filled.draft.removesuffix("-1")

    def make() -> Ask:
        number = SIGNED_IN_LEADS - next(drafts)  # from the other end than those that are submitted
        browser = Browser(base, cookie(f"lead-{filled.open_round_id}-{number}"))
        return lambda: save(browser, f"/applications/{stem}-{number}/sections/B4")

    return make


def _whole_section(browser: Browser, path: str) -> Answer:
    answer = browser.post(path, form_with(browser.get(path).text, "version"))
    assert answer.status == 302, f"{path}: not saved"
    return answer


def _one_answer(browser: Browser, path: str) -> Answer:
    """What a script sends a moment after somebody stops typing: one question, with what it started from."""
    fields = dict(form_with(browser.get(path).text, "version"))
    answer = browser.post(
        f"{path}/autosave",
        [
            ("csrf_token", fields["csrf_token"]),
            ("version", fields["version"]),
            ("base-device_count", fields["version"]),
            ("device_count", str(int(fields["device_count"]) % 500 + 1)),
        ],
    )
    assert answer.status == 200, f"{path}: not kept"
    return answer


def _scoring(base: str, cookie: Cookie) -> Callable[[], Ask]:
    """Each answer saves one draft review once more; the clients write different reviews."""
    numbers = itertools.count()
    listed = Browser(base, cookie("reviewer-0")).get("/reviews").text
    paths = list(dict.fromkeys(REVIEW_LINK.findall(listed)))[:UNFINISHED]

    def make() -> Ask:
        browser, path = Browser(base, cookie("reviewer-0")), paths[next(numbers) % len(paths)]

        def ask() -> Answer:
            fields = form_with(browser.get(path).text, "strengths")
            answer = browser.post(path, [*fields, ("save", "1")])
            assert answer.status == 302, f"{path}: not saved"
            return answer

        return ask

    return make
