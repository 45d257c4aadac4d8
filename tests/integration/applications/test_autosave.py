"""Saving while one types: what is valid is kept, what is not is said at its question, and nothing is written over."""

import re

import pytest
import sqlalchemy as sa

from portal.accounts.models import SignIn
from portal.applications.models import UnsentText
from portal.applications.queries import get_application, list_revisions
from portal.core.db import db
from tests.integration.applications.test_section_versions import hand_in_and_return, save_as_colleague
from tests.world.http import TOKEN
from tests.world.sections import close_round
from tests.world.time import moment

JSON = {"Accept": "application/json"}


@pytest.fixture
def write(desk):
    """Send single answers as the script does; the token travels in a header."""

    def send(code, version, **typed):
        token = TOKEN.search(desk.visitor.get("/account").text) or TOKEN.search(desk.visitor.get("/sign-in").text)
        fields = {"version": version, **{key.replace("__", "-"): value for key, value in typed.items()}}
        headers = {**JSON, "X-CSRFToken": token[1]}
        return desk.visitor.client.post(f"{desk.path(code)}/autosave", data=fields, headers=headers)

    return send


def kinds(reference, code):
    """How the versions of a section came to be, oldest first."""
    section = next(each for each in get_application(reference).sections if each.code == code)
    return [str(each.kind) for each in list_revisions(section.id)]


def test_one_answer_is_saved_and_the_others_stay(world, desk, write):
    before, version = desk.stored("B4")
    said = write("B4", version, device_count="77").json
    assert (said["version"], said["problems"], said["conflicts"]) == (version + 1, {}, {})
    assert re.fullmatch(r"Bewaard om \d{1,2}\.\d\d uur", said["words"])
    assert desk.stored("B4") == ({**before, "device_count": "77"}, version + 1)
    assert world(kinds, desk.reference, "B4") == ["begun", "autosaved"]


def test_the_same_text_sent_twice_is_one_version(desk, write):
    assert write("B4", 0, device_count="77").json["version"] == 1
    assert write("B4", 0, device_count="77").json["version"] == 1


def test_what_is_wrong_is_said_at_its_control_and_what_is_right_is_kept(desk, write):
    said = write("B4", 0, device_count="ca. 120", deposit="30").json
    ((anchor, words),) = said["problems"]["device_count"]
    assert anchor == "device_count"
    assert "getal" in words
    assert desk.stored("B4")[0]["deposit"] == "30.00"


def test_going_on_typing_starts_from_ones_own_last_save(desk, write):
    version = write("B2", 0, cooperation="Een begin").json["version"]
    assert write("B2", 0, cooperation="Een begin en een vervolg").json["conflicts"]
    said = write("B2", 0, cooperation="Een begin en een vervolg", base__cooperation=version).json
    assert said["conflicts"] == {}
    assert desk.stored("B2")[0]["cooperation"] == "Een begin en een vervolg"


def test_what_a_colleague_changed_too_is_asked_and_what_only_one_changed_is_kept(world, desk, write):
    save_as_colleague(world, desk, "B4", loan_term="9", device_count="40")
    said = write("B4", 0, device_count="77", deposit="30").json
    assert said["conflicts"] == {
        "device_count": {"words": "Ook Karim Aznag wijzigde dit antwoord.", "mine": False},
    }
    stored, _version = desk.stored("B4")
    assert (stored["device_count"], stored["deposit"], stored["loan_term"]) == ("40", "30.00", "9")


def test_ones_own_save_elsewhere_is_told_apart(desk, write):
    desk.save("B4", device_count="40")
    said = write("B4", 0, device_count="77").json["conflicts"]
    assert said == {"device_count": {"words": "U wijzigde dit ook in een ander venster.", "mine": True}}


