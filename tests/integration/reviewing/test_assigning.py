"""Asking reviewers: who may be asked, and the hard block on conflicts of interest, each beside its allowed twin."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import end_membership, grant_right
from portal.accounts.models import Membership
from portal.applications.commands.withdraw import withdraw_application
from portal.calls.models import Round
from portal.core.actor import Right, Role
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.event_log import EventRow
from portal.partnerships.commands import add_partner, end_partner
from portal.partnerships.states import PartnerRole
from portal.reviewing.commands.answering import declare_conflict
from portal.reviewing.commands.assigning import assign_reviewer, take_off
from portal.reviewing.models import Review
from portal.reviewing.queries import get_assessment, get_review, list_candidates
from portal.reviewing.states import ConflictKind, ReviewState
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications_models import given_complete_draft, given_open_round
from tests.world.reviewing import (
    DUE_ON,
    REVIEW_DAY,
    given_admissible_application,
    given_assigned_review,
    given_assigned_reviews,
    given_case_officer,
    given_reviewer,
    given_submitted_review,
)
from tests.world.time import moment


def assign(application, reviewer, *, due_on=DUE_ON, at=REVIEW_DAY):
    return assign_reviewer(ctx_for(given_case_officer(), at), application, reviewer, due_on)


def refused(application, reviewer, **facts):
    with pytest.raises(RuleViolation) as refusal:
        assign(application, reviewer, **facts)
    return refusal.value.codes


def count_reviews(application):
    stmt = sa.select(sa.func.count()).where(Review.application_id == application.id)
    return db.session.scalar(stmt)


def topics():
    return list(db.session.scalars(sa.select(EventRow.topic).order_by(EventRow.id)))


def join_organisation(person, organisation, *, from_="2021-01-10T10:00", until=None):
    """A membership with its dates, as its history would have left it."""
    grant_right(ctx_for(at=from_), organisation, person, Right.STAFF)
    db.session.commit()
    if until:
        stmt = sa.select(Membership).where(
            Membership.person_id == person.id, Membership.organisation_id == organisation.id
        )
        end_membership(ctx_for(at=until), db.session.scalars(stmt).one())
        db.session.commit()


def given_round_before(round_, *, opens_at, closes_at):
    """An earlier round of the same call."""
    earlier = Round(
        call_id=round_.call_id,
        code=f"{round_.code}-before-{opens_at}",
        year=2021,
        number=moment(opens_at).month,
        opens_at=moment(opens_at),
        closes_at=moment(closes_at),
        decision_due_on=date(2022, 1, 21),
        projects_start_on=date(2022, 2, 1),
        budget_amount=round_.budget_amount,
        ranking_policy=round_.ranking_policy,
        drafted_at=moment(opens_at),
        announced_at=moment(opens_at),
    )
    db.session.add(earlier)
    db.session.flush()
    db.session.execute(sa.update(Round).where(Round.id == earlier.id).values(state="announced"))
    db.session.commit()


# Who may be asked, and when


def test_the_first_assignment_tells_the_round_that_reviewing_began_and_later_ones_do_not(inside):
    application = given_admissible_application()
    first, second = given_assigned_reviews(application, [given_reviewer(), given_reviewer()], is_accepted=False)
    assert (first.state, second.state) == (ReviewState.INVITED, ReviewState.INVITED)
    assert application.round.in_review_at == moment(REVIEW_DAY)
    assert topics().count("round.in-review") == 1
    assert topics().count("review.invited") == 2
    assert get_assessment(application.id).invited_count == 2


def test_only_an_admissible_application_is_reviewed(inside):
    draft = given_complete_draft()
    with pytest.raises(IllegalTransition) as refusal:
        assign(draft, given_reviewer())
    assert (refusal.value.kind, refusal.value.state) == ("application", "draft")
    assert assign(given_admissible_application(), given_reviewer()).state is ReviewState.INVITED


def test_nobody_is_asked_for_a_withdrawn_application(inside):
    application = given_admissible_application()
    withdraw_application(ctx_for(at=REVIEW_DAY), application, "De partners gaan uit elkaar.")
    with pytest.raises(IllegalTransition) as refusal:
        assign(application, given_reviewer())
    assert refusal.value.state == "withdrawn"


def test_nobody_is_asked_once_results_are_out(inside):
    application = given_admissible_application()
    given_assigned_review(application)
    application.round.results_published_at = moment("2022-08-20T12:00")
    with pytest.raises(IllegalTransition) as refusal:
        assign(application, given_reviewer(), at="2022-08-21T10:00")
    assert (refusal.value.kind, refusal.value.state) == ("round", "results")


@pytest.mark.parametrize(
    ("roles", "due_on", "codes"),
    [
        ([Role.REVIEWER], date(2022, 8, 9), []),
        ([Role.CASE_OFFICER], DUE_ON, ["not-a-reviewer"]),
        ([Role.REVIEWER, Role.CASE_OFFICER], DUE_ON, ["not-independent"]),
        ([Role.REVIEWER], date(2022, 8, 8), ["due-in-the-past"]),
    ],
)
def test_an_independent_reviewer_is_asked_by_a_day_that_lies_ahead(inside, roles, due_on, codes):
    application, person = given_admissible_application(), given_person("Jan Vos", roles=roles)
    assert (refused(application, person, due_on=due_on) if codes else []) == codes
    if not codes:
        assert assign(application, person, due_on=due_on).due_on == due_on
    assert count_reviews(application) == (0 if codes else 1)


def test_a_reviewer_is_asked_once_for_an_application_and_again_for_another(inside):
    application, reviewer = given_admissible_application(), given_reviewer()
    given_assigned_review(application, reviewer)
    assert refused(application, reviewer) == ["already-assigned"]
    assert assign(given_admissible_application(), reviewer).state is ReviewState.INVITED


# Conflicts of interest


@pytest.mark.parametrize("right", [Right.READER, Right.STAFF, Right.LEAD])
def test_whoever_holds_any_right_in_the_lead_partner_is_blocked(inside, right):
    organisation = given_organisation()
    reviewer = given_reviewer()
    application = given_admissible_application(organisation)
    grant_right(ctx_for(), organisation, reviewer, right)
    assert refused(application, reviewer) == ["conflict-member"]
    assert count_reviews(application) == 0
    assert "conflict.found" not in topics()  # a refusal leaves no trace of its own
    assert assign(application, given_reviewer()).state is ReviewState.INVITED


@pytest.mark.parametrize("role", [PartnerRole.CORE, PartnerRole.NETWORK])
def test_whoever_belongs_to_another_partner_is_blocked_also_after_that_partner_left(inside, role):
    application, partner = given_admissible_application(), given_organisation(name="Bibliotheek Noordheide")
    reviewer, free = given_reviewer(), given_reviewer()
    join_organisation(reviewer, partner)
    joined = add_partner(ctx_for(), application.partnership, partner, role)
    db.session.commit()
    assert refused(application, reviewer) == ["conflict-member"]
    end_partner(ctx_for(at="2022-07-20T10:00"), joined, date(2022, 7, 20))
    db.session.commit()
    assert refused(application, reviewer) == ["conflict-member"]
    assert assign(application, free).state is ReviewState.INVITED


@pytest.mark.parametrize(("until", "codes"), [("2021-10-04T08:59", []), ("2021-10-04T09:00", ["conflict-member"])])
def test_a_membership_that_ended_since_the_round_before_opened_blocks_still(inside, until, codes):
    organisation, reviewer = given_organisation(at="2021-01-02T10:00"), given_reviewer()
    application = given_admissible_application(organisation)
    given_round_before(application.round, opens_at="2021-02-01T09:00", closes_at="2021-03-01T12:00")
    given_round_before(application.round, opens_at="2021-10-04T09:00", closes_at="2021-11-15T12:00")
    join_organisation(reviewer, organisation, until=until)
    assert (refused(application, reviewer) if codes else []) == codes
    if not codes:
        assert assign(application, reviewer).state is ReviewState.INVITED


@pytest.mark.parametrize(("until", "codes"), [("2022-06-13T08:59", []), ("2022-06-13T09:00", ["conflict-member"])])
def test_without_a_round_before_it_is_the_rounds_own_opening_that_counts(inside, until, codes):
    organisation, reviewer = given_organisation(at="2021-01-02T10:00"), given_reviewer()
    application = given_admissible_application(organisation)
    join_organisation(reviewer, organisation, until=until)
    assert (refused(application, reviewer) if codes else []) == codes


def test_whoever_competes_in_the_same_round_is_blocked_and_in_another_round_is_not(inside):
    round_ = given_open_round()
    competitor = given_organisation(name="Digipunt Zuid")
    reviewer = given_reviewer()
    join_organisation(reviewer, competitor)
    application = given_admissible_application(round_=round_)
    given_admissible_application(competitor, round_=round_)
    assert refused(application, reviewer) == ["conflict-same-round"]
    assert assign(given_admissible_application(), reviewer).state is ReviewState.INVITED


def test_a_draft_that_was_never_handed_in_competes_with_nobody(inside):
    round_, competitor, reviewer = given_open_round(), given_organisation(name="Digipunt Zuid"), given_reviewer()
    join_organisation(reviewer, competitor)
    given_complete_draft(competitor, round_=round_)
    assert assign(given_admissible_application(round_=round_), reviewer).state is ReviewState.INVITED


def test_a_declared_conflict_blocks_its_application_and_no_other(inside):
    review = given_assigned_review(is_accepted=False)
    reviewer = review.reviewer
    declare_conflict(ctx_for(reviewer, REVIEW_DAY), review, "Mijn zus leidt dit project.")
    (candidate,) = [each for each in list_candidates(review.application) if each.person.id == reviewer.id]
    assert [(each.kind, each.explanation) for each in candidate.conflicts] == [
        (ConflictKind.DECLARED, "Mijn zus leidt dit project.")
    ]
    assert refused(review.application, reviewer) == ["already-assigned", "conflict-declared"]
    assert assign(given_admissible_application(), reviewer).state is ReviewState.INVITED


# The list to choose from


def test_candidates_come_with_load_and_evidence_and_who_is_free_comes_first(inside):
    organisation = given_organisation(name="Stad Noordheide")
    blocked, busy, idle = (given_reviewer(name) for name in ("Aa Blok", "Bb Druk", "Cc Vrij"))
    join_organisation(blocked, organisation)
    round_ = given_open_round()
    application = given_admissible_application(organisation, round_=round_)
    given_assigned_review(given_admissible_application(round_=round_), busy)
    given_assigned_review(application, busy)
    found = list_candidates(application)
    assert [(each.person.name, each.load, each.is_assigned, each.is_blocked) for each in found] == [
        ("Cc Vrij", 0, False, False),
        ("Bb Druk", 2, True, False),
        ("Aa Blok", 0, False, True),
    ]
    (evidence,) = found[-1].conflicts
    assert (evidence.organisation, evidence.ended_at, evidence.code) == ("Stad Noordheide", None, "conflict-member")
    assert idle.id == found[0].person.id


def test_the_list_takes_as_many_statements_for_three_reviewers_as_for_one(inside, count_statements):
    application = given_admissible_application()
    given_reviewer()
    with count_statements() as for_one:
        assert len(list_candidates(application)) == 1
    for _ in range(2):
        given_assigned_review(application, given_reviewer())
    with count_statements() as for_three:
        assert len(list_candidates(application)) == 3
    assert len(for_one) == len(for_three) == 4


# Taking off


def test_who_is_taken_off_leaves_the_figures_and_what_they_wrote_is_kept(inside):
    application = given_admissible_application()
    keeps, leaves = (given_submitted_review(application, scores=each) for each in (8, 4))
    assert get_assessment(application.id).totals == ["80.00", "40.00"]
    take_off(ctx_for(given_case_officer(), REVIEW_DAY), leaves, "Bleef naast de criteria.")
    assessment = get_assessment(application.id)
    assert (assessment.totals, assessment.submitted_by) == (["80.00"], [keeps.reviewer_id])
    assert (leaves.state, leaves.seal_reason) == (ReviewState.SEALED, "Bleef naast de criteria.")
    assert get_review(leaves.id).strengths == "De partners vullen elkaar goed aan."


def test_nobody_is_taken_off_without_a_reason_or_twice(inside):
    review = given_assigned_review()
    desk = ctx_for(given_case_officer(), REVIEW_DAY)
    with pytest.raises(RuleViolation) as refusal:
        take_off(desk, review, " ")
    assert refusal.value.codes == ["reason-missing"]
    take_off(desk, review, "Antwoordt niet.")
    with pytest.raises(IllegalTransition):
        take_off(desk, review, "Antwoordt niet.")
