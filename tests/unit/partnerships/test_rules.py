"""The rules on invitations, partners and texts, without a database."""

from datetime import date, timedelta

from portal.partnerships.models import Partner, PartnerInvitation
from portal.partnerships.rules import INVITATION_LASTS, is_expired, problems_with_ending, problems_with_texts
from portal.partnerships.states import InvitationState, PartnerRole
from tests.world.time import moment


def test_an_invitation_is_over_at_the_end_of_its_21_days_to_the_second():
    sent = moment("2022-06-20T14:05")
    invitation = PartnerInvitation(state=InvitationState.SENT, expires_at=sent + INVITATION_LASTS)
    assert is_expired(invitation, sent + timedelta(days=21))
    assert not is_expired(invitation, sent + timedelta(days=21, seconds=-1))


def test_a_partner_ends_on_its_first_day_at_the_earliest():
    partner = Partner(role=PartnerRole.CORE, started_on=date(2022, 6, 20))
    assert [each.code for each in problems_with_ending(partner, date(2022, 6, 19))] == ["ends-before-start"]
    assert list(problems_with_ending(partner, date(2022, 6, 20))) == []


def test_a_topic_takes_1200_characters():
    found = problems_with_texts({"outreach": "a" * 1201}, ["outreach"], "")
    assert [each.code for each in found] == ["topic-too-long"]
    assert list(problems_with_texts({"outreach": "a" * 1200}, ["outreach"], "")) == []
