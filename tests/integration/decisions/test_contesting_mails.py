"""Who is told that a review is asked and answered, in which language, and with what."""

import pytest

from portal.accounts.models import Person
from portal.accounts.queries import list_leads
from portal.core.actor import Role
from portal.core.db import db
from portal.decisions.commands.contesting import answer_review
from portal.decisions.request_queries import get_desk_request
from portal.decisions.states import Ground
from tests.integration.decisions.test_mails import told, words_of
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.decisions import given_published, given_ranked_application, given_review_request, given_reviewed_round

ASKED, ANSWERED = "2022-10-20T10:00", "2022-11-10T10:00"
ANSWER = "De score stemt niet overeen met de consensustekst."


@pytest.fixture
def eva(inside):
    return given_person("Eva Claes")


@pytest.fixture
def refused(eva):
    round_ = given_reviewed_round()
    given_ranked_application(round_, "52.00", promotor=given_organisation(eva), missed=["total"], name="Digibank Noord")
    return given_published(round_)[0]


@pytest.fixture
def nele(inside):
    return given_person("Nele Peeters", roles=[Role.CASE_OFFICER], language="en")


@pytest.fixture
def admin(inside):
    return given_person("Karin Smet", roles=[Role.ADMINISTRATOR])


def answer(request, nele, *, is_upheld):
    answer_review(
        ctx_for(nele, ANSWERED), get_desk_request(request.id, [], lock=True), is_upheld=is_upheld, answer=ANSWER
    )


def test_a_request_on_the_content_is_told_to_the_partners_and_to_whoever_may_answer(app, refused, eva, nele, admin):
    given_review_request(refused, eva, ASKED)
    messages = told(app, "application.review-asked")
    assert set(messages) == {eva.email, nele.email, admin.email}, "and to nobody who decided"
    reference = refused.application.reference
    assert messages[eva.email]["Subject"] == f"Verzoek tot herziening van {reference} ontvangen"
    assert "Wij ontvingen het verzoek op 20 oktober 2022 om 10.00.00 uur." in words_of(messages[eva.email])
    assert f"/applications/{reference}/decision" in words_of(messages[eva.email])
    assert messages[nele.email]["Subject"] == f"Request for review of {reference} to answer"
    assert "Ground: Content of the assessment. Answer it by 19 November 2022." in words_of(messages[nele.email])
    assert "/desk/review-requests/" in words_of(messages[admin.email])


def test_a_technical_error_is_told_to_case_officers_alone(app, refused, eva, nele, admin):
    given_review_request(refused, eva, ASKED, ground=Ground.TECHNICAL)
    assert set(told(app, "application.review-asked")) == {eva.email, nele.email}


def test_a_dismissal_is_told_to_the_partners_with_its_reasons(app, refused, eva, nele, admin):
    answer(given_review_request(refused, eva, ASKED), nele, is_upheld=False)
    messages = told(app, "application.review-dismissed")
    assert set(messages) == {eva.email}
    text = words_of(messages[eva.email])
    assert "is afgewezen: de beslissing blijft gelden." in text
    assert ANSWER in text


LACKS = "Er ontbreekt 1 beheerder die dit mag doen"


@pytest.mark.parametrize("has_second", [True, False])
def test_an_upheld_request_is_told_to_the_administrators_who_may_take_a_new_decision(
    app, refused, nele, admin, has_second
):
    second = given_person("Jan Smet", roles=[Role.ADMINISTRATOR]) if has_second else None
    lead = list_leads([refused.application.promotor_id])[0]
    answer(given_review_request(refused, lead, ASKED), nele, is_upheld=True)
    messages = told(app, "application.review-upheld")
    assert "is ingewilligd" in words_of(messages[lead.email])
    text = words_of(messages[admin.email])
    assert "Een beheerder bereidt in het portaal een nieuwe beslissing voor" in text
    if second:
        assert set(messages) == {lead.email, admin.email, second.email}, "and to nobody who decided"
        assert LACKS not in text
        return
    decided = {db.session.get_one(Person, each).email for each in (refused.prepared_by_id, refused.confirmed_by_id)}
    assert decided < set(messages), "one of them can name another administrator"
    assert LACKS in text
