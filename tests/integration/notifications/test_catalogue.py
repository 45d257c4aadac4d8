"""Who is told of what, and in which words: every notification of rounds, applications and strategies, rendered."""

import re
from datetime import date
from decimal import Decimal

import pytest

from portal.applications.events import ApplicationReturned, ApplicationSubmitted, DeadlineNear
from portal.applications.models import Application, CompletionRequest
from portal.calls.catalogue import load_programmes
from portal.calls.models import Call, Programme, Round, RoundMove
from portal.calls.states import RankingPolicy
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.notifications.models import Delivery
from portal.notifications.relay import expand_event
from portal.notifications.rendering import render_message
from portal.partnerships.models import Partner, PartnerInvitation, Partnership, Strategy
from portal.partnerships.queries import get_invitation_by_token
from portal.partnerships.states import PartnerRole, StrategyOrigin
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.time import moment

CLOSES = moment("2022-09-30T12:00")


class Town:
    """A partnership of two organisations with a draft in a round; a third organisation stands beside it."""

    def __init__(self):
        self.eva = given_person("Eva Claes")
        self.tom = given_person("Tom Maes", language="en")
        self.noor = given_person("Noor Baert")
        promotor = given_organisation(self.eva)
        partner = given_organisation(self.tom, name="OCMW Vlierbeke")
        given_organisation(self.noor, name="Buurthuis De Spil")
        call = self._call()
        self.round = self._add(
            Round(
                call_id=call.id,
                code="A-2022-3",
                year=2022,
                number=3,
                opens_at=moment("2022-09-05T12:00"),
                closes_at=CLOSES,
                decision_due_on=date(2022, 11, 15),
                projects_start_on=date(2022, 12, 1),
                budget_amount=Decimal(500_000),
                ranking_policy=RankingPolicy.STRICT,
                drafted_at=moment("2022-06-01T12:00"),
            )
        )
        self.partnership = self._add(
            Partnership(programme_id=call.programme_id, name="Digipunt Noord", begun_at=moment("2022-06-01T12:00"))
        )
        for organisation, role in ((promotor, PartnerRole.PROMOTOR), (partner, PartnerRole.CORE)):
            self._add(
                Partner(
                    partnership_id=self.partnership.id,
                    organisation_id=organisation.id,
                    role=role,
                    started_on=date(2022, 6, 1),
                )
            )
        self.application = self._add(
            Application(
                round_id=self.round.id,
                partnership_id=self.partnership.id,
                promotor_id=promotor.id,
                number=17,
                reference="DB-A-2022-3-0017",
                begun_at=moment("2022-09-06T12:00"),
            )
        )

    def _call(self):
        known = next(each for each in load_programmes() if each.definition.code == "digibanken")
        definition = known.definition
        programme = self._add(
            Programme(
                code=definition.code,
                prefix=definition.prefix,
                budget_amount=Decimal(18_700_000),
                starts_on=date(2021, 1, 1),
                ends_on=date(2024, 12, 31),
                definition={},
            )
        )
        formation = next(each.definition for each in known.calls if each.definition.code == "formation")
        return self._add(
            Call(programme_id=programme.id, code=formation.code, letter="A", definition=formation.to_json())
        )

    def _add(self, row):
        db.session.add(row)
        db.session.flush()
        return row

    def told(self, topic, subject_id, payload=None, actor=None):
        """Expand one event; return each recipient's address with the message rendered for them."""
        event = self._add(
            EventRow(
                topic=topic,
                occurred_at=moment("2022-09-20T10:00:07"),
                actor_id=actor.id if actor else None,
                actor_kind="person" if actor else "test",
                subject=topic.split(".")[0],
                subject_id=subject_id,
                payload=payload or {},
                request_id="",
            )
        )
        expand_event(ctx_for(), event)
        deliveries = db.session.query(Delivery).filter_by(event_id=event.id).order_by(Delivery.person_id)
        return {each.address: render_message(self.app, each, event) for each in deliveries}


@pytest.fixture
def town(app, savepoint):
    with app.app_context():
        made = Town()
        made.app = app
        yield made


def text_of(message):
    return message.get_body(("plain",)).get_content()


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


def test_only_those_with_a_draft_are_told_that_the_deadline_is_near(town):
    event = DeadlineNear(application_id=town.application.id, days=7, closes_at=CLOSES)
    told = town.told(event.topic, town.application.id, event.payload())
    assert set(told) == {town.eva.email, town.tom.email}
    assert told[town.tom.email]["Subject"] == "Not submitted yet: round A-2022-3 closes on 30 September 2022 at 12:00"


def test_a_moved_deadline_tells_both_moments_and_the_reason(town):
    new = moment("2022-10-07T12:00")
    at = moment("2022-09-20T10:00:07")
    values = {"round_id": town.round.id, "old_closes_at": CLOSES, "new_closes_at": new}
    town._add(RoundMove(**values, moved_at=at, moved_by_id=town.noor.id, reason="The portal was down for a day."))
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
    request = town._add(
        CompletionRequest(
            application_id=town.application.id,
            rules=["OV-07"],
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
    assert "&lt;b&gt;Vlierbeke" in message.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("verdict", "words"), [("recognised", "is recognised"), ("returned", "needs changes"), ("refused", "is refused")]
)
def test_a_judged_strategy_says_how_and_why(town, verdict, words):
    strategy = town._add(
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
    invitation = town._add(
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
