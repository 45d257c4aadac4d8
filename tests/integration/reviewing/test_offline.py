"""A round's score forms out to a workbook and back in: drafts only, refused when older, each fault at its cell."""

from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook

from portal.core.db import db
from portal.reviewing.commands.drafting import keep_draft
from portal.reviewing.commands.writing import save_review
from portal.reviewing.queries import get_review
from portal.reviewing.states import Confidence, ReviewState
from portal.reviewing.typed import Typed
from tests.world.accounts import ctx_for
from tests.world.applications_models import EXECUTION
from tests.world.reviewing import (
    REVIEW_DAY,
    answers_with,
    given_admissible_application,
    given_assigned_review,
    given_draft_review,
    given_reviewer,
    given_submitted_review,
)

SCORE, PASS, TEXT, KEY = "E", "F", "G", "K"
REASON = "Zo lezen wij het dossier op reach."


@pytest.fixture
def own(world, visitor):
    """A reviewer, signed in, with a review to write; the round's page, and the review's number."""

    def given():
        review = given_draft_review()
        return review.application.round.code, review.id, review.reviewer.email

    code, number, email = world(given)
    visitor.sign_in(email)
    return f"/reviews/rounds/{code}/workbook", number


def opened(visitor, page):
    answer = visitor.get(f"{page}.xlsx")
    assert answer.status_code == 200
    return load_workbook(BytesIO(answer.data))


def row_of(book, number, part):
    sheet = book.worksheets[0]
    return next(each.row for each in sheet[KEY] if each.value == f"{number}:{part}")


def fill(book, number, part, column, value):
    book.worksheets[0][f"{column}{row_of(book, number, part)}"] = value


def sent(visitor, page, book):
    out = BytesIO()
    book.save(out)
    return visitor.upload(page, "file", out.getvalue(), "beoordelingen.xlsx")


def saved(visitor, page, answer):
    """Press the button of the page that said what would be saved."""
    plan = unescape(answer.text.split('name="plan" value="')[1].split('"')[0])
    return visitor.post(f"{page}/save", {"plan": plan}, page=page)


def review_of(world, number):
    return world(get_review, number)


def test_the_workbook_holds_the_forms_that_are_to_be_written_and_nothing_else(world, visitor):
    def given():
        reviewer = given_reviewer()
        drafted = given_draft_review(given_admissible_application(), reviewer)
        others = [given_submitted_review(given_admissible_application(), reviewer)]
        others += [given_assigned_review(given_admissible_application(), reviewer, is_accepted=False)]
        others += [given_draft_review(drafted.application)]  # somebody else's
        return drafted.application.round.code, drafted.id, reviewer.email, [each.id for each in others]

    code, number, email, others = world(given)
    visitor.sign_in(email)
    book = opened(visitor, f"/reviews/rounds/{code}/workbook")
    numbers = {str(each.value).partition(":")[0] for each in book.worksheets[0][KEY][1:]}
    assert numbers == {str(number)}
    assert not numbers & set(map(str, others))
    assert len(book.worksheets[0][KEY]) == 1 + len(EXECUTION.definition.criteria) + 4
    assert "Zo doen wij het." not in str([[each.value for each in row] for row in book.worksheets[0].rows])


def test_only_the_cells_to_fill_in_are_open_and_scores_are_watched(world, visitor, own):
    page, number = own
    book = opened(visitor, page)
    sheet, row = book.worksheets[0], row_of(opened(visitor, page), number, "reach")
    assert sheet.protection.sheet
    assert [sheet[f"{each}{row}"].protection.locked for each in ("A", SCORE, PASS, TEXT, KEY)] == [
        True,
        False,
        False,
        False,
        True,
    ]
    rule = next(each for each in sheet.data_validations.dataValidation if f"{SCORE}{row}" in each.sqref)
    assert (rule.type, rule.formula1, rule.formula2) == ("whole", "0", "10")
    assert book["portal"].sheet_state == "hidden"
    assert book.worksheets[1]["A2"].value.startswith("Vul de gele cellen")


