"""The reviewer's pages, as a browser without a screen sees them."""

from datetime import date

import pytest

from portal.core.actor import Role
from portal.core.clock import machine_now
from portal.core.db import db
from portal.core.files import FileState
from portal.reviewing.commands.answering import decline_review
from portal.reviewing.queries import get_review, list_conflicts
from portal.reviewing.states import ReviewState
from tests.world.accounts import ctx_for, given_person
from tests.world.applications_models import EXECUTION, change_answer
from tests.world.reviewing import (
    REVIEW_DAY,
    given_admissible_application,
    given_assigned_review,
    given_declaration,
    given_draft_review,
    given_reviewer,
    given_submitted_review,
)
from tests.world.time import moment

FAR_AHEAD = date(2099, 1, 1)
BAIT = "Zo doen wij het."  # every long answer of the application in the tests
CODES = [each.code for each in EXECUTION.definition.criteria]
REASON = "De partners tonen met cijfers hoe zij het doen."


def written(score="7", **changes):
    """What a reviewer posts: one score and reason for every criterion, and both texts."""
    posted = {f"{code}-score": score for code in CODES} | {f"{code}-reason": REASON for code in CODES}
    posted |= {
        "strengths": "De partners vullen elkaar goed aan.",
        "weaknesses": "De planning is krap voor zes gemeenten.",
    }
    return posted | {"private_note": "Bel mij gerust.", "version": "0"} | changes


def given_open_review(**facts):
    """The path and the reviewer's address of an accepted review. A browser lives in the machine's year."""
    review = given_assigned_review(**facts)
    given_declaration(review.reviewer, machine_now().isoformat())
    review.answer_due_on = FAR_AHEAD
    return f"/reviews/{review.id}", review.reviewer.email


def stored(world, path):
    return world(get_review, int(path.split("/")[2]))


def test_the_queue_shows_invitations_before_what_is_to_be_written(world, visitor):
    def given():
        reviewer = given_reviewer()
        names = []
        for given_one, facts in [
            (given_submitted_review, {}),
            (given_draft_review, {}),
            (given_assigned_review, {"is_accepted": False}),
        ]:
            application = given_admissible_application()
            given_one(application, reviewer, **facts)
            names.append(application.reference)
        return reviewer.email, names

    email, (submitted, drafted, invited) = world(given)
    page = visitor.sign_in(email).get("/reviews").text
    assert page.index(invited) < page.index(drafted) < page.index(submitted)
    assert "8 van 8" in page


def test_an_empty_queue_says_what_belongs_there(world, visitor):
    visitor.sign_in(world(given_reviewer).email)
    assert "Nog geen beoordelingen" in visitor.get("/reviews").text


def test_the_queue_is_for_reviewers(world, visitor):
    visitor.sign_in(world(given_person, roles=[Role.ADMINISTRATOR]).email)
    assert visitor.get("/reviews").status_code == 404


def test_the_queue_costs_the_same_for_one_review_and_for_three(world, visitor, count_statements):
    reviewer = world(given_reviewer)
    world(given_draft_review, None, reviewer)
    visitor.sign_in(reviewer.email)
    visitor.get("/reviews")
    with count_statements() as one:
        visitor.get("/reviews")
    for _ in range(2):
        world(given_draft_review, None, reviewer)
    with count_statements() as three:
        visitor.get("/reviews")
    assert len(three) == len(one)


def test_an_invitation_names_every_partner_and_shows_nothing_of_the_application(world, visitor):
    path, email = world(given_open_review, is_accepted=False)
    visitor.sign_in(email)
    page = visitor.get(f"{path}/invitation").text
    assert "Streekvereniging Noordheide" in page
    assert BAIT not in page
    assert visitor.get(path).status_code == 403
    visitor.post(f"{path}/accept", {"has_no_conflict": "y"}, page=f"{path}/invitation")
    assert BAIT in visitor.get(path).text


def test_accepting_asks_the_declaration_that_there_is_no_conflict(world, visitor):
    path, email = world(given_open_review, is_accepted=False)
    visitor.sign_in(email)
    assert visitor.post(f"{path}/accept", page=f"{path}/invitation").status_code == 422
    assert stored(world, path).state is ReviewState.INVITED
    answer = visitor.post(f"{path}/accept", {"has_no_conflict": "y"}, page=f"{path}/invitation")
    assert (answer.status_code, answer.location) == (302, path)
    assert stored(world, path).state is ReviewState.ACCEPTED


