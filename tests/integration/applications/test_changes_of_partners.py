"""A change of lead partner, and a partner that leaves, between the deadline and the award."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import grant_right
from portal.accounts.models import Organisation
from portal.applications.admissibility import Asked
from portal.applications.change_models import ChangeRequest
from portal.applications.change_requests import (
    count_changes_to_decide,
    get_change,
    list_changes_to_answer,
    page_changes_to_decide,
)
from portal.applications.changing import after, consequences_of
from portal.applications.commands import change as commands
from portal.applications.commands.admissibility import ask_completion
from portal.applications.commands.ending import end_partner
from portal.applications.commands.outcome import record_outcome
from portal.applications.commands.start import start_application
from portal.applications.commands.submit import complete_application
from portal.applications.commands.withdraw import withdraw_application
from portal.applications.dossiers import dossier_of, list_snapshots
from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.applications.states import ChangeState, Outcome, ShareGoes
from portal.applications.timeline import entries_of
from portal.calls.queries import get_round
from portal.core.actor import Right
from portal.core.db import db
from portal.core.errors import Forbidden, IllegalTransition, RuleViolation
from portal.core.event_log import EventRow
from portal.partnerships.queries import get_partner, get_partnership
from portal.reviewing.conflicts import find_conflicts
from tests.world.accounts import ctx_for
from tests.world.applications_models import given_complete_draft, given_open_round
from tests.world.changes import AFTER, REASON, given_handed_in
from tests.world.partners import sign_off_as
from tests.world.reviewing import given_reviewer
from tests.world.time import moment

pytestmark = pytest.mark.usefixtures("inside")
GIVEN_UP, TAKEN_OVER = ShareGoes.GIVEN_UP, ShareGoes.TAKEN_OVER


def ask_lead(given, *, by=None, organisation=None, at=AFTER, reason=REASON):
    """De Brem is to lead; the promotor asks unless somebody else does."""
    number = organisation or given.brem.organisation_id
    person = by or given.promotor.person
    change = commands.ask_promotor_change(ctx_for(person, at), given.application, number, reason)
    db.session.commit()
    return get_change(given.reference, change.id)


def ask_leave(given, *, by=None, organisation=None, goes=GIVEN_UP, at=AFTER):
    number = organisation or given.brem.organisation_id
    person = by or given.promotor.person
    change = commands.ask_leaving(ctx_for(person, at), given.application, number, goes, REASON)
    db.session.commit()
    return get_change(given.reference, change.id)


def decide(given, change, verdict=commands.grant, reason="Gemotiveerd en haalbaar."):
    verdict(ctx_for(given.officer, AFTER), change, reason)
    db.session.commit()
    return get_change(given.reference, change.id)


def refused(call, *args, **named):
    with pytest.raises(RuleViolation) as refusal:
        call(*args, **named)
    db.session.rollback()
    return refusal.value.codes


def roles(given):
    partnership = get_partnership(given.application.partnership_id)
    return {each.organisation_id: str(each.role) for each in partnership.partners if each.ended_on is None}


def topics():
    stmt = sa.select(EventRow.topic).where(EventRow.subject.in_(["change", "partner", "partnership"]))
    return list(db.session.scalars(stmt.order_by(EventRow.id)))


def test_both_organisations_agree_and_a_case_officer_grants_another_lead_partner():
    given = given_handed_in()
    before = [each.sha256 for each in list_snapshots(given.application)]
    change = ask_lead(given)
    commands.agree(ctx_for(given.brem.person, AFTER), change)
    change = decide(given, change)
    application = given.application
    assert (change.state, change.judgement) == (ChangeState.GRANTED, "Gemotiveerd en haalbaar.")
    assert application.promotor_id == given.brem.organisation_id
    assert roles(given) == {
        given.promotor.organisation_id: "core",
        given.brem.organisation_id: "promotor",
        given.lus.organisation_id: "network",
    }
    ended = {each.organisation_id: each.ended_on for each in application.partnership.partners if each.ended_on}
    assert ended == dict.fromkeys([given.promotor.organisation_id, given.brem.organisation_id], date(2022, 8, 2))
    assert [each.sha256 for each in list_snapshots(application)] == before
    assert topics()[-4:] == ["change.asked", "change.agreed", "change.granted", "partnership.promotor-changed"]
    told = [str(each.title) for each in entries_of(application, moment(AFTER))]
    assert told[:3] == ["Change granted", "Both sides agree with the change", "Change of lead partner asked"]


def test_the_new_lead_partner_may_ask_and_then_the_present_one_answers():
    given = given_handed_in()
    change = ask_lead(given, by=given.brem.person)
    assert change.answers_id == given.promotor.organisation_id
    assert [each.id for each in list_changes_to_answer([given.promotor.organisation_id])] == [change.id]
    assert list_changes_to_answer([given.brem.organisation_id]) == []
    commands.decline(ctx_for(given.promotor.person, AFTER), change)
    db.session.commit()
    assert list_changes_to_answer([given.promotor.organisation_id]) == []
    with pytest.raises(IllegalTransition):
        commands.agree(ctx_for(given.promotor.person, AFTER), change)


def test_nobody_decides_before_the_other_side_agrees():
    given = given_handed_in()
    change = ask_lead(given)
    assert count_changes_to_decide() == 0
    assert refused(decide, given, change) == ["not-agreed"]
    change = get_change(given.reference, change.id)
    assert refused(decide, given, change, commands.refuse) == ["not-agreed"]
    change = get_change(given.reference, change.id)
    commands.agree(ctx_for(given.brem.person, AFTER), change)
    assert count_changes_to_decide() == 1
    assert decide(given, change, commands.refuse, "Te laat in de procedure.").state is ChangeState.REFUSED
    assert given.application.promotor_id == given.promotor.organisation_id
    assert count_changes_to_decide() == 0


def test_a_partner_leaves_and_what_was_handed_in_stays():
    given = given_handed_in()
    before = [each.content for each in list_snapshots(given.application)]
    change = ask_leave(given)
    assert (change.share_goes, change.share_amount) == (GIVEN_UP, Decimal("100000.00"))
    decide(given, change)
    application = given.application
    assert given.brem.organisation_id not in roles(given)
    assert [each.content for each in list_snapshots(application)] == before
    assert application.requested_amount == Decimal("400000.00")
    assert given.brem.organisation_id in {each.organisation_id for each in application.parts}
    assert topics()[-3:] == ["change.asked", "change.granted", "partner.left"]


def test_a_partner_that_left_still_counts_for_conflicts():
    given = given_handed_in()
    reviewer = given_reviewer()
    grant_right(ctx_for(), db.session.get(Organisation, given.brem.organisation_id), reviewer, Right.READER)
    decide(given, ask_leave(given))
    found = find_conflicts(given.application, [reviewer.id])
    assert [each.code for each in found[reviewer.id]] == ["conflict-member"]


def test_a_partner_may_ask_for_itself_but_not_for_another():
    given = given_handed_in()
    with pytest.raises(Forbidden):
        ask_leave(given, by=given.lus.person)
    db.session.rollback()
    change = ask_leave(given, by=given.lus.person, organisation=given.lus.organisation_id, goes=TAKEN_OVER)
    assert change.waits_for_decision
    assert refused(commands.agree, ctx_for(given.promotor.person, AFTER), change) == ["no-answer-asked"]


@pytest.mark.parametrize("at", ["2022-07-29T12:00", "2022-06-25T10:00"])
def test_nothing_is_asked_before_the_deadline_has_passed(at):
    given = given_handed_in()
    assert refused(ask_leave, given, at=at) == ["round-still-open"]
    assert ask_leave(given, at="2022-07-29T12:00:01").state is ChangeState.ASKED


def admit(given, outcome=None):
    table = Application.__table__
    db.session.execute(
        table.update().where(table.c.reference == given.reference).values(state="admissible", admissible_at=AFTER)
    )
    db.session.commit()
    application = get_application(given.reference, lock=True)
    if outcome is not None:
        record_outcome(ctx_for(at=AFTER), application, outcome, Decimal("400000.00"))
        db.session.commit()


@pytest.mark.parametrize(
    ("outcome", "codes"), [(Outcome.APPROVED, ["already-decided"]), (Outcome.REFUSED, ["already-decided"])]
)
def test_nothing_is_asked_or_granted_once_the_decision_is_published(outcome, codes):
    given = given_handed_in()
    change = ask_leave(given)
    admit(given, outcome)
    assert refused(ask_lead, given) == codes
    change = get_change(given.reference, change.id)
    assert refused(decide, given, change) == codes
    change = get_change(given.reference, change.id)
    assert decide(given, change, commands.refuse).state is ChangeState.REFUSED


def test_whoever_stands_on_the_reserve_list_has_no_award_yet():
    given = given_handed_in()
    admit(given, Outcome.RESERVE)
    assert decide(given, ask_leave(given)).state is ChangeState.GRANTED


def test_a_withdrawn_application_changes_no_more():
    given = given_handed_in()
    change = ask_leave(given)
    withdraw_application(ctx_for(given.promotor.person, AFTER), given.application, "Wij stoppen.")
    db.session.commit()
    change = get_change(given.reference, change.id)
    assert refused(decide, given, change) == ["not-under-way"]


def test_one_request_of_a_kind_is_open_at_a_time():
    given = given_handed_in()
    change = ask_leave(given)
    assert refused(ask_leave, given, organisation=given.lus.organisation_id) == ["change-open"]
    assert ask_lead(given).waits_for_agreement
    change = get_change(given.reference, change.id)
    commands.withdraw(ctx_for(given.promotor.person, AFTER), change)
    db.session.commit()
    assert ask_leave(given, organisation=given.lus.organisation_id).state is ChangeState.ASKED


def test_only_a_core_partner_can_lead_and_the_lead_partner_cannot_leave():
    given = given_handed_in()
    assert refused(ask_lead, given, organisation=given.lus.organisation_id) == ["not-a-candidate"]
    assert refused(ask_leave, given, organisation=given.promotor.organisation_id) == ["not-a-candidate"]
    assert ask_lead(given).state is ChangeState.ASKED


def test_a_request_and_its_decision_have_a_reason():
    given = given_handed_in()
    assert refused(ask_lead, given, reason="  ") == ["reason-missing"]
    change = ask_leave(given)
    assert refused(decide, given, change, reason=" ") == ["reason-missing"]
    assert decide(given, get_change(given.reference, change.id)).state is ChangeState.GRANTED


def test_a_decided_request_is_not_decided_twice():
    given = given_handed_in()
    change = decide(given, ask_leave(given))
    for again in (commands.grant, commands.refuse):
        with pytest.raises(IllegalTransition):
            again(ctx_for(given.officer, AFTER), change, "Nog eens.")
    assert change.judgement == "Gemotiveerd en haalbaar."


def agreed(given):
    change = ask_lead(given)
    commands.agree(ctx_for(given.brem.person, AFTER), change)
    db.session.commit()
    return get_change(given.reference, change.id)


def write_confirmed(organisation_id, at):
    table = Organisation.__table__
    db.session.execute(table.update().where(table.c.id == organisation_id).values(confirmed_at=at))
    db.session.commit()
    db.session.expunge_all()


def test_the_right_to_sign_for_the_new_lead_partner_must_be_confirmed():
    given = given_handed_in()
    change = agreed(given)
    confirmed_at = change.organisation.confirmed_at
    write_confirmed(given.brem.organisation_id, None)
    assert refused(decide, given, get_change(given.reference, change.id)) == ["claim-unconfirmed"]
    write_confirmed(given.brem.organisation_id, confirmed_at)
    assert decide(given, get_change(given.reference, change.id)).state is ChangeState.GRANTED


def test_an_organisation_leads_one_application_a_round():
    given = given_handed_in()
    brem = db.session.get(Organisation, given.brem.organisation_id)
    other = given_complete_draft(brem, round_=given.application.round)
    change = agreed(given)
    assert refused(decide, given, change) == ["promotor-applies-already"]
    withdraw_application(ctx_for(given.brem.person), get_application(other.reference), "Wij sluiten aan.")
    db.session.commit()
    assert decide(given, get_change(given.reference, change.id)).state is ChangeState.GRANTED


def test_the_right_kind_of_organisation_leads():
    round_ = given_open_round(applicant_kinds=("other_government",))
    given = given_handed_in(round_)
    assert refused(decide, given, agreed(given)) == ["applicant-of-other-kind"]


def test_the_drafts_of_the_partnership_follow_its_new_lead_partner():
    given = given_handed_in()
    beside = get_round(given_open_round(beside=given.application.round).code, lock=True)
    draft = start_application(ctx_for(given.promotor.person), beside, get_partnership(given.application.partnership_id))
    db.session.commit()
    decide(given, agreed(given))
    assert get_application(draft.reference).promotor_id == given.brem.organisation_id


def test_the_case_officer_sees_which_rules_would_find_something_else():
    given = given_handed_in()
    change = ask_leave(given, goes=TAKEN_OVER)
    dossier, asked = dossier_of(given.application), Asked(moment(AFTER), ctx_for(given.officer).actor)
    assert [each.after.code for each in consequences_of(dossier, change, asked)] == ["OV-13"]
    assert after(dossier, change).requested_amount == Decimal("400000.00")
    other = ask_lead(given)
    assert consequences_of(dossier, other, asked) == []


def test_a_share_that_is_given_up_lowers_what_the_rules_count():
    given = given_handed_in()
    dossier = dossier_of(given.application)
    assert after(dossier, ask_leave(given)).requested_amount == Decimal("300000.00")


def test_a_partner_does_not_end_while_its_partnership_waits_for_a_decision():
    given = given_handed_in()
    partnership = get_partnership(given.application.partnership_id)
    lus = next(each for each in partnership.partners if each.organisation_id == given.lus.organisation_id)
    partner = get_partner(partnership.id, lus.id)
    ctx = ctx_for(given.promotor.person, AFTER)
    assert refused(end_partner, ctx, partner, date(2022, 8, 2)) == ["application-under-way"]
    admit(given, Outcome.APPROVED)
    partner = get_partner(given.application.partnership_id, partner.id)
    end_partner(ctx, partner, date(2022, 8, 2))
    assert given.lus.organisation_id not in roles(given)


def test_the_list_that_waits_asks_the_same_whatever_its_length(count_statements):
    first = ask_leave(given_handed_in())
    with count_statements() as one:
        assert [each.id for each in page_changes_to_decide(None).rows] == [first.id]
    for _ in range(2):
        ask_leave(given_handed_in())
    db.session.expunge_all()
    with count_statements() as three:
        assert len(page_changes_to_decide(None).rows) == 3
    assert len(one) == len(three) == 1


def test_the_database_keeps_one_open_request_of_a_kind():
    given = given_handed_in()
    change = ask_leave(given)
    twin = {each.name: getattr(change, each.name) for each in ChangeRequest.__table__.columns if each.name != "id"}
    with pytest.raises(sa.exc.IntegrityError, match="uq_change_request_open"):
        db.session.execute(ChangeRequest.__table__.insert().values(twin))


def test_a_completion_is_handed_in_by_the_new_lead_partner_once_the_former_one_signs_off():
    given = given_handed_in()
    decide(given, agreed(given))
    until = moment("2022-08-20T12:00")
    ask_completion(
        ctx_for(given.officer, AFTER), given.application, ["OV-14"], "", until, asked={"B8": "Verduidelijk."}
    )
    db.session.commit()
    new = ctx_for(given.brem.person, AFTER)
    assert refused(complete_application, new, given.application) == ["sign-off-missing"]
    sign_off_as(given.promotor.person, given.application, given.promotor.organisation_id, AFTER)
    db.session.commit()
    complete_application(new, given.application)
    assert [each.number for each in list_snapshots(given.application)] == [1, 2]
