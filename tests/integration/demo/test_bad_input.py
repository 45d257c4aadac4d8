"""Whatever comes in, on every route that takes something: a clear answer, never a fault, and nothing typed lost.

Every bad body to every form takes minutes: ``make thorough`` sends them.
"""

import io
import os

import pytest

from portal.extensions import limiter
from tests.integration.demo.bad_bodies import FormReader, bodies, what_is_wrong
from tests.integration.demo.routes import find_target, page_of, post_endpoints
from tests.world.http import TOKEN

ROOMS = (
    "accounts",
    "applications",
    "calls",
    "decisions",
    "demo",
    "desk",
    "notifications",
    "partnerships",
    "public",
    "reviewing",
)
pytestmark = pytest.mark.skipif(os.environ.get("PORTAL_THOROUGH") != "1", reason="make thorough runs this")
NOBODY = {  # nobody of the cast can do these in the starting world: no invitation is open in it
    "applications.agree_with_change",  # of the partners of a change; nobody of the cast is one
    "applications.decline_change",
    "applications.withdraw_change",
    "decisions.withdraw_review",  # of who asked for the one review that is open
    "partnerships.decline_invitation",
    "partnerships.invitation",
    "partnerships.resend_invitation",
    "partnerships.withdraw_invitation",
    "desk.run_periodic",  # periodic work has its rows once a worker has begun
    "desk.pause_periodic",
    "desk.resume_periodic",
}
ANSWERED = {"public.verify"}  # takes any file, and says that it is nothing of ours


@pytest.fixture(autouse=True)
def as_often_as_it_takes(demo, monkeypatch):
    """No limit on how often, and forms with their token: a page may draw it for each of several forms."""
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setitem(demo.config, "WTF_CSRF_ENABLED", True)
    monkeypatch.setitem(demo.config, "WTF_CSRF_CHECK_DEFAULT", False)


@pytest.fixture
def begin(demo):
    """A browser of ``person`` on the starting world."""

    def begin(person):
        browser = demo.test_client()
        assert browser.post("/demo/restore").status_code == 302
        if person:
            assert browser.post("/demo/sign-in-as", data={"person": person}).status_code == 302
        return browser

    return begin


def test_every_room_is_asked(demo):
    assert {endpoint.split(".")[0] for endpoint in post_endpoints(demo)} == set(ROOMS)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("room", ROOMS)
def test_bad_bodies_are_answered_calmly(demo, begin, room):
    begin("")
    wrong, alone = [], set()
    for endpoint in (each for each in post_endpoints(demo) if each.startswith(f"{room}.")):
        target = find_target(demo, endpoint)
        if target is None:
            alone.add(endpoint)
            continue
        browser = begin(target.person)
        form, token = _form(browser, target), _token(browser)
        for word, body in bodies(form):
            answer = browser.post(target.address, data={"csrf_token": token, **body})
            wrong += [
                f"{target} {word}: {answer.status_code}, {each}" for each in what_is_wrong(word, body, form, answer)
            ]
            if answer.status_code < 400:
                browser = begin(target.person)
                token = _token(browser)
    assert not wrong, "\n".join(wrong)
    assert alone == {each for each in NOBODY if each.startswith(f"{room}.")}


@pytest.mark.timeout(300)
def test_a_body_that_is_too_large_is_refused_with_a_page(demo, begin):
    begin("")
    wrong = []
    for endpoint in post_endpoints(demo):
        target = find_target(demo, endpoint)
        if target is None:
            continue
        answer = demo.test_client().post(
            target.address, data={"a": "b"}, environ_overrides={"CONTENT_LENGTH": "999999999"}
        )
        if answer.status_code != 413 or "te groot" not in answer.text:
            wrong.append(f"{target}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.timeout(300)
def test_a_file_of_a_wrong_type_or_over_20_mb_is_refused_and_the_texts_come_back(demo, begin):
    begin("")
    wrong, tried = [], set()
    for endpoint in post_endpoints(demo):
        target = find_target(demo, endpoint)
        if target is None or not (form := _form(browser := begin(target.person), target)).files:
            continue
        tried.add(endpoint)
        for content, name, allowed in (
            (b"MZ\x90\x00" + bytes(99), "factuur.pdf", {422}),
            (b"%PDF-1.4\n" + bytes(21 * 2**20), "groot.pdf", {413, 422}),
        ):
            body = {"csrf_token": _token(browser), **form.as_shown, form.files[0]: (io.BytesIO(content), name)}
            answer = browser.post(target.address, data=body, content_type="multipart/form-data")
            answer.close()
            answer.request.environ["wsgi.input"].close()  # the client keeps a body of this size in a file
            if answer.status_code not in (allowed if endpoint not in ANSWERED else {200, 413}):
                wrong.append(f"{target} {name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert {"accounts.claim_organisation", "applications.attach", "partnerships.strategy_files"} <= tried


@pytest.mark.timeout(300)
@pytest.mark.parametrize("person", ["eva", "joris", "mieke", "sofie", "greet"])
def test_an_unknown_id_is_no_page_on_any_route(demo, begin, person):
    browser, wrong = begin(person), []
    for rule in demo.url_map.iter_rules():
        if not rule.arguments or "GET" not in rule.methods or rule.endpoint == "public.language":
            continue
        for number, code in (("999999999", "no-such-thing"), ("9" * 18, "\U0001f3e6'\"<b>"), ("9" * 40, "A" * 5000)):
            with demo.test_request_context():
                values = {
                    name: number if rule._converters[name].__class__.__name__ == "RowNumber" else code
                    for name in rule.arguments
                }
                address = demo.url_for(rule.endpoint, **values) if len(number) < 19 else rule.rule
            answer = browser.get(address)
            answer.close()
            if answer.status_code not in (404, 403):
                wrong.append(f"{address[:100]}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def _token(browser):
    found = TOKEN.search(browser.get("/about").text) or TOKEN.search(browser.get("/sign-in").text)
    return found[1]


def _form(browser, target):
    address = page_of(target)
    page = browser.get(address)
    return FormReader(page.text if page.status_code == 200 else "", address, target.address)