def test_what_comes_back_is_shown_first_then_saved_as_a_draft_and_never_submitted(world, visitor, own):
    page, number = own
    book = opened(visitor, page)
    fill(book, number, "reach", SCORE, 9)
    fill(book, number, "objective_1", SCORE, None)
    fill(book, number, "objective_1", PASS, "x")
    fill(book, number, "strengths", TEXT, "Op de trein geschreven.")
    fill(book, number, "confidence", TEXT, "zekerder")
    answer = sent(visitor, page, book)
    assert answer.status_code == 200
    assert "Op de trein geschreven." in answer.text
    assert review_of(world, number).strengths == "De partners vullen elkaar goed aan."
    assert saved(visitor, page, answer).status_code == 302
    review = review_of(world, number)
    assert (review.state, review.strengths, review.confidence) == (
        ReviewState.DRAFTING,
        "Op de trein geschreven.",
        Confidence.HIGH,
    )
    assert review.scores["reach"]["score"] == 9
    assert review.scores["objective_1"] == {**review.scores["objective_1"], "score": None, "cannot_judge": True}


def test_saving_the_same_plan_twice_is_refused(world, visitor, own):
    page, number = own
    book = opened(visitor, page)
    fill(book, number, "reach", SCORE, 9)
    answer = sent(visitor, page, book)
    assert saved(visitor, page, answer).status_code == 302
    assert saved(visitor, page, answer).status_code == 422
    assert review_of(world, number).version == 2


@pytest.mark.parametrize("how", ["saved", "typed"])
def test_a_workbook_that_is_older_than_what_is_online_is_refused_and_says_which(world, visitor, own, how):
    page, number = own
    book = opened(visitor, page)
    fill(book, number, "reach", SCORE, 9)

    def meanwhile():
        review = get_review(number, lock=True)
        mine = ctx_for(review.reviewer, REVIEW_DAY)
        if how == "saved":
            save_review(mine, review, answers_with(review.application, 3), review.version)
        else:
            keep_draft(mine, review, Typed({"strengths": "Nog getypt."}, review.version, {}))
        db.session.commit()
        return review.application.reference

    reference = world(meanwhile)
    answer = sent(visitor, page, book)
    assert answer.status_code == 422
    assert reference in answer.text
    assert review_of(world, number).scores["reach"]["score"] == (3 if how == "saved" else 7)
    again = opened(visitor, page)
    fill(again, number, "reach", SCORE, 9)
    assert sent(visitor, page, again).status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        ("reach", SCORE, 11, "score van 0 tot 10"),
        ("reach", SCORE, 7.5, "score van 0 tot 10"),
        ("reach", SCORE, "goed", "score van 0 tot 10"),
        ("reach", SCORE, "=5+5", "formule"),
        ("reach", PASS, "x", "niet allebei"),
        ("reach", TEXT, "x" * 3001, "3000 tekens"),
        ("confidence", TEXT, "een beetje", "hoe zeker"),
        ("reach", KEY, "999999:reach", "kent deze rij niet"),
        ("reach", KEY, "sympathy", "kent deze rij niet"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell_and_nothing_is_saved(world, visitor, own, fault):
    (page, number), (part, column, value, words) = own, fault
    book = opened(visitor, page)
    row = row_of(book, number, part)
    fill(book, number, part, column, value)
    answer = sent(visitor, page, book)
    assert answer.status_code == 422
    assert words in answer.text
    assert f"Rij {row}" in answer.text
    assert 'name="plan"' not in answer.text
    assert review_of(world, number).version == 1


def test_a_text_that_looks_like_a_formula_stays_a_text(world, visitor, own):
    page, number = own

    def typed():
        review = get_review(number, lock=True)
        keep_draft(
            ctx_for(review.reviewer, REVIEW_DAY), review, Typed({"strengths": "=HYPERLINK(1)"}, review.version, {})
        )
        db.session.commit()

    world(typed)
    book = opened(visitor, page)
    cell = book.worksheets[0][f"{TEXT}{row_of(book, number, 'strengths')}"]
    assert (cell.data_type, cell.value, cell.number_format) == ("s", "=HYPERLINK(1)", "@")


def test_a_reviewer_without_reviews_in_the_round_finds_no_workbook(world, visitor, own):
    page, _number = own
    assert visitor.get(page).status_code == 200
    visitor.sign_in(world(given_reviewer).email)
    for address in (page, f"{page}.xlsx"):
        assert visitor.get(address).status_code == 404
    assert visitor.post(f"{page}/save", {"plan": "{}"}, page="/reviews").status_code == 404


def test_a_plan_that_is_no_plan_is_refused(world, visitor, own):
    page, number = own
    for plan in ("{}", "[]", f'{{"versions": {{}}, "filled": {{"{number}": {{"reach-score": "10"}}}}}}'):
        assert visitor.post(f"{page}/save", {"plan": plan}, page=page).status_code == 422
    assert review_of(world, number).version == 1
