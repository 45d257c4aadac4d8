"""Every kind of conflict of interest beside its free twin, and what is decided about those that ask a judgement."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import describe_organisation, grant_right
from portal.accounts.commands.people import change_profile
from portal.accounts.states import OrganisationKind
from portal.core.actor import Right, Role
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.event_log import EventRow
from portal.partnerships.commands import add_partner, end_partner, set_service_area
from portal.partnerships.states import PartnerRole
from portal.reviewing.commands import judging
from portal.reviewing.commands.answering import accept_review
from portal.reviewing.commands.assigning import assign_reviewer
from portal.reviewing.conflicts import (
    conflicts_in_round,
    find_cases,
    find_conflicts,
    find_open_conflicts,
    open_conflicts_in_round,
)
from portal.reviewing.queries import get_assessment, get_review, list_candidates
from portal.reviewing.states import ConflictKind, ConflictState, ReviewState
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications_models import given_open_round
from tests.world.reviewing import (
    DUE_ON,
    REVIEW_DAY,
    given_admissible_application,
    given_assigned_review,
    given_case_officer,
    given_reviewer,
    given_submitted_review,
)
from tests.world.sections import given_municipalities

TOWN, OTHER_TOWN = "13014", "46021"
WHY = "Nagekeken in het register."


def desk():
    return ctx_for(given_case_officer(), REVIEW_DAY)


def kinds(found, person):
    return [str(each.kind) for each in found.get(person.id, ())]


def assign(application, reviewer):
    return assign_reviewer(desk(), application, reviewer, DUE_ON)


def refused(application, reviewer):
    with pytest.raises(RuleViolation) as refusal:
        assign(application, reviewer)
    return refusal.value.codes


def case_of(application, person, kind):
    return next(each for each in find_cases(application, [person.id]) if each.kind is kind)


def given_advised(application=None):
    application, reviewer = application or given_admissible_application(), given_reviewer()
    judging.record_advice(desk(), application.partnership, reviewer, "Schreef mee aan de strategie.")
    return application, reviewer


def colleague_at(organisation):
    reviewer = given_reviewer()
    grant_right(ctx_for(), organisation, reviewer, Right.READER)
    return reviewer


# What blocks by being found


@pytest.mark.parametrize("tie", ["parent", "child", "sister", "past partner", "none"])
def test_whoever_belongs_to_the_family_of_a_partner_is_blocked(inside, tie):
    partner, own = given_organisation(name="Stad Noordheide"), given_organisation(name="Groep Noordheide")
    application = given_admissible_application(partner if tie != "past partner" else None)
    if tie == "past partner":
        joined = add_partner(ctx_for(), application.partnership, partner, PartnerRole.NETWORK)
        end_partner(ctx_for(at=REVIEW_DAY), joined, date(2022, 8, 1))
    above = {
        "parent": (partner, own.enterprise_number),
        "past partner": (partner, own.enterprise_number),
        "child": (own, partner.enterprise_number),
        "sister": (own, "0202239951"),
        "none": (own, "0202239951"),
    }[tie]
    describe_organisation(ctx_for(), above[0], seat_nis=None, parent_number=above[1])
    if tie == "sister":
        describe_organisation(ctx_for(), partner, seat_nis=None, parent_number="0202239951")
    reviewer = colleague_at(own)
    assert kinds(find_conflicts(application, [reviewer.id]), reviewer) == ([] if tie == "none" else ["parent"])
    if tie == "none":
        assert assign(application, reviewer).state is ReviewState.INVITED
    else:
        assert refused(application, reviewer) == ["conflict-parent"]


@pytest.mark.parametrize(
    ("name", "email", "is_named"),
    [
        ("Éva  De Smedt", None, True),  # the budget says: Coördinator Eva De Smedt
        ("De Smedt Eva", None, False),
        ("Eva De Smedts", None, False),
        ("Eva", None, False),
        ("An Anders", "an.smets@extern.example", True),
        ("An Anders", "n.smets@extern.example", False),
    ],
)
def test_whoever_is_named_in_what_was_handed_in_is_blocked(inside, name, email, is_named):
    application = given_admissible_application()
    db.session.execute(
        sa.text(
            "UPDATE snapshot SET content = replace(content, '\"budget\":', "
            '\'"remark":"Coördinator Eva De Smedt, of mail: an.smets@extern.example","budget":\') WHERE application_id = :id'
        ),
        {"id": application.id},
    )
    reviewer = given_person(name, roles=[Role.REVIEWER], email=email)
    assert kinds(find_conflicts(application, [reviewer.id]), reviewer) == (["named"] if is_named else [])


# What asks a judgement


@pytest.mark.parametrize(
    ("kind", "seat", "is_open"),
    [
        (OrganisationKind.LOCAL_GOVERNMENT, TOWN, True),
        (OrganisationKind.LOCAL_GOVERNMENT, OTHER_TOWN, False),
        (OrganisationKind.COMPANY, TOWN, False),
    ],
)
def test_whoever_works_for_a_local_government_of_the_service_area_is_looked_at_first(inside, kind, seat, is_open):
    given_municipalities()
    application, employer = given_admissible_application(), given_organisation(name="OCMW Noordheide", kind=kind)
    set_service_area(ctx_for(), application.partnership, [TOWN])
    describe_organisation(ctx_for(), employer, seat_nis=seat, parent_number=None)
    reviewer = colleague_at(employer)
    assert kinds(find_open_conflicts(application, [reviewer.id]), reviewer) == (["local_government"] if is_open else [])
    assert find_conflicts(application, [reviewer.id]) == {}  # it asks, and does not block
    if is_open:
        assert refused(application, reviewer) == ["conflict-open"]


@pytest.mark.parametrize(("domain", "is_open"), [("noordheide.example", True), ("gmail.com", False)])
def test_the_same_domain_asks_unless_anybody_can_have_it(inside, domain, is_open):
    lead = given_person("Eva Claes", email=f"eva.claes@{domain}")
    application = given_admissible_application(given_organisation(lead))
    reviewer = given_person("An Anders", roles=[Role.REVIEWER], email=f"an@{domain}")
    found = find_open_conflicts(application, [reviewer.id])
    assert kinds(found, reviewer) == (["mail_domain"] if is_open else [])
    assert all(each.explanation == domain for each in found.get(reviewer.id, ()))


@pytest.mark.parametrize(
    ("name", "home", "is_open"),
    [("Jan Claës", TOWN, True), ("Jan Claes", OTHER_TOWN, False), ("Jan Maes", TOWN, False)],
)
def test_a_namesake_in_the_same_municipality_asks(inside, name, home, is_open):
    given_municipalities()
    organisation = given_organisation(given_person("Eva Claes"))
    describe_organisation(ctx_for(), organisation, seat_nis=TOWN, parent_number=None)
    application = given_admissible_application(organisation)
    reviewer = given_person(name, roles=[Role.REVIEWER])
    change_profile(ctx_for(reviewer), reviewer, name=name, language="nl", home_nis=home)
    found = find_open_conflicts(application, [reviewer.id])
    assert kinds(found, reviewer) == (["namesake"] if is_open else [])


def test_who_advised_the_partnership_is_looked_at_for_each_of_its_applications_and_no_other(inside):
    application, reviewer = given_advised()
    assert kinds(find_open_conflicts(application, [reviewer.id]), reviewer) == ["advised"]
    assert refused(application, reviewer) == ["conflict-open"]
    assert assign(given_admissible_application(), reviewer).state is ReviewState.INVITED
    with pytest.raises(RuleViolation) as refusal:
        judging.record_advice(desk(), application.partnership, reviewer, " ")
    assert refusal.value.codes == ["explanation-missing"]


# Judging


def test_a_dismissed_candidate_can_be_invited_until_its_evidence_changes(inside):
    application, reviewer = given_advised()
    case = case_of(application, reviewer, ConflictKind.ADVISED)
    with pytest.raises(RuleViolation) as refusal:
        judging.dismiss_conflict(desk(), application, case, " ")
    assert refusal.value.codes == ["reason-missing"]
    judging.dismiss_conflict(desk(), application, case, WHY)
    assert find_open_conflicts(application, [reviewer.id]) == {}
    assert case_of(application, reviewer, ConflictKind.ADVISED).state is ConflictState.DISMISSED
    db.session.execute(sa.text("UPDATE advice SET explanation = 'Begeleidt het nog altijd.'"))
    assert refused(application, reviewer) == ["conflict-open"]
    judging.dismiss_conflict(desk(), application, case_of(application, reviewer, ConflictKind.ADVISED), WHY)
    assert assign(application, reviewer).state is ReviewState.INVITED


def test_a_late_confirmation_seals_the_review(inside):
    application = given_admissible_application()
    review = given_submitted_review(application)
    reviewer = review.reviewer
    judging.record_advice(desk(), application.partnership, reviewer, "Zat in de stuurgroep.")
    assert find_conflicts(application, [reviewer.id]) == {}  # a candidate holds no review that began
    judging.confirm_conflict(desk(), application, case_of(application, reviewer, ConflictKind.ADVISED), WHY)
    assert (review.state, review.seal_reason) == (ReviewState.SEALED, WHY)
    assert get_assessment(application.id).submitted_count == 0
    assert kinds(find_conflicts(application, [reviewer.id]), reviewer) == ["advised"]
    with pytest.raises(IllegalTransition):
        judging.dismiss_conflict(desk(), application, case_of(application, reviewer, ConflictKind.ADVISED), WHY)


def test_only_ties_between_organisations_are_waived_and_both_facts_are_logged(inside):
    round_, competitor = given_open_round(), given_organisation(name="Digipunt Zuid")
    reviewer, application = colleague_at(competitor), given_admissible_application(round_=round_)
    own = given_admissible_application(competitor, round_=round_)
    with pytest.raises(RuleViolation) as refusal:
        judging.waive_conflict(desk(), own, case_of(own, reviewer, ConflictKind.MEMBER), WHY)
    assert refusal.value.codes == ["conflict-stands"]
    case = case_of(application, reviewer, ConflictKind.SAME_ROUND)
    with pytest.raises(RuleViolation) as refusal:
        judging.dismiss_conflict(desk(), application, case, WHY)
    assert refusal.value.codes == ["conflict-blocks"]
    judging.waive_conflict(desk(), application, case, WHY)
    stmt = sa.select(EventRow.topic).where(EventRow.subject == "conflict").order_by(EventRow.id)
    assert list(db.session.scalars(stmt)) == ["conflict.found", "conflict.waived"]
    assert find_conflicts(application, [reviewer.id]) == {}
    assert kinds(find_conflicts(own, [reviewer.id]), reviewer) == ["member"]
    judging.take_back_waiver(desk(), application, case_of(application, reviewer, ConflictKind.SAME_ROUND), WHY)
    assert refused(application, reviewer) == ["conflict-same-round"]


def test_a_waiver_ends_where_the_ties_change(inside):
    round_, competitor = given_open_round(), given_organisation(name="Digipunt Zuid")
    reviewer, application = colleague_at(competitor), given_admissible_application(round_=round_)
    given_admissible_application(competitor, round_=round_)
    judging.waive_conflict(desk(), application, case_of(application, reviewer, ConflictKind.SAME_ROUND), WHY)
    second = given_organisation(name="Digipunt Oost")
    grant_right(ctx_for(), second, reviewer, Right.READER)
    given_admissible_application(second, round_=round_)
    assert refused(application, reviewer) == ["conflict-same-round"] * 2


def test_nothing_is_judged_once_results_are_out(inside):
    application, reviewer = given_advised()
    case = case_of(application, reviewer, ConflictKind.ADVISED)
    application.round.results_published_at = application.round.closes_at
    with pytest.raises(IllegalTransition):
        judging.confirm_conflict(desk(), application, case, WHY)


def test_a_tie_that_arose_since_the_invitation_seals_at_the_acceptance(inside):
    organisation, partner = given_organisation(), given_organisation(name="Stad Noordheide")
    application = given_admissible_application(partner)
    reviewer = colleague_at(organisation)
    review = given_assigned_review(application, reviewer, is_accepted=False)
    describe_organisation(ctx_for(), organisation, seat_nis=None, parent_number=partner.enterprise_number)
    db.session.commit()
    review = get_review(review.id, lock=True)
    accept_review(ctx_for(reviewer, REVIEW_DAY), review)
    assert review.state is ReviewState.SEALED


# One truth in lists and one by one


def test_the_round_its_applications_and_the_invitation_agree_and_cost_one_statement(inside, count_statements):
    round_, competitor = given_open_round(), given_organisation(name="Digipunt Zuid")
    first, second = given_admissible_application(round_=round_), given_admissible_application(competitor, round_=round_)
    people = [colleague_at(competitor), given_advised(first)[1], given_advised(second)[1], given_reviewer()]
    ids = [each.id for each in people]
    with count_statements() as statements:
        blocked, doubted = conflicts_in_round(round_.id, ids), open_conflicts_in_round(round_.id, ids)
    assert len(statements) == 2
    for application in (first, second):
        assert blocked.get(application.id, {}) == find_conflicts(application, ids)
        assert doubted.get(application.id, {}) == find_open_conflicts(application, ids)
        listed = {each.person.id: each.is_free for each in list_candidates(application)}
        for person in people:
            codes = [] if listed[person.id] else refused(application, person)
            assert bool(codes) == (
                person.id in blocked.get(application.id, {}) or person.id in doubted.get(application.id, {})
            )
            if not codes:
                assert assign(application, person).state is ReviewState.INVITED
