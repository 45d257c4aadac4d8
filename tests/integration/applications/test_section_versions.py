"""Two people in one section, and what arrives too late: nothing that anybody typed is lost."""

import re

import pytest
import sqlalchemy as sa

from portal.accounts.queries import list_leads
from portal.applications.commands.admissibility import ask_completion
from portal.applications.commands.save_section import save_section
from portal.applications.commands.submit import submit_application
from portal.applications.models import CompletionRequest
from portal.applications.queries import get_application, list_revisions
from portal.core.actor import Role
from portal.core.db import db
from tests.world.accounts import ctx_for, given_person
from tests.world.applications_models import ACCEPTED
from tests.world.sections import close_round, typed
from tests.world.time import moment

MINE, THEIRS = "Elke kernpartner heeft één stem.", "Elke partner heeft één stem en een plaatsvervanger."


def save_as_colleague(world, desk, code, **answers):
    """A colleague saves the section, from the console, over what stands."""

    def save():
        application = get_application(desk.reference)
        version = next(each.version for each in application.sections if each.code == code)
        save_section(ctx_for(given_person("Karim Aznag")), application, code, answers, version)
        db.session.commit()

    world(save)


def hidden_of(page):
    """What travels along on the page of two versions."""
    areas = re.findall(r'<textarea name="([^"]+)" hidden[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return dict(areas + re.findall(r'<input type="hidden" name="(base-\w+)" value="(\d+)"', page))


@pytest.fixture
def conflict(world, desk):
    """The page of two versions: I changed the cooperation, and so did a colleague meanwhile."""
    page = desk.page("B2")
    save_as_colleague(world, desk, "B2", cooperation=THEIRS)
    answer = desk.save("B2", page=page, cooperation=MINE)
    assert answer.status_code == 409
    return answer.text


def choose(desk, page, code="B2", **choices):
    """Send the page of two versions with these choices by question."""
    (version,) = re.findall(r'name="version" value="(\d+)"', page)
    keeps = {f"keep-{key}": choice for key, choice in choices.items()}
    fields = {**hidden_of(page), "version": version, "conflict": re.findall(r'name="conflict" value="(\w+)"', page)}
    return desk.visitor.post(desk.path(code), {**fields, **keeps}, page="/account")


def test_both_versions_are_shown_whole_with_their_differences_marked(desk, conflict):
    assert "Twee versies van B2" in conflict
    assert "Karim Aznag" in conflict
    assert "<ins>kernpartner</ins>" in conflict
    assert "plaatsvervanger.</ins>" in conflict
    assert hidden_of(conflict)["cooperation"] == MINE
    assert desk.stored("B2")[0]["cooperation"] == THEIRS


@pytest.mark.parametrize(("choice", "left"), [("mine", MINE), ("theirs", THEIRS)])
def test_the_version_that_is_chosen_stands_and_both_stay_in_the_history(desk, conflict, choice, left):
    assert choose(desk, conflict, cooperation=choice).status_code == 302
    assert desk.stored("B2")[0]["cooperation"] == left


def test_two_texts_can_be_merged_by_hand(desk, conflict):
    merged = choose(desk, conflict, cooperation="both")
    assert merged.status_code == 200
    assert typed(merged.text)["cooperation"] == [f"{MINE}\n\n{THEIRS}"]
    assert desk.stored("B2")[0]["cooperation"] == THEIRS
    assert desk.save("B2", page=merged.text, cooperation="Samen geschreven.").status_code == 302
    assert desk.stored("B2")[0]["cooperation"] == "Samen geschreven."


def test_without_a_choice_the_page_comes_back_and_says_so(desk, conflict):
    again = choose(desk, conflict)
    assert again.status_code == 409
    assert "Kies welke versie u houdt." in again.text
    assert hidden_of(again.text)["cooperation"] == MINE
    assert desk.stored("B2")[0]["cooperation"] == THEIRS


def test_a_second_press_of_save_is_no_conflict(desk):
    page = desk.page("B2")
    assert desk.save("B2", page=page, cooperation=MINE).status_code == 302
    once = desk.stored("B2")
    assert desk.save("B2", page=page, cooperation=MINE).status_code == 302
    assert desk.stored("B2") == once


def test_a_third_save_meanwhile_shows_the_two_versions_anew(world, desk, conflict):
    save_as_colleague(world, desk, "B2", cooperation="Nog anders.")
    again = choose(desk, conflict, cooperation="mine")
    assert again.status_code == 409
    assert "Nog" in again.text
    assert hidden_of(again.text)["cooperation"] == MINE


def test_what_two_people_changed_in_different_questions_is_merged_by_itself(world, desk):
    page = desk.page("B4")
    save_as_colleague(world, desk, "B4", loan_term="9")
    answer = desk.save("B4", page=page, device_count="77")
    assert answer.status_code == 302
    stored, _version = desk.stored("B4")
    assert (stored["device_count"], stored["loan_term"]) == ("77", "9")
    assert "samen met wat anderen" in desk.page("B4")


def test_only_the_question_that_both_changed_is_asked_and_the_rest_travels_along(world, desk):
    page = desk.page("B4")
    save_as_colleague(world, desk, "B4", loan_term="9", device_count="40")
    answer = desk.save("B4", page=page, device_count="77", deposit="30")
    assert answer.status_code == 409
    assert re.findall(r'name="conflict" value="(\w+)"', answer.text) == ["device_count"]
    assert choose(desk, answer.text, code="B4", device_count="mine").status_code == 302
    stored, _version = desk.stored("B4")
    assert (stored["device_count"], stored["deposit"], stored["loan_term"]) == ("77", "30.00", "9")


@pytest.mark.parametrize("choice", ["theirs", "both"])
def test_a_text_that_is_given_up_stays_in_the_history(world, desk, conflict, choice):
    choose(desk, conflict, cooperation=choice)

    def kept():
        section = next(each for each in get_application(desk.reference).sections if each.code == "B2")
        return [(str(each.kind), each.answers["cooperation"]) for each in list_revisions(section.id)][-3:]

    assert world(kept) == [("saved", THEIRS), ("set_aside", MINE), ("saved", THEIRS)]


def test_my_own_save_in_another_window_is_said_to_be_mine(desk):
    page = desk.page("B2")
    desk.save("B2", cooperation=THEIRS)
    answer = desk.save("B2", page=page, cooperation=MINE)
    assert answer.status_code == 409
    assert "Versie van u, in een ander venster" in answer.text


def test_a_page_of_a_version_that_is_not_known_asks_before_it_writes_over_anything(desk):
    page = desk.page("B2")
    answer = desk.save("B2", page=page, version="7", cooperation=MINE)
    assert answer.status_code == 409
    assert hidden_of(answer.text)["cooperation"] == MINE


def test_a_text_after_the_deadline_is_refused_and_kept_for_its_author_alone(world, desk):
    page, before = desk.page("B2"), desk.stored("B2")
    world(close_round, desk.reference, moment("2022-07-29T12:00"))
    late = desk.save("B2", page=page, cooperation="Te laat, maar niet verloren: 🎉")
    assert late.status_code == 422
    assert "De deadline is voorbij" in late.text
    assert f"/applications/{desk.reference}/kept" in late.text
    assert desk.stored("B2") == before
    kept = desk.visitor.get(f"/applications/{desk.reference}/kept").text
    assert "Te laat, maar niet verloren: 🎉" in kept
    (download,) = re.findall(rf"/applications/{desk.reference}/kept/\d+", kept)
    file = desk.visitor.get(download)
    assert file.mimetype == "text/plain"
    assert "attachment" in file.headers["Content-Disposition"]
    assert "Te laat, maar niet verloren: 🎉" in file.text
    officer = world(lambda: given_person("Nele Peeters", roles=[Role.CASE_OFFICER]).email)
    desk.visitor.client.delete_cookie("session")
    desk.visitor.sign_in(officer)
    assert desk.visitor.get(download).status_code == 404
    assert "Te laat" not in desk.visitor.get(f"/applications/{desk.reference}/kept").text


def test_what_cannot_be_stored_is_kept_too_when_it_comes_late(world, desk):
    page = desk.page("B4")
    world(close_round, desk.reference, moment("2022-07-29T12:00"))
    assert desk.save("B4", page=page, device_count="ca. 120", deposit="twintig").status_code == 422
    kept = desk.visitor.get(f"/applications/{desk.reference}/kept").text
    assert "ca. 120" in kept
    assert "twintig" in kept


def test_rows_that_come_late_are_kept_and_read_as_a_table(world, desk):
    page = desk.page("B6")
    world(close_round, desk.reference, moment("2022-07-29T12:00"))
    assert desk.save("B6", page=page, access_points__0__name="Digipunt De Brem").status_code == 422
    assert "Digipunt De Brem" in desk.visitor.get(f"/applications/{desk.reference}/kept").text


def test_a_text_that_meets_a_submission_is_kept_as_well(world, desk):
    page = desk.page("B2")

    def hand_in():
        application = get_application(desk.reference, lock=True)
        lead = list_leads([application.promotor_id])[0]
        submit_application(ctx_for(lead), application, accepted=ACCEPTED)
        db.session.commit()

    world(hand_in)
    answer = desk.save("B2", page=page, cooperation="Net te laat.")
    assert answer.status_code == 409
    assert "Dit kan niet meer gewijzigd worden" in answer.text
    assert "Net te laat." in desk.visitor.get(f"/applications/{desk.reference}/kept").text


def test_without_a_kept_text_the_page_says_what_belongs_there(desk):
    assert "Er is geen tekst bewaard" in desk.visitor.get(f"/applications/{desk.reference}/kept").text


def hand_in_and_return(reference, due_at):
    """Hand in what is written; section B2 is asked back until ``due_at``."""
    application = get_application(reference, lock=True)
    lead = list_leads([application.promotor_id])[0]
    submit_application(ctx_for(lead, "2022-07-29T11:00"), application, accepted=ACCEPTED)
    close_round(reference, moment("2022-07-29T12:00"))
    db.session.expire_all()
    officer = ctx_for(given_person("Nele Peeters", roles=[Role.CASE_OFFICER]), "2022-08-01T09:00")
    application = get_application(reference, lock=True)
    ask_completion(
        officer, application, ["OV-07"], "Voeg de overeenkomst toe.", moment(due_at), asked={"B2": "Vul aan."}
    )
    db.session.commit()


def test_a_returned_application_is_written_until_its_completion_is_due(world, desk):
    """The round is closed, but a case officer asked for a completion: its own due moment counts."""
    world(hand_in_and_return, desk.reference, "2099-01-01T12:00")
    assert desk.save("B2", cooperation="Aangevuld.").status_code == 302
    assert desk.stored("B2")[0]["cooperation"] == "Aangevuld."
    page = desk.page("B2")

    def make_due():
        db.session.execute(sa.update(CompletionRequest).values(due_at=moment("2022-08-15T12:00")))
        db.session.commit()

    world(make_due)
    assert "<textarea" not in desk.page("B2")
    late = desk.save("B2", page=page, cooperation="Te laat aangevuld.")
    assert late.status_code == 422
    assert "15 augustus 2022" in late.text
    assert desk.stored("B2")[0]["cooperation"] == "Aangevuld."
