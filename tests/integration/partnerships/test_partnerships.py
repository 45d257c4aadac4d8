"""Partnerships grow by invitation and keep who was in them; strategies are written, handed in and judged."""

from datetime import date

import pytest

from portal.core.errors import IllegalTransition, RuleViolation, StaleVersion
from portal.core.event_log import list_timeline
from portal.partnerships import commands, queries
from portal.partnerships.states import InvitationState, PartnerRole, StrategyState
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.partnerships import (
    given_partnership,
    given_recognised_strategy,
    given_strategy,
)


def given_invitation(partnership):
    return commands.invite_partner(
        ctx_for(given_person("Bram Nijs")),
        partnership,
        email="Info@Brem.example",
        organisation_name="Welzijnshuis De Brem",
        role=PartnerRole.CORE,
        note="",
    )


def test_an_accepted_invitation_makes_a_partner_and_works_once(inside):
    partnership = given_partnership()
    organisation = given_organisation(lead := given_person("An Maes"), name="Welzijnshuis De Brem")
    invitation = given_invitation(partnership)
    commands.accept_invitation(ctx_for(lead), invitation, organisation)
    assert queries.organisation_ids_of(partnership)[-1] == organisation.id
    with pytest.raises(IllegalTransition):
        commands.accept_invitation(ctx_for(lead), invitation, organisation)


def test_an_invitation_is_over_after_21_days_and_a_minute_before_it_is_not(inside):
    organisation = given_organisation(lead := given_person("An Maes"), name="Welzijnshuis De Brem")
    invitation = given_invitation(given_partnership())
    with pytest.raises(RuleViolation) as refusal:
        commands.accept_invitation(ctx_for(lead, "2022-07-11T14:05"), invitation, organisation)
    assert refusal.value.codes == ["invitation-expired"]
    commands.accept_invitation(ctx_for(lead, "2022-07-11T14:04"), invitation, organisation)
    assert invitation.state == InvitationState.ACCEPTED


def test_staff_cannot_accept_and_the_lead_can(inside):
    staff, lead = given_person("Jo Pauwels"), given_person("An Maes")
    organisation = given_organisation(lead, staff=[staff], name="Welzijnshuis De Brem")
    invitation = given_invitation(given_partnership())
    with pytest.raises(RuleViolation) as refusal:
        commands.accept_invitation(ctx_for(staff), invitation, organisation)
    assert refusal.value.codes == ["lead-must-accept"]
    assert commands.accept_invitation(ctx_for(lead), invitation, organisation).role == PartnerRole.CORE


def test_a_new_link_replaces_the_old_one(inside):
    old = given_invitation(given_partnership())
    new = commands.resend_invitation(ctx_for(given_person("Bram Nijs")), old)
    assert old.state == InvitationState.WITHDRAWN
    assert (new.email, new.state) == ("info@brem.example", InvitationState.SENT)
    assert new.nonce != old.nonce


def test_an_organisation_is_a_partner_once_and_may_come_back_after_it_ended(inside):
    brem = given_organisation(name="Welzijnshuis De Brem")
    partnership = given_partnership(partners=[brem])
    with pytest.raises(RuleViolation) as refusal:
        commands.add_partner(ctx_for(), partnership, brem, PartnerRole.NETWORK)
    assert refusal.value.codes == ["already-a-partner"]
    commands.end_partner(ctx_for(), partnership.partners[1], date(2022, 6, 20))
    again = commands.add_partner(ctx_for(), partnership, brem, PartnerRole.NETWORK)
    assert again.ended_on is None


def test_the_promotor_stays_and_another_partner_ends_with_a_date(inside):
    partnership = given_partnership(partners=[given_organisation(name="Kringloop De Lus")])
    promotor, partner = partnership.partners
    with pytest.raises(RuleViolation) as refusal:
        commands.end_partner(ctx_for(), promotor, date(2022, 7, 1))
    assert refusal.value.codes == ["promotor-must-stay"]
    commands.end_partner(ctx_for(), partner, date(2022, 7, 1))
    assert len(queries.current_partners(partnership, date(2022, 7, 1))) == 2
    assert queries.current_partners(partnership, date(2022, 7, 2)) == [promotor]


def test_a_strategy_is_handed_in_when_nothing_is_missing(inside):
    bare = given_strategy(is_complete=False)
    with pytest.raises(RuleViolation) as refusal:
        commands.hand_in_strategy(ctx_for(), bare)
    assert refusal.value.codes.count("topics-missing") == 7
    assert {"planning-missing", "agreement-missing", "evidence-missing"} <= set(refusal.value.codes)
    whole = given_strategy(given_partnership(name="Digibank Leie"))
    commands.hand_in_strategy(ctx_for(), whole)
    assert whole.state == StrategyState.SUBMITTED


def test_two_people_who_save_at_once_lose_nothing(inside):
    strategy = given_strategy()
    texts = {"topics": {"outreach": "Aan de deur."}, "budget_and_planning": "Plan."}
    with pytest.raises(StaleVersion):
        commands.save_strategy(ctx_for(), strategy, **texts, base_version=strategy.version - 1)
    commands.save_strategy(ctx_for(), strategy, **texts, base_version=strategy.version)
    assert strategy.topics["outreach"] == "Aan de deur."
    assert strategy.topics["target_group"]


def test_a_recognised_strategy_is_the_one_to_lean_on_and_is_written_no_more(inside):
    strategy = given_recognised_strategy()
    assert queries.present_strategy(strategy.partnership_id).id == strategy.id
    assert [each.topic for each in list_timeline("strategy", strategy.id)] == [
        "strategy.begun",
        "strategy.submitted",
        "strategy.recognised",
    ]
    with pytest.raises(IllegalTransition):
        commands.save_strategy(ctx_for(), strategy, topics={}, budget_and_planning="", base_version=strategy.version)


def test_the_furthest_strategy_is_leaned_on_whatever_began_after_it(inside):
    partnership, other = given_partnership(), given_partnership(name="Digibank Leie")
    recognised = given_recognised_strategy(partnership)
    for each in (partnership, other):
        commands.begin_strategy(ctx_for(), each, f"DB-A-2022-1-{each.id:04d}", date(2022, 12, 31))
    assert queries.present_strategy(partnership.id).id == recognised.id
    alone = given_partnership(name="Digibank Kempen")
    assert queries.list_present_strategy_states([partnership.id, other.id, alone.id]) == {
        partnership.id: StrategyState.RECOGNISED,
        other.id: StrategyState.BEING_FORMED,
    }


def test_the_strategy_of_a_withdrawn_award_lapses(inside):
    partnership = given_partnership()
    strategy = commands.begin_strategy(ctx_for(), partnership, "DB-A-2022-1-0001", date(2022, 12, 31))
    assert queries.present_strategy(partnership.id).id == strategy.id
    commands.lapse_strategy(ctx_for(), "DB-A-2022-1-0001")
    assert queries.present_strategy(partnership.id) is None
