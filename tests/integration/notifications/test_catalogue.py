"""Who is told of what, and in which words: every notification of rounds, applications and strategies, rendered."""

import re

import pytest

from portal.accounts.queries import actor_of
from portal.applications.events import (
    ApplicationExtended,
    ApplicationNotSubmitted,
    ApplicationReturned,
    ApplicationSubmitted,
    DeadlineNear,
    DraftHandedOver,
    SignOffAsked,
    SignOffCancelled,
)
from portal.applications.extensions import Extension
from portal.applications.models import CompletionRequest
from portal.calls.models import RoundMove
from portal.partnerships.models import PartnerInvitation, Strategy
from portal.partnerships.queries import get_invitation_by_token
from portal.partnerships.states import PartnerRole, StrategyOrigin
from tests.world.mail import text_of
from tests.world.time import moment

CLOSES = moment("2022-09-30T12:00")


def test_a_receipt_goes_to_every_partners_lead_and_to_who_submitted_each_in_their_language(town):
    event = ApplicationSubmitted(
        application_id=town.application.id, round_id=town.round.id, snapshot_sha256="ab" * 32, requested_amount=None
    )
    told = town.told(event.topic, town.application.id, event.payload(), actor=town.eva)
    assert set(told) == {town.eva.email, town.tom.email}
    assert told[town.eva.email]["Subject"] == "Aanvraag DB-A-2022-3-0017 is ingediend"
    assert told[town.tom.email]["Subject"] == "Application DB-A-2022-3-0017 is submitted"
    assert "20 september 2022 om 10.00.07 uur" in text_of(told[town.eva.email])
    assert "ab" * 32 in text_of(told[town.tom.email])
    assert f"/verify?reference=DB-A-2022-3-0017&sha256={'ab' * 32}" in text_of(told[town.tom.email])
    assert "/applications/DB-A-2022-3-0017/receipt" in text_of(told[town.tom.email])


def handed_over(town, actor):
    organisation = actor_of(town.eva).mandates[0].organisation_id
    event = DraftHandedOver(
        application_id=town.application.id,
        organisation_id=organisation,
        from_person_id=town.eva.id,
        to_person_id=town.tom.id,
    )
    return town.told(event.topic, town.application.id, event.payload(), actor=actor)


def test_who_takes_over_from_a_colleague_who_leaves_is_told_and_nobody_else(town):
    (message,) = handed_over(town, town.eva).values()
    said = f"You take over from {town.eva.name} in application DB-A-2022-3-0017"
    assert (message["To"], message["Subject"]) == (town.tom.email, said)
    words = text_of(message)
    assert "add your telephone number" in words
    assert "/applications/DB-A-2022-3-0017" in words


def test_who_takes_over_by_its_own_hand_needs_no_mail(town):
    assert handed_over(town, town.tom) == {}


@pytest.mark.parametrize(
    ("event_type", "subject", "said"),
    [
        (SignOffAsked, "Sign off for OCMW Vlierbeke in application DB-A-2022-3-0017", "waits for your sign-off"),
        (
            SignOffCancelled,
            "Your sign-off for OCMW Vlierbeke no longer holds: DB-A-2022-3-0017",
            "was changed after you signed off",
        ),
    ],
)
def test_a_sign_off_is_asked_of_and_its_end_told_to_the_partners_own_leads_alone(town, event_type, subject, said):
    partner = actor_of(town.tom).mandates[0].organisation_id
    facts = {"sign_off_id": 1} if event_type is SignOffCancelled else {}
    event = event_type(application_id=town.application.id, organisation_id=partner, **facts)
    (message,) = town.told(event.topic, town.application.id, event.payload()).values()
    assert (message["To"], message["Subject"]) == (town.tom.email, subject)
    words = text_of(message)
    assert said in " ".join(words.split())
    assert "30 September 2022 at 12:00" in words
    assert f"/applications/DB-A-2022-3-0017/parts/{partner}/sign" in words


def test_only_those_with_a_draft_are_told_that_the_deadline_is_near(town):
    event = DeadlineNear(application_id=town.application.id, days=7, closes_at=CLOSES)
    told = town.told(event.topic, town.application.id, event.payload())
    assert set(told) == {town.eva.email, town.tom.email}
    assert (
        told[town.tom.email]["Subject"]
        == "Not submitted yet: application DB-A-2022-3-0017, until 30 September 2022 at 12:00"
    )


