"""Who changed what when, in words that came and went; and an earlier version that is put back."""

import re

import pytest
import sqlalchemy as sa

from portal.accounts.models import SignIn
from portal.applications.commands.save_section import Typed, autosave_typed
from portal.applications.commands.thin_revisions import thin_revisions
from portal.applications.history import stretches_of
from portal.applications.models import SectionRevision, UnsentText
from portal.applications.queries import get_application, list_marks
from portal.core.actor import Role
from portal.core.db import db
from tests.integration.applications.test_section_versions import save_as_colleague
from tests.world.accounts import PASSWORD, ctx_for, given_person
from tests.world.http import TOKEN
from tests.world.sections import close_round, typed
from tests.world.time import moment


@pytest.fixture
def written(world, desk):
    """A section that I began, a colleague went on with, and I changed again."""
    desk.save("B2", cooperation="Elke partner heeft een stem.")
    save_as_colleague(world, desk, "B2", cooperation="Elke kernpartner heeft een stem.")
    desk.save("B2", cooperation="Elke kernpartner heeft twee stemmen.")
    return f"{desk.path('B2')}/history"


def test_each_stretch_says_who_changed_which_words(desk, written):
    page = desk.visitor.get(written).text
    assert "Geschiedenis van B2" in page
    assert page.index("<ins>twee stemmen.</ins>") < page.index("<ins>kernpartner</ins>"), "newest first"
    assert "<del>een stem.</del>" in page
    assert page.index("Eva") < page.index("Karim Aznag")


def test_the_history_costs_the_same_with_one_version_and_with_many(world, desk, count_statements):
    def cost():
        with count_statements() as sent:
            assert desk.visitor.get(f"{desk.path('B2')}/history").status_code == 200
        return len(sent)

    desk.save("B2", cooperation="Eerste.")
    once = cost()
    for number in range(3):
        save_as_colleague(world, desk, "B2", cooperation=f"Versie {number}.")
        desk.save("B2", cooperation=f"Tussenversie {number}.")
    assert cost() == once


def test_older_stretches_stand_on_a_next_page(world, desk):
    for number in range(11):
        save_as_colleague(world, desk, "B2", cooperation=f"Hun tekst {number}")
        desk.save("B2", cooperation=f"Mijn tekst {number}")
    page = desk.visitor.get(f"{desk.path('B2')}/history").text
    (older,) = re.findall(r"/history\?before=\d+", page)
    assert "Mijn tekst" not in re.sub("<[^>]+>", "", page).split("tekst 10")[-1].split("Vroegere")[-1]
    assert "Vroegere wijzigingen" not in desk.visitor.get(desk.path("B2") + older).text


def test_an_earlier_version_is_put_back_as_a_new_one(world, desk, written):
    _answers, version = desk.stored("B2")
    address = f"{written}/2/restore"
    page = desk.visitor.get(address).text
    assert "De vroegere versie terugzetten? 1 antwoord wijzigt" in page
    assert "<del>twee stemmen.</del>" in page
    assert desk.stored("B2")[1] == version
    assert desk.visitor.post(address, {"seen": version}).status_code == 302
    stored, now = desk.stored("B2")
    assert (stored["cooperation"], now) == ("Elke kernpartner heeft een stem.", version + 1)
    assert "Een vroegere versie teruggezet" in desk.visitor.get(written).text
    kinds = world(lambda: db.session.scalars(sa.select(SectionRevision.kind).order_by(SectionRevision.id)).all())
    assert str(kinds[-1]) == "restored"


def test_a_save_meanwhile_is_shown_before_anything_is_put_back(world, desk, written):
    _answers, version = desk.stored("B2")
    save_as_colleague(world, desk, "B2", cooperation="Intussen.")
    answer = desk.visitor.post(f"{written}/2/restore", {"seen": version})
    assert answer.status_code == 422
    assert "Iemand bewaarde deze rubriek intussen" in answer.text
    assert desk.stored("B2")[0]["cooperation"] == "Intussen."


def test_a_version_that_is_not_kept_and_one_of_another_section_do_not_exist(desk, written):
    assert desk.visitor.get(f"{written}/99/restore").status_code == 404
    assert desk.visitor.get(f"{desk.path('Z9')}/history").status_code == 404


def test_after_the_deadline_the_history_is_read_and_nothing_is_put_back(world, desk, written):
    _answers, version = desk.stored("B2")
    world(close_round, desk.reference, moment("2022-07-29T12:00"))
    assert "Deze versie terugzetten" not in desk.visitor.get(written).text
    assert desk.visitor.post(f"{written}/2/restore", {"seen": version}, page="/account").status_code == 422
    assert desk.stored("B2")[1] == version


def test_a_case_officer_does_not_read_how_an_answer_came_about(world, desk, written):
    officer = world(lambda: given_person("Nele Peeters", roles=[Role.CASE_OFFICER]).email)
    desk.visitor.client.delete_cookie("session")
    desk.visitor.sign_in(officer)
    assert desk.visitor.get(written).status_code == 403
    assert desk.visitor.post(f"{written}/2/restore", {"seen": 3}, page="/account").status_code == 403


