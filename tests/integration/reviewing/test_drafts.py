"""What a reviewer types is kept as a draft, merged between two windows, held through signing in, and never counted."""

import pytest

from portal.core.errors import IllegalTransition, RuleViolation, StaleVersion
from portal.reviewing.commands.drafting import discard_draft, keep_draft, save_typed
from portal.reviewing.commands.writing import submit_review
from portal.reviewing.queries import find_draft, get_review
from portal.reviewing.states import Confidence, ReviewState
from portal.reviewing.typed import Typed, mark_of, marks_of, standing
from tests.world.accounts import ctx_for
from tests.world.reviewing import REVIEW_DAY, given_assigned_review, given_draft_review, given_submitted_review

JSON = {"Accept": "application/json"}
REASON = "De partners tonen met cijfers hoe zij het doen."


def mine(review):
    return ctx_for(review.reviewer, REVIEW_DAY)


def typed_in(review, values, *, seen=None):
    """What a window sends that shows ``seen``: what stands now, unless the test says otherwise."""
    shown = standing(review, find_draft(review)) if seen is None else seen
    return Typed(values, review.version, {name: mark_of(shown.get(name, "")) for name in values})


def shown_now(review):
    return standing(review, find_draft(review))


# Keeping


def test_a_draft_is_kept_beside_the_review_which_does_not_change(inside):
    review = given_draft_review()
    saved, version = review.strengths, review.version
    keep_draft(mine(review), review, typed_in(review, {"strengths": "Een nieuwe gedachte.", "reach-score": "3"}))
    assert (review.strengths, review.version, review.scores["reach"]["score"]) == (saved, version, 7)
    assert shown_now(review)["strengths"] == "Een nieuwe gedachte."
    assert shown_now(review)["reach-score"] == "3"


def test_keeping_a_draft_does_not_begin_the_review_and_records_nothing(inside):
    review = given_assigned_review()
    keep_draft(mine(review), review, typed_in(review, {"strengths": "Een begin."}))
    assert review.state is ReviewState.ACCEPTED
    save_typed(mine(review), review, typed_in(review, {"weaknesses": "En nu bewaard."}))
    assert (review.state, review.strengths, review.weaknesses) == (ReviewState.DRAFTING, "Een begin.", "En nu bewaard.")
    assert find_draft(review) is None


def test_typing_back_what_is_saved_leaves_no_draft(inside):
    review = given_draft_review()
    saved = review.strengths
    for text in ("Iets anders.", saved):
        keep_draft(mine(review), review, typed_in(review, {"strengths": text}))
    assert find_draft(review) is None


def test_a_review_is_not_submitted_while_something_typed_is_not_saved(inside):
    review = given_draft_review()
    keep_draft(mine(review), review, typed_in(review, {"strengths": "Nog niet bewaard, maar wel belangrijk."}))
    with pytest.raises(RuleViolation) as refusal:
        submit_review(mine(review), review)
    assert refusal.value.codes == ["draft-left"]
    discard_draft(mine(review), review)
    submit_review(mine(review), review)
    assert review.state is ReviewState.SUBMITTED


def test_a_submitted_review_takes_no_draft(inside):
    review = given_submitted_review()
    with pytest.raises(IllegalTransition):
        keep_draft(mine(review), review, typed_in(review, {"strengths": "Te laat."}))
    assert find_draft(review) is None


def test_a_field_that_a_review_does_not_have_is_refused(inside):
    review = given_draft_review()
    with pytest.raises(RuleViolation) as refusal:
        keep_draft(mine(review), review, typed_in(review, {"total": "100"}))
    assert refusal.value.codes == ["unknown-field"]


# Two windows


def test_what_two_windows_change_in_different_fields_goes_together(inside):
    review = given_draft_review()
    opened = shown_now(review)
    keep_draft(mine(review), review, typed_in(review, {"strengths": "Uit het eerste venster."}, seen=opened))
    whole = {**opened, "weaknesses": "Uit het tweede venster.", "confidence": "high"}
    save_typed(mine(review), review, typed_in(review, whole, seen=opened))
    assert (review.strengths, review.weaknesses) == ("Uit het eerste venster.", "Uit het tweede venster.")
    assert review.confidence is Confidence.HIGH


def test_what_two_windows_change_in_one_field_is_asked_and_the_rest_is_kept(inside):
    review = given_draft_review()
    opened = shown_now(review)
    keep_draft(mine(review), review, typed_in(review, {"strengths": "Eerste."}, seen=opened))
    second = typed_in(review, {"strengths": "Tweede.", "reach-score": "9"}, seen=opened)
    assert keep_draft(mine(review), review, second).conflicts == ("strengths",)
    assert (shown_now(review)["strengths"], shown_now(review)["reach-score"]) == ("Eerste.", "9")
    with pytest.raises(StaleVersion):
        save_typed(mine(review), review, second)
    save_typed(mine(review), review, typed_in(review, {"strengths": "Tweede."}))  # who saw both chose this one
    assert review.strengths == "Tweede."


# On the page


@pytest.fixture
def desk(world, visitor):
    """The path of a review that was saved once, and its reviewer signed in."""
    review = world(given_draft_review)
    visitor.sign_in(review.reviewer.email)
    return f"/reviews/{review.id}"


def drafted(world, path):
    def read():
        review = get_review(int(path.split("/")[2]))
        return standing(review, find_draft(review)), review

    return world(read)