def test_more_time_for_one_application_tells_its_partners_until_when_and_why(town):
    new = moment("2022-10-07T12:00")
    facts = {
        "granted_at": moment("2022-09-30T13:00"),
        "granted_by_id": town.noor.id,
        "reason": "Storing op de laatste dag.",
    }
    extension = town.add(
        Extension(application_id=town.application.id, old_closes_at=CLOSES, new_closes_at=new, **facts)
    )
    event = ApplicationExtended(
        application_id=town.application.id, extension_id=extension.id, old_closes_at=CLOSES, new_closes_at=new
    )
    told = town.told(event.topic, town.application.id, event.payload())
    assert set(told) == {town.eva.email, town.tom.email}
    assert "DB-A-2022-3-0017: until 7 October 2022 at 12:00" in told[town.tom.email]["Subject"]
    assert "Storing op de laatste dag." in text_of(told[town.eva.email])


def test_a_draft_that_came_to_nothing_tells_its_partners_where_their_text_is(town):
    event = ApplicationNotSubmitted(application_id=town.application.id, closes_at=CLOSES)
    told = town.told(event.topic, town.application.id, event.payload())
    assert set(told) == {town.eva.email, town.tom.email}
    assert told[town.eva.email]["Subject"] == "Aanvraag DB-A-2022-3-0017 is niet ingediend"
    assert "/applications/DB-A-2022-3-0017/papers" in text_of(told[town.tom.email])


def test_a_moved_deadline_tells_both_moments_and_the_reason(town):
    new = moment("2022-10-07T12:00")
    at = moment("2022-09-20T10:00:07")
    values = {"round_id": town.round.id, "old_closes_at": CLOSES, "new_closes_at": new}
    town.add(RoundMove(**values, moved_at=at, moved_by_id=town.noor.id, reason="The portal was down for a day."))
    payload = {"old_closes_at": CLOSES.isoformat(), "new_closes_at": new.isoformat()}
    told = town.told("round.deadline-moved", town.round.id, payload)
    assert set(told) == {town.eva.email, town.tom.email}
    words = text_of(told[town.tom.email])
    assert "7 October 2022 at 12:00" in words
    assert "30 September 2022 at 12:00" in words
    assert "The portal was down for a day." in words


def test_an_opened_round_is_told_to_partnerships_of_its_programme(town):
    told = town.told("round.opened", town.round.id)
    assert set(told) == {town.eva.email, town.tom.email}
    assert told[town.tom.email]["Subject"] == "Round A-2022-3 is open"


def test_a_completion_is_asked_of_the_lead_applicant_with_the_case_officers_words(town):
    due = moment("2022-10-14T12:00")
    request = town.add(
        CompletionRequest(
            application_id=town.application.id,
            rules=["OV-07"],
            asked={"A3": "Say <b>how</b> you reach them."},
            message="The letter of <b>Vlierbeke</b> is not signed.",
            due_at=due,
            asked_at=moment("2022-10-03T12:00"),
            asked_by_id=town.noor.id,
        )
    )
    event = ApplicationReturned(application_id=town.application.id, completion_request_id=request.id, due_at=due)
    (message,) = town.told(event.topic, town.application.id, event.payload()).values()
    assert message["To"] == town.eva.email
    assert "The letter of <b>Vlierbeke</b> is not signed." in text_of(message)
    assert "Say <b>how</b> you reach them." in text_of(message)
    assert "&lt;b&gt;Vlierbeke" in message.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("verdict", "words"), [("recognised", "is recognised"), ("returned", "needs changes"), ("refused", "is refused")]
)
def test_a_judged_strategy_says_how_and_why(town, verdict, words):
    strategy = town.add(
        Strategy(
            partnership_id=town.partnership.id,
            origin=StrategyOrigin.REGISTERED,
            begun_at=moment("2022-06-02T12:00"),
            judgement="It covers the five topics.",
        )
    )
    told = town.told(f"strategy.{verdict}", strategy.id)
    assert set(told) == {town.eva.email, town.tom.email}
    assert told[town.tom.email]["Subject"] == f"The strategy of Digipunt Noord {words}"
    assert "It covers the five topics." in text_of(told[town.tom.email])


def test_an_invitation_goes_to_the_address_that_was_typed_with_a_link_of_its_own(town):
    invitation = town.add(
        PartnerInvitation(
            partnership_id=town.partnership.id,
            email="an.peeters@spoorwijk.example",
            organisation_name="Welzijn Spoorwijk",
            role=PartnerRole.CORE,
            nonce="a-nonce",
            sent_at=moment("2022-09-20T10:00:07"),
            sent_by_id=town.tom.id,
            expires_at=moment("2022-10-04T10:00:07"),
        )
    )
    told = town.told("invitation.sent", invitation.id)
    assert set(told) == {"an.peeters@spoorwijk.example"}
    words = text_of(told["an.peeters@spoorwijk.example"])
    assert "Tom Maes invites Welzijn Spoorwijk" in words, "a stranger is addressed in the inviter's language"
    (token,) = re.findall(r"http://localhost/invitations/(\S+)", words)
    assert get_invitation_by_token(token, town.app.extensions["portal.settings"].secret_key).id == invitation.id