def end_sessions():
    db.session.execute(sa.update(SignIn).values(expires_at=moment("2022-01-01T12:00")))


def sent_after_the_end(world, desk, *, times=1, **changed):
    """Send the form of a page that was opened before the session ended, without a script; return the last answer."""
    fields = typed(desk.page("B2"), **changed)
    token = TOKEN.search(desk.visitor.get("/account").text)[1]
    world(end_sessions)
    answers = [desk.visitor.client.post(desk.path("B2"), data={**fields, "csrf_token": token}) for _ in range(times)]
    return answers[-1]


def test_a_form_sent_after_the_session_ended_is_kept_through_sign_in(world, desk):
    before = desk.stored("B2")
    answer = sent_after_the_end(world, desk, cooperation="Getypt en toen afgemeld.")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")
    assert desk.stored("B2") == before
    assert "Wat u typte, is voor u bewaard" in desk.visitor.get(answer.location).text
    signed_in = desk.visitor.post(answer.location, {"email": desk.email, "password": PASSWORD})
    assert "held=" in signed_in.location
    (number,) = world(lambda: db.session.scalars(sa.select(UnsentText.id)).all())
    page = desk.visitor.get(f"{desk.path('B2')}?held={number}").text
    assert "Dit typte u voor u afgemeld werd" in page
    assert typed(page)["cooperation"] == ["Getypt en toen afgemeld."]
    assert desk.save("B2", page=page).status_code == 302
    assert desk.stored("B2")[0]["cooperation"] == "Getypt en toen afgemeld."
    assert world(lambda: db.session.scalars(sa.select(UnsentText.id)).all()) == []


def test_it_comes_back_through_the_same_merge(world, desk):
    sent_after_the_end(world, desk, cooperation="Mijn tekst.")
    save_as_colleague(world, desk, "B2", cooperation="Hun tekst.")
    desk.visitor.sign_in(desk.email)
    (number,) = world(lambda: db.session.scalars(sa.select(UnsentText.id)).all())
    page = desk.visitor.get(f"{desk.path('B2')}?held={number}").text
    assert desk.save("B2", page=page).status_code == 409
    assert desk.stored("B2")[0]["cooperation"] == "Hun tekst."


def test_it_is_put_back_for_its_author_alone(world, desk):
    sent_after_the_end(world, desk, cooperation="Alleen voor mij.")
    (number,) = world(lambda: db.session.scalars(sa.select(UnsentText.id)).all())
    desk.visitor.sign_in(world(lambda: given_person("Nele Peeters", roles=[Role.AUDITOR]).email))
    assert "Alleen voor mij." not in desk.visitor.get(f"{desk.path('B2')}?held={number}").text


@pytest.mark.parametrize("seal", ["", "forged", None])
def test_without_the_seal_of_a_form_of_ours_nothing_is_kept(world, desk, seal):
    other = typed(desk.page("B4"))["seal"][0]
    answer = sent_after_the_end(world, desk, seal=other if seal is None else seal, cooperation="Van een ander.")
    assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert world(lambda: db.session.scalars(sa.select(UnsentText.id)).all()) == []


def test_old_steps_of_one_stretch_are_taken_out_and_its_end_stays(world, desk):
    """Eight days later: of three autosaves in a row the last stays, and what others wrote or somebody saved."""

    def autosaves():
        section = next(each for each in get_application(desk.reference).sections if each.code == "B2")
        eva, karim = given_person("Eva Maes"), given_person("Karim Aznag")
        for minute, person in ((0, eva), (1, eva), (2, eva), (3, karim), (30, karim)):
            by = ctx_for(person, f"2022-06-20T12:{minute:02}")
            application = get_application(desk.reference)
            version = next(each.version for each in application.sections if each.code == "B2")
            autosave_typed(by, application, "B2", Typed({"cooperation": f"Minuut {minute}"}, version))
        return section.id

    number = world(autosaves)
    before = world(list_marks, number)
    assert world(lambda: thin_revisions(ctx_for(at="2022-06-27T11:00"))) == 0
    assert world(lambda: thin_revisions(ctx_for(at="2022-06-28T12:00"))) == 2
    assert world(lambda: thin_revisions(ctx_for(at="2022-06-28T12:00"))) == 0
    after = world(list_marks, number)
    assert [each.version for each in after] == [each.version for each in before if each.version not in (1, 2)]
    assert [each.last.version for each in stretches_of(after)] == [each.last.version for each in stretches_of(before)]


@pytest.mark.parametrize(("times", "status", "kept"), [(30, 302, 30), (31, 401, 30)])
def test_of_one_person_thirty_texts_an_hour_are_kept_and_the_next_is_shown_to_copy(world, desk, times, status, kept):
    answer = sent_after_the_end(world, desk, times=times, cooperation="Getypt, en telkens opnieuw verzonden.")
    assert answer.status_code == status
    assert ("Getypt, en telkens opnieuw verzonden." in answer.text) == (status == 401)
    assert world(lambda: db.session.scalar(sa.select(sa.func.count()).select_from(UnsentText))) == kept
