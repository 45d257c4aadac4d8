"""Filling in a section in the browser: save and stay, save and go on, wrong values, rows without a script."""

import pytest

from portal.core.actor import Role
from tests.world.accounts import given_person
from tests.world.applications_models import EXECUTION
from tests.world.sections import typed


def _plain(answers):
    """What is answered, lists of codes in one order: ticked boxes come in the order of the page."""
    filled = {key: value for key, value in answers.items() if value not in (None, "", [])}
    is_codes = {key for key, value in filled.items() if isinstance(value, list) and isinstance(value[0], str)}
    return {key: sorted(value) if key in is_codes else value for key, value in filled.items()}


@pytest.mark.parametrize("code", [each.code for each in EXECUTION.form.sections])
def test_every_section_opens_and_a_save_of_what_stands_changes_no_answer(desk, code):
    page = desk.page(code)
    assert "Schrijf uw antwoorden in het Nederlands" in page
    before, version = desk.stored(code)
    answer = desk.save(code, page=page)
    assert (answer.status_code, answer.location) == (302, desk.path(code))
    after, saved = desk.stored(code)
    assert saved == version + 1
    assert _plain(after) == _plain(before)


def test_save_and_go_on_leads_to_the_next_section_and_from_the_last_to_the_overview(desk):
    assert desk.save("B4", next="next").location == desk.path("B5")
    assert desk.save("B14", next="next").location == f"/applications/{desk.reference}"


def test_answers_are_stored_in_one_form_whatever_way_they_are_written(desk):
    answer = desk.save("B4", device_count="1.250", deposit="€ 20", device_origin=["", "new"], loan_term="6")
    assert answer.status_code == 302
    stored, _version = desk.stored("B4")
    assert (stored["device_count"], stored["deposit"], stored["loan_term"]) == ("1250", "20.00", "6")
    assert stored["device_origin"] == ["new"]
    assert desk.save("B1", bank_account="be71 0961 2345 6769").status_code == 302
    assert desk.stored("B1")[0]["bank_account"] == "BE71096123456769"
    assert desk.save("B9", project_starts_on="1/2/2023").status_code == 302
    assert desk.stored("B9")[0]["project_starts_on"] == "2023-02-01"


def test_quotes_markup_and_emoji_come_back_as_they_were_typed(desk):
    text = 'De "digi’bank" <b>\'s</b> & 🎉 van Noordheide\n\nTweede alinea.'
    assert desk.save("B2", cooperation=text.replace("\n", "\r\n")).status_code == 302
    assert desk.stored("B2")[0]["cooperation"] == text
    page = desk.page("B2")
    assert "<b>'s</b>" not in page
    assert typed(page)["cooperation"] == [text]


WRONG = [
    ("B4", {"device_count": "ca. 120"}, "ca. 120"),
    ("B4", {"device_count": "-1"}, "-1"),
    ("B4", {"device_count": "0"}, "1 of meer"),
    ("B4", {"deposit": "1e99"}, "1e99"),
    ("B4", {"deposit": "2000"}, "€\xa01.000,00 of minder"),
    ("B4", {"device_origin": ["", "stolen"]}, "Kies een antwoord uit de lijst."),
    ("B9", {"project_starts_on": "2022-02-30"}, "2022-02-30"),
    ("B9", {"project_starts_on": "0022-02-01"}, "Vul een bestaande datum in."),
    ("B1", {"bank_account": "BE71 0961 2345 6768"}, "BE71 0961 2345 6768"),
    ("B1", {"contact_person__email": "eva"}, "Vul een e-mailadres in"),
    ("B7", {"service_area": ["", "99999"]}, "Kies een antwoord uit de lijst."),
    ("B7", {"unique_users__2023__jobseekers": "veel"}, "veel"),
    ("B6", {"access_points__0__municipality": "Nergenshuizen"}, "Nergenshuizen"),
    ("B6", {"access_points__0__weekly_hours": "200"}, "168 of minder"),
    ("B6", {"access_points__0__operator": "0"}, "Kies een antwoord uit de lijst."),
    ("B12", {"eu_logo": "maybe"}, "Antwoord met ja of nee."),
    ("B2", {"cooperation": "woord " * 10_000}, "teken"),
    ("B2", {"no_such_question": "x"}, "Het formulier stelt deze vraag niet."),
    ("B2", {"version": "drie"}, "Open de pagina opnieuw."),
]


@pytest.mark.parametrize(("code", "changed", "said"), WRONG, ids=lambda each: str(each)[:40])
def test_a_wrong_value_is_said_at_its_question_and_nothing_that_was_typed_is_lost(desk, code, changed, said):
    page = desk.page(code)
    before = desk.stored(code)
    answer = desk.save(code, page=page, **changed)
    assert answer.status_code == 422
    assert "data-error-summary" in answer.text
    assert said in answer.text
    assert desk.stored(code) == before
    kept, first = typed(answer.text), typed(page)
    others = [
        name
        for name in first
        if name.replace("-", "__") not in changed and name not in ("csrf_token", "version", "seal")
    ]
    assert {name: kept.get(name) for name in others} == {name: first[name] for name in others}


