"""One test over all routes: what a visitor who signed in nowhere gets from every address of the portal."""

import re

import pytest

from portal.core.routing import policy_of

STRANGE = {"int": "987654321", "string": "nobody-has-this", "default": "nobody-has-this", "path": "no/where"}
ADDRESS_IS_PROOF = {"notifications.unsubscribe"}  # RFC 8058: a mail program has no session, and so no token of one
FLOOR = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def _addresses(app):
    for rule in app.url_map.iter_rules():
        values = {name: STRANGE.get(type(converter).__name__.removesuffix("Converter").lower(), "987654321").replace(
            "unicode", "nobody-has-this") for name, converter in rule._converters.items()}  # fmt: skip
        with app.test_request_context():
            yield rule, app.url_for(rule.endpoint, **values)


@pytest.fixture
def addresses(app):
    return list(_addresses(app))


def test_every_answer_stands_on_the_security_floor(app, savepoint, addresses):
    client = app.test_client()
    for rule, address in addresses:
        if "GET" not in rule.methods:
            continue
        answer = client.get(address)
        assert answer.status_code < 500 or rule.endpoint == "public.readyz", address
        for header, value in FLOOR.items():
            assert answer.headers[header] == value, f"{header} on {address}"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_visitor_signs_in_first_wherever_the_page_is_not_public(app, savepoint, addresses):
    """Before anything is loaded: what exists and what does not answer alike."""
    client = app.test_client()
    for rule, address in addresses:
        if "GET" in rule.methods and not policy_of(app, rule.endpoint).is_public:
            answer = client.get(address)
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/sign-in"), address


def test_no_button_works_without_its_token(app, savepoint, addresses):
    client = app.test_client()
    for rule, address in addresses:
        if "POST" in rule.methods:
            refusals = (404,) if rule.endpoint in ADDRESS_IS_PROOF else (400, 429)
            assert client.post(address).status_code in refusals, address


def test_a_number_that_no_row_can_have_is_no_page_and_no_fault(app, savepoint):
    client = app.test_client()
    numbered = [rule.rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule and "GET" in rule.methods]
    assert numbered
    for rule in numbered:
        address = re.sub(r"<[^>]+>", "nobody-has-this", re.sub(r"<int:\w+>", "9" * 24, rule))
        assert client.get(address).status_code == 404, address
