"""What a person chose decides whether a message is sent, gathered for the digest, or read in the portal alone."""

import pytest

from portal.applications.events import ApplicationSubmitted, DeadlineNear
from portal.core.clock import machine_now
from portal.core.db import db
from portal.notifications.categories import Category, Choice
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.own.choosing import choose_mail, subscribe_again, unsubscribe
from portal.notifications.own.queries import list_choices
from tests.integration.notifications.conftest import CLOSES
from tests.world.accounts import ctx_for
from tests.world.mail import text_of


def choose(person, category, choice):
    choose_mail(ctx_for(person), person, {category: choice})


def opened(town):
    """The round opens: every lead is told, and it can wait for a digest."""
    town.told("round.opened", town.round.id)
    return {each.person_id: each for each in db.session.query(Delivery).filter_by(notification="round-opened")}


@pytest.mark.parametrize(
    ("choice", "state"),
    [
        (Choice.AT_ONCE, DeliveryState.WAITING),
        (Choice.DIGEST, DeliveryState.GATHERED),
        (Choice.PORTAL, DeliveryState.MUTED),
    ],
)
def test_an_opened_round_reaches_each_as_they_chose(town, choice, state):
    choose(town.eva, Category.DEADLINES, choice)
    told = opened(town)
    assert told[town.eva.id].state is state
    assert told[town.tom.id].state is DeliveryState.WAITING, "who chose nothing is mailed at once"


def test_what_is_not_sent_has_its_subject_at_once_in_its_readers_language(town):
    choose(town.tom, Category.DEADLINES, Choice.PORTAL)
    told = opened(town)
    assert told[town.tom.id].subject == "Round A-2022-3 is open"
    assert told[town.eva.id].subject == "", "what is sent gets it when it is written"


def test_a_reminder_of_the_last_day_does_not_wait_for_a_digest_but_can_be_kept_to_the_portal(town):
    choose(town.eva, Category.DEADLINES, Choice.DIGEST)
    choose(town.tom, Category.DEADLINES, Choice.PORTAL)
    event = DeadlineNear(application_id=town.application.id, days=1, closes_at=CLOSES)
    town.told(event.topic, town.application.id, event.payload())
    states = {each.person_id: each.state for each in db.session.query(Delivery)}
    assert states == {town.eva.id: DeliveryState.WAITING, town.tom.id: DeliveryState.MUTED}


def test_what_the_law_asks_for_is_mailed_whatever_somebody_asks(town):
    choose(town.eva, Category.APPLICATIONS, Choice.PORTAL)
    assert list_choices(town.eva.id) == []
    event = ApplicationSubmitted(
        application_id=town.application.id, round_id=town.round.id, snapshot_sha256="ab" * 32, requested_amount=None
    )
    message = town.told(event.topic, town.application.id, event.payload())[town.eva.email]
    assert {each.state for each in db.session.query(Delivery)} == {DeliveryState.WAITING}
    assert message["List-Unsubscribe"] is None
    assert "/unsubscribe/" not in text_of(message)


def test_what_was_gathered_leaves_at_once_when_its_reader_wants_no_digest_any_more(town):
    choose(town.eva, Category.DEADLINES, Choice.DIGEST)
    gathered = opened(town)[town.eva.id]
    choose(town.eva, Category.DEADLINES, Choice.AT_ONCE)
    db.session.refresh(gathered)
    assert gathered.state is DeliveryState.WAITING
    assert gathered.next_attempt_at <= machine_now()


def test_stopping_by_a_link_holds_what_waits_and_the_same_link_puts_the_choice_back(town):
    choose(town.eva, Category.DEADLINES, Choice.DIGEST)
    for _ in range(2):
        unsubscribe(ctx_for(), town.eva.id, Category.DEADLINES)
    (row,) = list_choices(town.eva.id)
    assert (row.choice, row.before) == (Choice.PORTAL, Choice.DIGEST)
    assert opened(town)[town.eva.id].state is DeliveryState.MUTED
    subscribe_again(ctx_for(), town.eva.id, Category.DEADLINES)
    assert (row.choice, row.before) == (Choice.DIGEST, None)


def test_a_message_that_waits_to_be_sent_is_held_by_the_link_too(town):
    waiting = opened(town)[town.eva.id]
    unsubscribe(ctx_for(), town.eva.id, Category.DEADLINES)
    db.session.refresh(waiting)
    assert waiting.state is DeliveryState.MUTED


def test_stopping_the_digest_stops_all_that_it_gathers_and_nothing_else(town):
    choose(town.eva, Category.COLLABORATION, Choice.DIGEST)
    choose(town.eva, Category.DEADLINES, Choice.DIGEST)
    choose(town.eva, Category.MAILINGS, Choice.AT_ONCE)
    unsubscribe(ctx_for(), town.eva.id, Category.DIGEST)
    chosen = {each.category: each.choice for each in list_choices(town.eva.id)}
    assert chosen == {Category.COLLABORATION: Choice.PORTAL, Category.DEADLINES: Choice.PORTAL}
    subscribe_again(ctx_for(), town.eva.id, Category.DIGEST)
    assert {each.choice for each in list_choices(town.eva.id)} == {Choice.DIGEST}