def test_declining_asks_a_reason(world, visitor):
    path, email = world(given_open_review, is_accepted=False)
    visitor.sign_in(email)
    assert visitor.post(f"{path}/decline", {"reason": "  "}, page=f"{path}/invitation").status_code == 422
    assert visitor.post(f"{path}/decline", {"reason": "Geen tijd."}, page=f"{path}/invitation").status_code == 302
    assert (stored(world, path).state, stored(world, path).decline_reason) == (ReviewState.DECLINED, "Geen tijd.")


def test_a_conflict_that_is_declared_closes_the_application_at_once(world, visitor):
    path, email = world(given_open_review)
    visitor.sign_in(email)
    assert visitor.get(path).status_code == 200
    explanation = {"explanation": "Mijn zus leidt de promotor."}
    assert visitor.post(f"{path}/conflict", explanation, page=f"{path}/invitation").status_code == 302
    assert visitor.get(path).status_code == 403
    review = stored(world, path)
    assert review.state is ReviewState.SEALED
    assert [each.explanation for each in world(list_conflicts, review.application_id)] == [
        "Mijn zus leidt de promotor."
    ]


def test_a_reviewer_of_another_application_does_not_learn_that_a_review_exists(world, visitor):
    path, _email = world(given_open_review)
    _other_path, other = world(given_open_review)
    visitor.sign_in(other)
    for page in (path, f"{path}/invitation", f"{path}/submit"):
        assert visitor.get(page).status_code == 404
    assert visitor.post(path, written(), page="/reviews").status_code == 404


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CASE_OFFICER, Role.AUDITOR])
def test_nobody_else_writes_a_review_whatever_their_role(world, visitor, role):
    path, _email = world(given_open_review)
    visitor.sign_in(world(given_person, roles=[role]).email)
    assert visitor.post(path, written(), page="/my-work").status_code == 404
    assert stored(world, path).scores == {}


def test_a_draft_is_saved_with_its_running_total_and_may_be_incomplete(world, visitor):
    path, email = world(given_open_review)
    visitor.sign_in(email)
    assert visitor.post(path, {"version": "0", "objective_1-score": "9"}).status_code == 302
    review = stored(world, path)
    assert (review.state, review.scores["objective_1"]["score"]) == (ReviewState.DRAFTING, 9)
    page = visitor.get(path).text
    assert "90,00" in page
    assert "1 van 8 criteria" in page


@pytest.mark.parametrize("score", ["11", "-1", "goed", "7.5", "٣", ""])
def test_a_score_is_a_whole_number_from_0_to_10(world, visitor, score):
    path, email = world(given_open_review)
    visitor.sign_in(email)
    answer = visitor.post(path, written(**{"reach-score": score}))
    assert answer.status_code == 422
    assert REASON in answer.text
    assert stored(world, path).scores == {}
    assert visitor.post(path, written(**{"reach-score": "0"})).status_code == 302


def test_a_criterion_that_the_call_does_not_have_is_refused(world, visitor):
    path, email = world(given_open_review)
    visitor.sign_in(email)
    answer = visitor.post(path, written(**{"sympathy-score": "10"}))
    assert answer.status_code == 422
    assert "sympathy" in answer.text
    assert stored(world, path).scores == {}


def test_a_review_is_submitted_once_nothing_misses(world, visitor):
    path, email = world(given_open_review)
    visitor.sign_in(email)
    visitor.post(path, written(**{"reach-reason": ""}))
    assert visitor.post(f"{path}/submit").status_code == 422
    assert stored(world, path).state is ReviewState.DRAFTING
    answer = visitor.post(path, written(version="1", then="submit"))
    assert (answer.status_code, answer.location) == (302, f"{path}/submit")
    assert "70,00" in visitor.get(f"{path}/submit").text
    assert visitor.post(f"{path}/submit").status_code == 302
    assert (stored(world, path).state, str(stored(world, path).total)) == (ReviewState.SUBMITTED, "70.00")


def test_what_cannot_be_judged_leaves_the_total(world, visitor):
    path, email = world(given_open_review)
    visitor.sign_in(email)
    visitor.post(path, written("8", **{"cost_effectiveness-score": "cannot-judge"}))
    visitor.post(f"{path}/submit")
    review = stored(world, path)
    assert review.scores["cost_effectiveness"] == {"score": None, "cannot_judge": True, "reason": REASON}
    assert str(review.total) == "80.00"


