"""Signing off: the command, what cancels it, being asked, going on without funds, and the submission that waits for it."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.accounts.queries import list_leads
from portal.applications.commands.budget import Cost, add_line, remove_line, save_line
from portal.applications.commands.parts import PartAnswers, bring_up_to_date, save_part
from portal.applications.commands.signing import ask_sign_off, leave_out_funds, sign_off, take_in_funds
from portal.applications.commands.submit import submit_application
from portal.applications.dossiers import dossier_of
from portal.applications.models import PartnerPart
from portal.applications.queries import get_application
from portal.applications.sign_offs import missing_sign_offs, sign_states
from portal.applications.snapshot import content_of
from portal.applications.states import VatStatus
from portal.core.db import db
from portal.core.errors import IllegalTransition, NotFound, RuleViolation
from portal.core.event_log import list_timeline
from portal.partnerships.models import Partner
from portal.partnerships.states import PartnerRole
from tests.world.accounts import ctx_for
from tests.world.applications_models import ACCEPTED
from tests.world.papers import given_draft_of_three
from tests.world.partners import given_partners_draft, sign_off_all, sign_off_as

TASK = PartAnswers("Richt knooppunten in.", receives_funds=True, vat_status=VatStatus.LIABLE)
COST = Cost(0, "external", 2023, Decimal(2), Decimal("500.00"), "Twee lesgevers voor een reeks van tien lessen.")


@pytest.fixture
def told(inside):
    """A draft in which De Brem receives funds, has one cost, and signed off; with its row and ids."""
    draft = given_partners_draft()
    application, brem = get_application(draft.reference), draft.brem.organisation_id
    save_part(ctx_for(), application, brem, TASK, 1)
    add_line(ctx_for(), application, _cost(brem))
    sign_off_as(draft.brem.person, application, brem)
    db.session.commit()
    return draft, get_application(draft.reference), brem


def _cost(organisation_id, **facts):
    return Cost(
        **{**{name: getattr(COST, name) for name in COST.__slots__}, "organisation_id": organisation_id, **facts}
    )


def topics(application):
    return [each.topic.removeprefix("application.") for each in list_timeline("application", application.id)]


def missing(application):
    return [each.name for each in missing_sign_offs(dossier_of(application))]


def test_a_sign_off_keeps_who_when_and_what_and_a_second_press_changes_nothing(told):
    draft, application, brem = told
    (row,) = application.sign_offs
    assert (row.organisation_id, row.signed_by_id, row.cancelled_at) == (brem, draft.brem.person.id, None)
    assert row.facts["costs"] == [["external", 2023, "1000.00"]]
    assert missing(application) == []
    assert sign_off(ctx_for(draft.brem.person), application, brem, row.sha256) is row
    assert topics(application).count("signed-off") == 1


def test_what_was_changed_since_the_page_was_opened_is_not_signed(told):
    draft, application, brem = told
    seen = application.sign_offs[0].sha256
    add_line(ctx_for(), application, _cost(brem))
    with pytest.raises(RuleViolation) as refused:
        sign_off(ctx_for(draft.brem.person), application, brem, seen)
    assert refused.value.codes == ["part-changed"]
    assert missing(application) == ["De Brem"]


def _remove(application, brem):
    remove_line(ctx_for(), application, application.lines[0].id)


def _dearer(application, brem):
    save_line(ctx_for(), application, application.lines[0].id, _cost(brem, quantity=Decimal(3)), 1)


def _give_away(application, brem):
    save_line(ctx_for(), application, application.lines[0].id, _cost(application.promotor_id), 1)


def _declare_less(application, brem):
    save_part(ctx_for(), application, brem, PartAnswers("Iets anders.", receives_funds=True), 2)


def _other_role(application, brem):
    partner = next(each for each in application.partnership.partners if each.organisation_id == brem)
    db.session.execute(sa.update(Partner).where(Partner.id == partner.id).values(role=PartnerRole.NETWORK))
    db.session.refresh(partner)
    bring_up_to_date(ctx_for(), application)


@pytest.mark.parametrize("change", [_remove, _dearer, _give_away, _declare_less, _other_role])
def test_each_change_of_the_part_or_its_amount_cancels_the_sign_off_once(told, change):
    _draft, application, brem = told
    change(application, brem)
    (row,) = application.sign_offs
    assert row.cancelled_at is not None
    assert topics(application).count("sign-off-cancelled") == 1


def test_what_others_change_and_an_explanation_leave_it_standing(told):
    draft, application, brem = told
    add_line(ctx_for(), application, _cost(application.promotor_id))
    save_part(ctx_for(), application, draft.lus.organisation_id, TASK, 1)
    line = next(each for each in application.lines if each.organisation_id == brem)
    save_line(ctx_for(), application, line.id, _cost(brem, explanation="Drie lesgevers, korter ingezet."), 1)
    assert application.sign_offs[0].cancelled_at is None
    assert missing(application) == ["De Lus"]


def test_a_change_that_no_command_made_is_found_by_its_digest(told):
    _draft, application, brem = told
    change = sa.update(PartnerPart).where(PartnerPart.application_id == application.id)
    db.session.execute(change.where(PartnerPart.organisation_id == brem).values(earlier_aid_amount=Decimal(5)))
    db.session.commit()
    application = get_application(application.reference, lock=True)
    assert application.sign_offs[0].cancelled_at is None
    assert missing(application) == ["De Brem"]
    (state, _lus) = sign_states(application, dossier_of(application))
    assert (state.is_missing, state.row, state.lapsed) == (True, None, application.sign_offs[0])


def test_a_cancelled_sign_off_does_not_come_back_by_itself(told):
    draft, application, brem = told
    _dearer(application, brem)
    save_line(ctx_for(), application, application.lines[0].id, _cost(brem), 2)
    assert missing(application) == ["De Brem"]
    sign_off_as(draft.brem.person, application, brem)
    assert missing(application) == []
    assert [each.cancelled_at is None for each in application.sign_offs] == [False, True]


def test_nobody_is_asked_who_receives_nothing_and_the_lead_partner_signs_by_submitting(told):
    draft, application, brem = told
    for organisation_id in (draft.lus.organisation_id, application.promotor_id, 0):
        with pytest.raises(NotFound):
            sign_off(ctx_for(draft.lus.person), application, organisation_id, "0" * 64)
        with pytest.raises(NotFound):
            ask_sign_off(ctx_for(), application, organisation_id)
    with pytest.raises(NotFound):
        ask_sign_off(ctx_for(), application, brem)  # signed already


def test_a_partner_is_asked_once_a_day(told):
    _draft, application, brem = told
    _dearer(application, brem)
    assert ask_sign_off(ctx_for(), application, brem)
    assert not ask_sign_off(ctx_for(at="2022-06-20T23:55"), application, brem)
    assert ask_sign_off(ctx_for(at="2022-06-21T00:05"), application, brem)


def test_without_a_partners_funds_its_costs_stay_and_do_not_count_until_they_are_taken_in(told):
    _draft, application, brem = told
    leave_out_funds(ctx_for(), application, brem)
    found = dossier_of(application)
    assert (found.costs_amount, missing(application), len(application.lines)) == (Decimal("0.00"), [], 1)
    assert application.sign_offs[0].cancelled_at is not None
    assert content_of(ctx_for(), application, found, ())["budget"] == []
    take_in_funds(ctx_for(), application, brem)
    assert dossier_of(application).costs_amount == Decimal("1000.00")
    assert missing(application) == ["De Brem"]
    told = [each for each in list_timeline("application", application.id) if "funds" in each.topic]
    assert [each.payload["amount"] for each in told] == ["1000.00", "1000.00"]


def test_ticking_that_it_receives_funds_takes_its_costs_in_as_well(told):
    _draft, application, brem = told
    leave_out_funds(ctx_for(), application, brem)
    part = next(each for each in application.parts if each.organisation_id == brem)
    save_part(ctx_for(), application, brem, TASK, part.version)
    assert part.funds_left_out_at is None
    assert dossier_of(application).costs_amount == Decimal("1000.00")


def test_what_cannot_go_without_funds_is_not_found(told):
    draft, application, brem = told
    for organisation_id in (application.promotor_id, draft.lus.organisation_id):
        with pytest.raises(NotFound):
            leave_out_funds(ctx_for(), application, organisation_id)
    with pytest.raises(NotFound):
        take_in_funds(ctx_for(), application, brem)


def test_the_submission_waits_for_each_funded_partner_by_name_and_freezes_who_signed(inside):
    application, owners = given_draft_of_three()
    reference = application.reference
    for part in application.parts:
        part.declarations = dict.fromkeys(ACCEPTED, "2022-06-20T14:05")
    db.session.commit()
    lead = list_leads([application.promotor_id])[0]
    with pytest.raises(RuleViolation) as refused:
        submit_application(ctx_for(lead), application, accepted=ACCEPTED)
    assert refused.value.codes == ["sign-off-missing", "sign-off-missing"]
    assert [str(each.message.params["organisation"]) for each in refused.value.problems] == [
        "Kringloop De Lus",
        "Buurthuis Zuid",
    ]
    application = get_application(reference)
    leave_out_funds(ctx_for(lead), application, owners["other"])
    sign_off_all(application)
    snapshot = submit_application(ctx_for(lead), application, accepted=ACCEPTED)
    partner = list_leads([owners["partner"]])[0]
    assert f'"signed_by":{partner.id}' in snapshot.content
    with pytest.raises(IllegalTransition):
        sign_off_as(partner, application, owners["partner"])


def test_nothing_is_signed_after_the_deadline(told):
    draft, application, brem = told
    _dearer(application, brem)
    with pytest.raises(RuleViolation) as refused:
        sign_off_as(draft.brem.person, application, brem, at="2099-01-01T12:00:01")
    assert refused.value.codes == ["round-closed"]