def sent(world, path, **values):
    """The fields as a window sends them that was opened now."""
    there, review = drafted(world, path)
    marks = {f"base-{name}": mark for name, mark in marks_of(there).items()}
    return {"version": str(review.version), "draft": "0", **marks, **values}


def test_the_autosave_keeps_a_draft_that_another_computer_shows(world, visitor, desk):
    answer = visitor.post(
        f"{desk}/autosave", sent(world, desk, strengths="Halverwege een zin"), page=desk, headers=JSON
    )
    assert (answer.status_code, answer.json["draft"], answer.json["conflicts"]) == (200, 1, {})
    assert answer.json["bases"] == {"strengths": mark_of("Halverwege een zin")}
    assert drafted(world, desk)[1].strengths == "De partners vullen elkaar goed aan."
    page = visitor.get(desk).text
    assert "Halverwege een zin" in page
    assert "niet bewaard in uw beoordeling" in page
    assert visitor.post(f"{desk}/submit").status_code == 422


def test_a_second_window_is_told_on_its_next_autosave(world, visitor, desk):
    first, second = sent(world, desk, strengths="Eerste."), sent(world, desk, weaknesses="Tweede.", strengths="Derde.")
    visitor.post(f"{desk}/autosave", first, page=desk, headers=JSON)
    answer = visitor.post(f"{desk}/autosave", second, page=desk, headers=JSON)
    assert list(answer.json["conflicts"]) == ["strengths"]
    assert "ander venster" in answer.json["words"]
    there, _review = drafted(world, desk)
    assert (there["strengths"], there["weaknesses"]) == ("Eerste.", "Tweede.")


@pytest.mark.parametrize(("name", "value"), [("reach-score", "11"), ("reach-score", "7.5"), ("confidence", "total")])
def test_the_autosave_says_at_the_field_what_cannot_be_kept(world, visitor, desk, name, value):
    answer = visitor.post(
        f"{desk}/autosave", sent(world, desk, strengths="Wel.", **{name: value}), page=desk, headers=JSON
    )
    assert list(answer.json["problems"]) == [name]
    there, _review = drafted(world, desk)
    assert (there["strengths"], there[name]) == ("Wel.", "7" if name == "reach-score" else "normal")


def test_the_autosave_of_a_submitted_review_says_so(world, visitor, desk):
    posted = sent(world, desk, strengths="Te laat.")
    visitor.post(f"{desk}/submit")
    assert visitor.post(f"{desk}/autosave", posted, page="/reviews", headers=JSON).status_code == 409
    assert drafted(world, desk)[0]["strengths"] == "De partners vullen elkaar goed aan."


@pytest.mark.parametrize(("choice", "stands"), [("mine", "Tweede."), ("theirs", "Eerste.")])
def test_of_two_texts_the_chosen_one_is_saved_with_all_the_rest(world, visitor, desk, choice, stands):
    second = sent(world, desk, strengths="Tweede.", weaknesses="Alleen hier.")
    visitor.post(desk, sent(world, desk, strengths="Eerste."))
    clash = visitor.post(desk, second)
    assert clash.status_code == 409
    assert "Tweede." in clash.text and "Eerste." in clash.text  # noqa: PT018 - both, or one is lost
    unchosen = {**second, "conflict": "strengths", "base-strengths": mark_of("Eerste.")}
    assert visitor.post(desk, unchosen).status_code == 409
    assert visitor.post(desk, {**unchosen, "keep-strengths": choice}).status_code == 302
    _there, review = drafted(world, desk)
    assert (review.strengths, review.weaknesses) == (stands, "Alleen hier.")


def test_two_texts_can_be_put_under_each_other_and_edited_into_one(world, visitor, desk):
    second = sent(world, desk, strengths="Tweede.", weaknesses="Alleen hier.")
    visitor.post(desk, sent(world, desk, strengths="Eerste."))
    both = {**second, "conflict": "strengths", "base-strengths": mark_of("Eerste."), "keep-strengths": "both"}
    answer = visitor.post(desk, both)
    assert answer.status_code == 200
    assert "Tweede.\n\nEerste." in answer.text.replace("\r", "")
    assert "Alleen hier." in answer.text
    assert drafted(world, desk)[1].strengths == "Eerste."  # nothing is saved before the author has read it


def test_what_is_sent_after_the_session_ended_is_held_and_put_back(world, visitor, desk):
    def seal_on(page):
        return page.split('name="seal" value="')[1].split('"')[0]

    posted = sent(world, desk, strengths="Net op tijd getypt.", seal=seal_on(visitor.get(desk).text))
    email = drafted(world, desk)[1].reviewer.email
    visitor.post("/sign-out", page="/account")
    assert visitor.post(desk, posted, page="/sign-in").status_code == 302
    visitor.sign_in(email)
    page = visitor.get(desk).text
    assert "Net op tijd getypt." in page
    assert drafted(world, desk)[0]["strengths"] == "De partners vullen elkaar goed aan."
    assert visitor.post(desk, posted).status_code == 302
    assert drafted(world, desk)[1].strengths == "Net op tijd getypt."
    assert world(lambda: find_draft(get_review(int(desk.split("/")[2])))) is None


def test_what_is_not_saved_can_be_thrown_away(world, visitor, desk):
    visitor.post(f"{desk}/autosave", sent(world, desk, strengths="Toch maar niet."), page=desk, headers=JSON)
    assert visitor.post(f"{desk}/draft").status_code == 302
    assert "Toch maar niet." not in visitor.get(desk).text