def test_two_windows_show_both_texts_and_lose_neither(world, visitor):
    path, email = world(given_open_review)
    visitor.sign_in(email)
    visitor.post(path, written(strengths="Uit het eerste venster."))
    answer = visitor.post(path, written(strengths="Uit het tweede venster."))
    assert answer.status_code == 409
    assert "<ins>eerste</ins> venster." in answer.text
    assert "<ins>tweede</ins> venster." in answer.text
    assert stored(world, path).strengths == "Uit het eerste venster."
    assert visitor.post(path, written(strengths="Samengevoegd.", version="1")).status_code == 302
    assert stored(world, path).strengths == "Samengevoegd."


def test_what_is_typed_after_submitting_is_shown_and_not_saved(world, visitor):
    path, email = world(given_open_review)
    visitor.sign_in(email)
    visitor.post(path, written())
    visitor.post(f"{path}/submit")
    answer = visitor.post(path, written(strengths="Nog een gedachte.", version="2"), page=f"{path}/invitation")
    assert answer.status_code == 409
    assert "Nog een gedachte." in answer.text
    assert stored(world, path).strengths == "De partners vullen elkaar goed aan."


def test_the_application_is_read_as_it_was_handed_in(world, visitor):
    def given():
        application = given_admissible_application()
        change_answer(application, "cooperation", "Later herschreven.")
        return given_open_review(application=application)

    path, email = world(given)
    page = visitor.sign_in(email).get(path).text
    assert BAIT in page
    assert "Later herschreven." not in page
    assert "400.000,00" in page
    assert "Eva Claes" not in page


def test_a_document_is_opened_through_the_review_alone(app, world, visitor):
    def given():
        application = given_admissible_application()
        document = application.attachments[0]
        app.extensions["portal.storage"].put(str(document.file.key), b"%PDF-1.4 overeenkomst")
        document.file.state, document.file.scanned_at = FileState.CLEAN, document.file.uploaded_at
        foreign = given_admissible_application().attachments[0]
        invited = given_assigned_review(application, is_accepted=False)
        return (
            given_open_review(application=application),
            document.id,
            foreign.id,
            (f"/reviews/{invited.id}", invited.reviewer.email),
        )

    (path, email), document, foreign, (invited, invited_email) = world(given)
    visitor.sign_in(email)
    with visitor.get(f"{path}/documents/{document}") as answer:
        assert answer.data == b"%PDF-1.4 overeenkomst"
    assert visitor.get(f"{path}/documents/{foreign}").status_code == 404
    visitor.sign_in(invited_email)
    assert visitor.get(f"{invited}/documents/{document}").status_code == 404


def test_others_are_read_once_every_review_is_in_and_not_a_word_before(world, visitor):
    def given():
        application = given_admissible_application()
        bait, mine = given_reviewer("Annelies Lokaas"), given_reviewer()
        given_submitted_review(application, bait, scores=3)
        own = given_submitted_review(application, mine, scores=7)
        last = given_assigned_review(application)
        return own.id, mine.email, last.id, last.reviewer.email

    own, email, last, last_email = world(given)
    before = visitor.sign_in(email).get(f"/reviews/{own}").text
    for bait in ("30,00", "Lokaas", "Andere beoordelaar"):
        assert bait not in before
    visitor.sign_in(last_email)
    visitor.post(f"/reviews/{last}", written())
    assert "30,00" not in visitor.get(f"/reviews/{last}").text
    visitor.post(f"/reviews/{last}/submit")
    after = visitor.sign_in(email).get(f"/reviews/{own}").text
    assert "30,00" in after
    assert "Lokaas" not in after
    assert "Te bespreken met de collega" in after  # the own note
    assert "Bel mij gerust" not in after  # another's note to the case officer
    assert own != last


def test_a_review_that_was_given_back_stays_closed(world, visitor):
    def given():
        review = given_assigned_review()
        decline_review(ctx_for(review.reviewer, REVIEW_DAY), review, "Toch geen tijd.")
        db.session.commit()
        return f"/reviews/{review.id}", review.reviewer.email

    path, email = world(given)
    assert visitor.sign_in(email).get(path).status_code == 403


def test_a_review_that_comes_after_the_results_is_told_so(world, visitor):
    review = world(given_draft_review)
    path = f"/reviews/{review.id}"
    visitor.sign_in(review.reviewer.email)

    def publish():
        round_ = get_review(review.id).application.round
        round_.in_review_at = round_.results_published_at = moment("2022-10-14T10:00")

    world(publish)
    answer = visitor.post(f"{path}/submit", page="/account")
    assert answer.status_code == 409
    assert "Resultaten bekend" in answer.text
    assert stored(world, path).state is ReviewState.DRAFTING