def test_whose_answer_it_is_shows_also_where_nobody_wrote_before(world, desk, write):
    def emptied():
        section = next(each for each in get_application(desk.reference).sections if each.code == "B10")
        section.answers = {}

    world(emptied)
    save_as_colleague(world, desk, "B10", measuring_method="Elk kwartaal.")
    write("B10", 0, baseline="In mei.")  # the section's last save is one's own; the answer is the colleague's
    said = write("B10", 0, measuring_method="Elk jaar.").json["conflicts"]
    assert said["measuring_method"]["words"] == "Ook Karim Aznag wijzigde dit antwoord."


def test_after_the_deadline_nothing_is_changed_and_the_text_is_kept(world, desk, write):
    before = desk.stored("B2")
    world(close_round, desk.reference, moment("2022-07-29T12:00"))
    answer = write("B2", 0, cooperation="Te laat.")
    assert answer.status_code == 409
    assert answer.json["kept"].endswith("/kept")
    assert desk.stored("B2") == before
    assert world(lambda: db.session.scalars(sa.select(UnsentText.answers)).all()) == [{"cooperation": "Te laat."}]


@pytest.mark.parametrize("typed", [{"no_such_question": "x"}, {"version": "drie", "deposit": "30"}])
def test_what_no_page_of_ours_sends_is_refused_whole(desk, write, typed):
    before = desk.stored("B4")
    assert write("B4", **{"version": 0, **typed}).status_code == 422
    assert desk.stored("B4") == before


def test_an_ended_session_is_told_apart_and_nothing_is_saved(world, desk, write):
    before = desk.stored("B4")
    world(lambda: db.session.execute(sa.update(SignIn).values(expires_at=moment("2022-01-01T12:00"))))
    assert write("B4", 0, deposit="30").status_code == 401
    assert desk.visitor.client.post(f"{desk.path('B4')}/autosave", headers=JSON).status_code == 401
    assert desk.stored("B4") == before


def test_a_token_of_another_session_is_told_apart(desk):
    answer = desk.visitor.client.post(f"{desk.path('B4')}/autosave", data={"version": 0}, headers=JSON)
    assert answer.status_code == 400


def test_what_is_asked_back_is_saved_while_one_types_and_the_rest_is_kept_for_its_author(world, desk, write):
    world(hand_in_and_return, desk.reference, "2099-01-01T12:00")
    said = write("B2", desk.stored("B2")[1], cooperation="Aangevuld.")
    assert said.status_code == 200
    assert desk.stored("B2")[0]["cooperation"] == "Aangevuld."
    before = desk.stored("B4")
    assert write("B4", before[1], device_count="77").status_code == 409
    assert desk.stored("B4") == before


def test_an_autosave_and_a_save_cost_a_few_statements(desk, write, count_statements):
    write("B4", 0, deposit="30")
    token = TOKEN.search(desk.visitor.get("/account").text)[1]
    fields = {"version": 0, "device_count": "77", "base-device_count": 0}
    with count_statements() as sent:
        answer = desk.visitor.client.post(
            f"{desk.path('B4')}/autosave", data=fields, headers={**JSON, "X-CSRFToken": token}
        )
    assert answer.json["version"] == 2
    assert len(sent) <= 9, "\n".join(sent)
    with count_statements() as sent:
        desk.visitor.client.get(f"{desk.path('B4')}/here", headers=JSON)
    assert len(sent) <= 6, "\n".join(sent)


def test_a_text_that_is_put_back_comes_back_unsaved_with_what_it_started_from(desk):
    page = desk.page("B4")
    assert "data-unsaved" not in page
    fields = {"version": "3", "resume": "1", "base-device_count": "1", "device_count": "ca. 120"}
    before = desk.stored("B4")
    answer = desk.visitor.post(desk.path("B4"), fields, page="/account")
    assert answer.status_code == 200
    assert re.findall(r'data-question="(\w+)" data-unsaved', answer.text) == ["device_count"]
    assert 'name="base-device_count" value="1"' in answer.text
    assert 'value="ca. 120"' in answer.text
    assert desk.stored("B4") == before


def test_signing_out_clears_what_the_browser_kept(desk):
    assert desk.visitor.post("/sign-out", page="/account").headers["Clear-Site-Data"] == '"storage"'
