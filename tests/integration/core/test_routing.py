"""Load → policy → view → commit, in that order, on every endpoint; and the security floor under every answer."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from wtforms import StringField

from portal.core.actor import ANONYMOUS, Actor, Role
from portal.core.db import db
from portal.core.errors import NotFound, Problem, RuleViolation
from portal.core.event_log import EventRow
from portal.core.forms import PortalForm
from portal.core.policy import PUBLIC_PAGE, Policy, anyone, role, signed_in
from portal.core.routing import Pages, UnguardedEndpoint, check_every_endpoint_is_guarded
from portal.core.switches import Switch, SwitchRow, find_switch, turn_switch
from portal.core.text import _l
from portal.core.web import ctx
from tests.application import app_for_tests

LAMPS = {"hall": "on", "cellar": "off"}
SEE = Policy("lamp.see", sees=lambda _actor, lamp: lamp != "off", may=signed_in)
TURN = Policy("lamp.turn", sees=anyone, may=role(Role.ADMINISTRATOR))


class ReasonForm(PortalForm):
    reason = StringField()


def get_lamp(name, *, lock=False):
    if name not in LAMPS:
        raise NotFound
    return LAMPS[name]


def lamps():
    bp = Pages("lamps", __name__)

    @bp.page("/lamps/<name>", policy=SEE, load=get_lamp)
    def show(lamp):
        return f"<p>{lamp}</p>"

    @bp.form("/lamps/<name>/turn", policy=TURN, load=get_lamp)
    def turn(lamp):
        form = ReasonForm()
        if form.validate_on_submit():
            with form.catching_problems():
                turn_switch(ctx(), Switch.NO_SCANNER, on=True, reason=form.reason.data)
                if not form.reason.data:
                    raise RuleViolation([Problem("reason-missing", _l("Page not found"), "reason")])
                return "turned"
        return (str(form.errors), 422) if form.errors else f"<form>{form.csrf_token}</form>"

    @bp.form("/lamps/<name>/slow", policy=PUBLIC_PAGE, load=get_lamp, limit="2 per minute")
    def slow(lamp):
        return "once more"

    return bp


@pytest.fixture
def house(settings, app, savepoint):
    """The portal with a room of lamps; ``house.actor`` is who asks."""
    made = app_for_tests(settings)
    made.register_blueprint(lamps())
    made.actor = ANONYMOUS
    made.extensions["portal.actor"] = lambda: made.actor
    with app.app_context():
        engines = db.engines
    with made.app_context():
        db.engines[None] = engines[None]
    return made


def token_on(client, url):
    return re.search(r'value="([^"]+)"', client.get(url).text)[1]


def test_an_endpoint_without_a_policy_stops_the_application_from_starting():
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/open", endpoint="open", view_func=lambda: "open")
    with pytest.raises(UnguardedEndpoint, match="open"):
        check_every_endpoint_is_guarded(bare)


def test_a_rule_and_its_load_must_agree():
    with pytest.raises(TypeError, match="expected"):
        Pages("wrong", __name__).page("/lamps/<number>", policy=SEE, load=get_lamp)


def test_a_visitor_cannot_tell_what_exists(house):
    client = house.test_client()
    there, nowhere = client.get("/lamps/hall"), client.get("/lamps/nowhere")
    assert there.status_code == nowhere.status_code
    assert there.status_code in (302, 401)


def test_what_one_may_not_see_answers_as_what_does_not_exist(house):
    house.actor = Actor(person_id=1)
    client = house.test_client()
    assert client.get("/lamps/hall").status_code == 200
    assert client.get("/lamps/cellar").status_code == 404
    assert client.get("/lamps/nowhere").status_code == 404


def test_what_one_sees_but_may_not_do_is_refused_and_the_refusal_is_remembered(house):
    client = house.test_client()
    house.actor = Actor(person_id=7, roles=frozenset({Role.ADMINISTRATOR}))
    assert client.get("/lamps/hall/turn").status_code == 200
    house.actor = Actor(person_id=8, roles=frozenset({Role.AUDITOR}))
    assert client.get("/lamps/hall/turn").status_code == 403
    with house.app_context():
        denied = db.session.scalars(sa.select(EventRow).where(EventRow.topic == "person.access-denied")).all()
        assert [(event.actor_id, event.payload["policy"]) for event in denied] == [(8, "lamp.turn")]


def test_a_good_post_is_committed_and_a_refused_one_leaves_nothing(house):
    house.actor = Actor(person_id=7, roles=frozenset({Role.ADMINISTRATOR}))
    client = house.test_client()
    token = token_on(client, "/lamps/hall/turn")
    refused = client.post("/lamps/hall/turn", data={"csrf_token": token, "reason": ""})
    assert refused.status_code == 422
    with house.app_context():
        assert find_switch(Switch.NO_SCANNER) is None
    taken = client.post("/lamps/hall/turn", data={"csrf_token": token, "reason": "the demo has no scanner"})
    assert taken.status_code == 200
    with house.app_context():
        assert db.session.scalars(sa.select(SwitchRow.reason)).all() == ["the demo has no scanner"]


def test_a_post_without_its_token_has_no_effect(house):
    house.actor = Actor(person_id=7, roles=frozenset({Role.ADMINISTRATOR}))
    assert house.test_client().post("/lamps/hall/turn", data={"reason": "forged"}).status_code == 400
    with house.app_context():
        assert find_switch(Switch.NO_SCANNER) is None


def test_a_flood_is_stopped_before_it_costs_a_load(house):
    client = house.test_client()
    house.actor = Actor(person_id=7, roles=frozenset({Role.ADMINISTRATOR}))
    token = token_on(client, "/lamps/hall/turn")
    codes = [client.post("/lamps/hall/slow", data={"csrf_token": token}).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


@pytest.mark.parametrize(
    ("path", "kwargs", "code"),
    [
        ("/", {"headers": {"Host": "evil.example"}}, 400),
        ("/%00", {}, 404),
        ("/lamps/hall/slow", {"method": "POST", "data": {"reason": "a\0b"}}, 400),
        ("/lamps/hall/slow", {"method": "POST", "data": {"reason": "x" * 26_000_000}}, 413),
        ("/lamps/hall/slow", {"method": "DELETE"}, 405),
    ],
)
def test_what_no_page_can_hold_is_refused_plainly(house, path, kwargs, code):
    answer = house.test_client().open(path, **kwargs)
    assert answer.status_code == code
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_private_pages_are_never_stored(house):
    house.actor = Actor(person_id=1)
    assert house.test_client().get("/lamps/hall").headers["Cache-Control"] == "no-store"


LONG = "Een lange uitleg van veertig tekens, en meer."


def test_a_form_that_is_refused_as_a_whole_gives_back_what_was_written_and_no_secret(house):
    house.actor = Actor(person_id=7, roles=frozenset({Role.ADMINISTRATOR}))
    client = house.test_client()
    sent = {"reason": f"{LONG}<script>", "password": "een geheim van velen woorden"}
    refused = client.post("/lamps/hall/turn", data=sent)
    assert refused.status_code == 400
    assert f"{LONG}&lt;script&gt;" in refused.text
    assert "een geheim" not in refused.text
    assert LONG not in client.post("/lamps/hall/turn", data=sent, headers={"Origin": "https://evil.example"}).text
    own = client.post("/lamps/hall/turn", data=sent, headers={"Origin": "http://localhost"})
    assert LONG in own.text


def test_what_is_sent_after_the_session_ended_is_given_back_and_a_button_leads_to_sign_in(house):
    client = house.test_client()
    house.actor = Actor(person_id=7, roles=frozenset({Role.ADMINISTRATOR}))
    token = token_on(client, "/lamps/hall/turn")
    house.actor = ANONYMOUS
    answer = client.post("/lamps/hall/turn", data={"csrf_token": token, "reason": LONG})
    assert answer.status_code == 401
    assert LONG in answer.text
    assert client.post("/lamps/hall/turn", data={"csrf_token": token, "reason": "kort"}).status_code == 302
