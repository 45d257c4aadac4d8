"""What a form's rules find between its answers: said at the question, in the list of tasks, and when submitting, alike."""

import pytest

from portal.accounts.queries import list_leads
from portal.applications.commands.submit import submit_application
from portal.applications.queries import get_application
from portal.core.errors import RuleViolation
from tests.world.accounts import ctx_for
from tests.world.applications_models import ACCEPTED, change_answer, given_complete_draft

IN_TIME = "2022-07-29T12:00:00"
OUTSIDE = "valt buiten het project, van 1 januari 2023 tot en met 31 december 2024"
PACKAGE = {"title": "Uitlenen", "description": "Wij lenen uit.", "owner": "1"}


def refusals(application):
    with pytest.raises(RuleViolation) as refusal:
        submit_application(ctx_for(list_leads([application.promotor_id])[0], IN_TIME), application, accepted=ACCEPTED)
    return [(each.code, each.field, each.link) for each in refusal.value.problems]


@pytest.mark.parametrize(
    ("key", "answer", "code"),
    [
        ("work_packages", [{**PACKAGE, "starts_on": "2023-03-01", "ends_on": "2023-02-28"}], "end-before-start"),
        ("work_packages", [{**PACKAGE, "starts_on": "2022-12-31", "ends_on": "2023-02-28"}], "day-outside-period"),
        ("milestones", [{"title": "Open", "due_on": "2025-01-01"}], "day-outside-period"),
    ],
)
def test_an_answer_that_goes_against_a_rule_of_the_form_is_not_submitted(inside, key, answer, code):
    application = given_complete_draft()
    change_answer(application, key, answer)
    assert refusals(application) == [(code, key, "B9")]


def test_targets_are_asked_for_every_year_of_the_project(inside):
    application = given_complete_draft()
    change_answer(application, "unique_users", {"2024": {"jobseekers": 10}})
    assert refusals(application) == [("target-year-missing", "unique_users", "B7")]
    application = get_application(application.reference)
    change_answer(application, "unique_users", {"2023": {"jobseekers": 0}, "2024": {"jobseekers": 10}})
    signer = list_leads([application.promotor_id])[0]
    assert submit_application(ctx_for(signer, IN_TIME), application, accepted=ACCEPTED)


def test_the_same_words_stand_at_the_question_in_the_task_list_and_on_the_page_to_submit(desk):
    assert OUTSIDE not in desk.page("B9")
    assert desk.save("B9", milestones__0__due_on="2025-01-01").status_code == 302
    page = desk.page("B9")
    assert page.index("Mijlpalen: rij 1") < page.index(OUTSIDE) < page.index("Risico’s")
    overview = desk.visitor.get(f"/applications/{desk.reference}").text
    assert OUTSIDE in overview
    assert OUTSIDE in desk.visitor.get(f"/applications/{desk.reference}/check").text


def test_an_error_of_what_is_typed_now_comes_before_what_the_last_save_holds(desk):
    desk.save("B9", milestones__0__due_on="2025-01-01")
    refused = desk.save("B9", milestones__0__due_on="32/1/2025")
    assert refused.status_code == 422
    assert OUTSIDE not in refused.text
