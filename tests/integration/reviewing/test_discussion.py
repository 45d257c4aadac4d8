"""The discussion of a file whose consensus is asked: who takes part, what is voted on, and when it ends."""

import pytest
import sqlalchemy as sa

from portal.core.db import db
from portal.core.errors import RuleViolation, StaleVersion
from portal.core.event_log import EventRow
from portal.reviewing.commands.assigning import take_off
from portal.reviewing.commands.discussing import cast_vote, propose_consensus, write_remark
from portal.reviewing.discussion import discussion_of, find_proposal, list_open_discussions
from portal.reviewing.models import Review
from portal.reviewing.queries import get_review
from portal.reviewing.states import VoteChoice
from tests.world.accounts import ctx_for
from tests.world.reviewing import (
    REVIEW_DAY,
    answers_with,
    given_assessed_application,
    given_case_officer,
    given_consensus,
    given_reviewer,
)

TEXT = "De beoordelaars zijn het eens over dit dossier."
APART, ALIKE = (9, 3, 8), (7, 8, 7)


def agreed(application, score=6):
    return {code: each.score for code, each in answers_with(application, score).scores.items()}


def by(person):
    return ctx_for(person, REVIEW_DAY)


def given_discussed(scores=APART):
    """An application with three reviews; its reviewers, the first of whom is Ann."""
    people = [given_reviewer("Ann Lievens"), given_reviewer(), given_reviewer()]
    return given_assessed_application(scores=scores, reviewers=people), people


def test_reviewers_and_case_officer_discuss_while_a_consensus_is_open(inside):
    application, (ann, *_others) = given_discussed()
    write_remark(by(ann), application, " De uitleendienst is beter dan wij schreven. ")
    write_remark(by(given_case_officer()), application, "Kijk naar rubriek B4.")
    said = discussion_of(application).remarks
    assert [each.text for each in said] == ["De uitleendienst is beter dan wij schreven.", "Kijk naar rubriek B4."]
    assert said[0].author.name == "Ann Lievens"


@pytest.mark.parametrize(("text", "code"), [("  ", "remark-missing"), ("x" * 3001, "too-long")])
def test_a_remark_has_words_and_an_end(inside, text, code):
    application, (ann, *_others) = given_discussed()
    with pytest.raises(RuleViolation) as refusal:
        write_remark(by(ann), application, text)
    assert refusal.value.codes == [code]
    assert not discussion_of(application).remarks


@pytest.mark.parametrize(("scores", "is_recorded"), [(ALIKE, False), (APART, True)])
def test_nothing_is_said_or_voted_where_no_consensus_is_open(inside, scores, is_recorded):
    application, (ann, *_others) = given_discussed(scores)
    if is_recorded:
        given_consensus(application)
    for attempt in (
        lambda: write_remark(by(ann), application, "Toch nog dit."),
        lambda: propose_consensus(by(given_case_officer()), application, agreed(application), TEXT),
        lambda: cast_vote(by(ann), application, 1, VoteChoice.AGREE),
    ):
        with pytest.raises(RuleViolation) as refusal:
            attempt()
        assert refusal.value.codes == ["discussion-closed"]


def test_the_reviewers_vote_on_what_is_proposed_and_may_change_their_minds(inside):
    application, (ann, bo, _silent) = given_discussed()
    proposal = propose_consensus(by(given_case_officer()), application, agreed(application), TEXT)
    cast_vote(by(ann), application, 1, VoteChoice.DISAGREE)
    cast_vote(by(bo), application, 1, VoteChoice.AGREE)
    cast_vote(by(ann), application, 1, VoteChoice.AGREE)
    cast_vote(by(ann), application, 1, VoteChoice.AGREE)  # once more the same: nothing happens
    found = discussion_of(application)
    assert str(proposal.total) == "60.00"
    assert found.counts == {VoteChoice.AGREE: 2, VoteChoice.DISAGREE: 0, VoteChoice.ABSTAIN: 0}
    assert len(found.silent) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(EventRow.topic == "proposal.voted")) == 3


def test_a_vote_counts_for_the_proposal_that_was_read(inside):
    application, (ann, *_others) = given_discussed()
    officer = given_case_officer()
    with pytest.raises(RuleViolation):
        cast_vote(by(ann), application, 0, VoteChoice.AGREE)
    propose_consensus(by(officer), application, agreed(application), TEXT)
    propose_consensus(by(officer), application, agreed(application, 7), TEXT)
    with pytest.raises(StaleVersion):
        cast_vote(by(ann), application, 1, VoteChoice.AGREE)
    cast_vote(by(ann), application, 2, VoteChoice.AGREE)
    assert discussion_of(application).counts[VoteChoice.AGREE] == 1


