"""Questions that are calculated: shown with the last save, never typed, frozen as they were handed in."""

import json
import re
from io import BytesIO

import docx

from portal.accounts.queries import list_leads
from portal.applications.answers_shown import Shape
from portal.applications.changes import changed_sections
from portal.applications.commands.submit import submit_application
from portal.applications.dossiers import dossier_of
from portal.applications.reading import read_snapshot
from tests.world.accounts import ctx_for
from tests.world.applications_models import ACCEPTED, change_answer, given_complete_draft
from tests.world.sections import typed

IN_TIME = "2022-07-29T12:00:00"
USERS = {"2023": {"jobseekers": 30, "older_people": 60}, "2024": {"jobseekers": 30}}


def outputs(page):
    """What each calculated question says on the page."""
    found = re.findall(r'<output id="(\w+)"[^>]*>\s*(.*?)\s*</output>', page, re.DOTALL)
    return {key: " ".join(text.split()) for key, text in found}


def frozen(application):
    snapshot = submit_application(
        ctx_for(list_leads([application.promotor_id])[0], IN_TIME), application, accepted=ACCEPTED
    )
    return json.loads(snapshot.content)


def shown(application, content):
    sections = read_snapshot(application, dossier_of(application), content)
    return {each.key: each.value for section in sections for each in section.answers}


def test_a_sum_and_a_share_follow_the_table_of_targets_when_it_is_saved(desk):
    desk.save("B7", unique_users__2023__jobseekers="1.200", unique_users__2024__older_people="400")
    said = outputs(desk.page("B7"))
    assert said == {"unique_users_total": "1.600 gebruikers", "jobseekers_share": "75 %"}
    emptied = {"unique_users__2023__jobseekers": "", "unique_users__2024__jobseekers": ""}
    desk.save("B7", **emptied, unique_users__2024__older_people="")
    assert set(outputs(desk.page("B7")).values()) == {"Nog niet bekend"}


def test_a_product_of_an_amount_is_an_amount_and_hours_are_added_over_the_rows(desk):
    desk.save("B4", device_count="120", deposit="12,50")
    assert outputs(desk.page("B4")) == {"deposits_total": "€ 1.500,00"}
    desk.save("B6", access_points__0__weekly_hours="12,5")
    assert outputs(desk.page("B6")) == {"access_point_hours": "12,5 uur"}


def test_what_is_calculated_has_no_control_and_cannot_be_sent(desk):
    assert "unique_users_total" not in typed(desk.page("B7"))
    before = desk.stored("B7")
    forged = desk.save("B7", unique_users_total="999999")
    assert forged.status_code == 422
    assert "Het formulier stelt deze vraag niet." in forged.text
    assert desk.stored("B7") == before


def test_a_script_is_told_what_to_calculate_with(desk):
    recipe = re.search(r'id="jobseekers_share"[^>]*data-calculation="([^"]*)"', desk.page("B7")).group(1)
    assert json.loads(recipe.replace("&#34;", '"')) == {
        "operation": "share",
        "of": ["unique_users.jobseekers", "unique_users"],
        "isMoney": False,
    }


def test_the_figures_are_frozen_with_what_is_handed_in(inside):
    application = given_complete_draft()
    change_answer(application, "unique_users", USERS)
    content = frozen(application)
    assert content["calculated"] == {
        "deposits_total": "100.00",
        "access_point_hours": "10",
        "unique_users_total": "120",
        "jobseekers_share": "50",
    }
    values = shown(application, content)
    assert (values["deposits_total"].shape, values["unique_users_total"].shape) == (Shape.AMOUNT, Shape.NUMBER)
    content["calculated"]["unique_users_total"] = "121"
    assert shown(application, content)["unique_users_total"].said == 121, "read as it was frozen, not computed anew"


def test_what_changed_between_two_frozen_versions_holds_the_figures_too(inside):
    application = given_complete_draft()
    content = frozen(application)
    later = json.loads(json.dumps(content))
    later["calculated"]["unique_users_total"] = "20"
    dossier = dossier_of(application)
    before, after = (read_snapshot(application, dossier, each) for each in (content, later))
    (found,) = changed_sections(before, after)
    assert [(each.key, each.before.said, each.after.said) for each in found.changes] == [("unique_users_total", 10, 20)]


def test_the_figures_stand_in_the_word_document(desk):
    desk.save("B7", unique_users__2023__jobseekers="1.200")
    answer = desk.visitor.get(f"/applications/{desk.reference}/draft.docx")
    document = docx.Document(BytesIO(answer.data))
    assert "1.200 gebruikers" in "\n".join(each.text for each in document.paragraphs)


def test_the_figures_stand_on_the_page_to_check_before_submitting(desk):
    desk.save("B7", unique_users__2023__jobseekers="1.200")
    assert "1.200 gebruikers" in desk.visitor.get(f"/applications/{desk.reference}/check").text