def test_a_row_is_added_and_taken_out_without_a_script_and_nothing_typed_is_lost(desk):
    before = desk.stored("B9")
    page = desk.page("B9")
    added = desk.save("B9", page=page, milestones__0__title="Nog niet bewaard", add="milestones")
    assert added.status_code == 200
    fields = typed(added.text)
    assert fields["milestones-0-title"] == ["Nog niet bewaard"]
    assert fields["milestones-1-title"] == [""]
    assert desk.stored("B9") == before
    saved = desk.save("B9", page=added.text, milestones__1__title="Open", milestones__1__due_on="2023-06-01")
    assert saved.status_code == 302
    assert [row["title"] for row in desk.stored("B9")[0]["milestones"]] == ["Nog niet bewaard", "Open"]
    taken = desk.save("B9", remove="milestones-0")
    assert typed(taken.text)["milestones-1-title"] == ["Open"]
    assert desk.save("B9", page=taken.text).status_code == 302
    assert [row["title"] for row in desk.stored("B9")[0]["milestones"]] == ["Open"]


def test_all_rows_can_be_taken_out_and_an_empty_row_is_not_stored(desk):
    emptied = desk.save("B6", remove="access_points-0")
    assert desk.save("B6", page=emptied.text).status_code == 302
    assert desk.stored("B6")[0]["access_points"] == []
    assert desk.save("B6").status_code == 302
    assert desk.stored("B6")[0]["access_points"] == []


def test_a_municipality_in_a_row_is_typed_by_its_name(desk):
    assert desk.save("B6", access_points__0__municipality="sint niklaas").status_code == 302
    assert desk.stored("B6")[0]["access_points"][0]["municipality"] == ["46021"]


def test_a_question_appears_after_the_answer_that_asks_it_and_is_not_walked_past(desk):
    assert 'data-question="eu_logo_reason"' in desk.page("B12")
    answer = desk.save("B12", eu_logo="no", next="next")
    assert answer.location == desk.path("B12")
    assert "nog een vraag" in desk.page("B12")
    assert desk.save("B12", eu_logo_reason="Wij hebben een eigen logo.", next="next").location == desk.path("B13")


def test_the_answer_to_a_question_that_is_hidden_again_is_kept_and_its_faults_do_not_stop_a_save(desk):
    desk.save("B12", eu_logo="no")
    desk.save("B12", eu_logo_reason="Wij hebben een eigen logo.")
    assert desk.save("B12", eu_logo="yes", eu_logo_reason="x" * 900).status_code == 302
    stored, _version = desk.stored("B12")
    assert (stored["eu_logo"], stored["eu_logo_reason"]) == (True, "Wij hebben een eigen logo.")


def test_who_may_only_read_gets_the_answers_and_cannot_save(world, desk):
    officer = world(lambda: given_person("Nele Peeters", roles=[Role.CASE_OFFICER]).email)
    page = desk.page("B4")
    desk.visitor.client.delete_cookie("session")
    desk.visitor.sign_in(officer)
    read = desk.visitor.get(desk.path("B4"))
    assert read.status_code == 200
    assert "Hersteld via de sociale economie" in read.text
    assert "<textarea" not in read.text
    before = desk.stored("B4")
    assert desk.save("B4", page=page, device_count="7").status_code == 403
    assert desk.stored("B4") == before


def test_a_stranger_does_not_learn_that_a_section_exists(world, desk):
    stranger = world(lambda: given_person("Bram Nijs").email)
    assert desk.visitor.get(f"/applications/{desk.reference}/sections/Z9").status_code == 404
    desk.visitor.client.delete_cookie("session")
    desk.visitor.sign_in(stranger)
    assert desk.visitor.get(desk.path("B4")).status_code == 404


def test_a_section_page_asks_as_many_statements_however_many_rows_it_shows(desk, count_statements):
    desk.page("B9")
    with count_statements() as one:
        desk.page("B9")
    page = desk.page("B9")
    for _ in range(3):
        page = desk.save("B9", page=page, add="milestones").text
    filled = {f"milestones__{place}__title": f"Mijlpaal {place}" for place in range(4)}
    assert desk.save("B9", page=page, **filled).status_code == 302
    desk.page("B9")  # says once that it is saved
    with count_statements() as four:
        desk.page("B9")
    assert len(four) == len(one)


FORGED = [
    ("B2", {"version": "9" * 50}, 422),
    ("B2", {"version": "-1"}, 422),
    ("B2", {"version": ""}, 422),
    ("B2", {"conflict": "cooperation"}, 409),  # no choice was made
    ("B2", {"conflict": ["nope", "cooperation"], "keep__cooperation": "whatever"}, 409),
    ("B4", {"conflict": "device_count", "keep__device_count": "both"}, 409),
    ("B9", {"conflict": "milestones", "keep__milestones": "both"}, 409),
    ("B1", {"promotor": "somebody else"}, 422),
    ("B14", {"earlier_aid": "5"}, 422),
    ("B6", {"remove": "access_points-²"}, 200),
    ("B6", {"remove": "access_points-99"}, 200),
    ("B6", {"remove": "guidance-0"}, 200),
    ("B6", {"add": "guidance"}, 200),
    ("B6", {"access_points__²__name": "x"}, 302),
    ("B7", {"unique_users__2023__jobseekers": "²"}, 422),
    ("B2", {"next": "https://elsewhere.example"}, 302),
]


@pytest.mark.parametrize(("code", "changed", "status"), FORGED, ids=lambda each: str(each)[:50])
def test_a_forged_request_gets_a_calm_answer_and_changes_nothing_it_should_not(desk, code, changed, status):
    before, _version = desk.stored(code)
    assert desk.save(code, **changed).status_code == status
    assert _plain(desk.stored(code)[0]) == _plain(before)