def test_what_could_not_be_recorded_is_not_proposed_either(inside):
    application, _people = given_discussed()
    with pytest.raises(RuleViolation) as refusal:
        propose_consensus(by(given_case_officer()), application, agreed(application) | {"reach": 11}, "Kort.")
    assert refusal.value.codes == ["score-out-of-range", "text-too-short"]
    assert find_proposal(application.id) is None


def test_the_vote_of_a_reviewer_who_is_taken_off_no_longer_counts(inside):
    application, (ann, *_others) = given_discussed()
    propose_consensus(by(given_case_officer()), application, agreed(application), TEXT)
    cast_vote(by(ann), application, 1, VoteChoice.AGREE)
    review = db.session.scalars(sa.select(Review.id).where(Review.reviewer_id == ann.id)).one()
    take_off(by(given_case_officer()), get_review(review, lock=True), "Werkt sinds vandaag bij een partner.")
    assert discussion_of(application).counts[VoteChoice.AGREE] == 0
    assert list_open_discussions(ann.id) == []


def given_pages(scores=APART):
    application, people = given_discussed(scores)
    reviews = {
        each.reviewer_id: each.id
        for each in db.session.scalars(sa.select(Review).where(Review.application_id == application.id))
    }
    return application, people, [f"/reviews/{reviews[each.id]}/discussion" for each in people]


def test_a_reviewer_finds_the_discussion_reads_no_name_and_votes(world, visitor):
    application, (ann, bo, _third), paths = world(given_pages)
    world(lambda: write_remark(by(bo), application, "Het bereik is te hoog ingeschat."))
    world(lambda: propose_consensus(by(given_case_officer()), application, agreed(application), TEXT))
    visitor.sign_in(ann.email)
    assert paths[0] in visitor.get("/reviews").text
    page = visitor.get(paths[0]).text
    assert "Het bereik is te hoog ingeschat." in page
    assert bo.name not in page
    assert visitor.post(f"{paths[0]}/vote", {"number": "1", "choice": "agree"}).status_code == 302
    assert visitor.post(paths[0], {"remark": "Akkoord, met die opmerking."}).status_code == 302
    assert "Akkoord, met die opmerking." in visitor.get(paths[0]).text
    assert visitor.post(f"{paths[0]}/vote", {"number": "1", "choice": "misschien"}).status_code == 422


@pytest.mark.parametrize(("scores", "status"), [(ALIKE, 403), (APART, 200)])
def test_a_file_that_asks_no_consensus_has_no_discussion(world, visitor, scores, status):
    _application, (ann, *_others), paths = world(given_pages, scores)
    visitor.sign_in(ann.email)
    assert visitor.get(paths[0]).status_code == status


def test_a_reviewer_reads_the_discussion_of_no_other_file_and_of_nobody_else(world, visitor):
    _application, (ann, *_others), paths = world(given_pages)
    stranger = world(given_reviewer)
    visitor.sign_in(stranger.email)
    assert visitor.get(paths[0]).status_code == 404
    visitor.sign_in(ann.email)
    assert (visitor.get(paths[1]).status_code, visitor.get(paths[0]).status_code) == (404, 200)


def test_the_case_officer_proposes_from_the_consensus_page_and_sees_who_voted(world, visitor):
    application, (ann, *_others), _paths = world(given_pages)
    desk = f"/desk/dossiers/{application.reference}"
    visitor.sign_in(world(given_case_officer).email)
    posted = {f"{code}-score": str(score) for code, score in agreed(application).items()} | {"version": "0"}
    assert visitor.post(f"{desk}/consensus/propose", posted | {"text": "Kort."}).status_code == 422
    assert visitor.post(f"{desk}/consensus/propose", posted | {"text": TEXT}).status_code == 302
    world(lambda: cast_vote(by(ann), application, 1, VoteChoice.AGREE))
    page = visitor.get(f"{desk}/discussion").text
    assert "Ann Lievens" in page
    assert "akkoord 1" in page
    assert visitor.post(f"{desk}/discussion", {"remark": "Dank u."}).status_code == 302
    assert "Dank u." in visitor.get(f"{desk}/discussion").text
    assert "60,00" in visitor.get(f"{desk}/consensus").text
