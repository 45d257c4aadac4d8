"""The daily digest: at 7.30 in Brussels, one a day, with everything that was gathered, once."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.core.db import db
from portal.core.event_log import EventRow
from portal.notifications.categories import Category, Choice
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.own.choosing import choose_mail
from portal.notifications.sending.digest import last_digest_day, make_digests, settle_digests
from portal.notifications.sending.relay import expand_event
from portal.notifications.sending.rendering import render_message
from tests.world.accounts import ctx_for
from tests.world.mail import text_of
from tests.world.time import moment

MORNING = "2022-06-21T07:30"  # the town's messages are made the day before, at 14.05


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2022-06-21T07:29:59", date(2022, 6, 20)),
        ("2022-06-21T07:30", date(2022, 6, 21)),
        ("2022-03-27T07:30", date(2022, 3, 27)),  # the night in which the clock skips an hour
        ("2022-10-30T07:29", date(2022, 10, 29)),  # and the one that has an hour twice
    ],
)
def test_the_digest_of_a_day_is_due_from_half_past_seven_in_brussels(at, day):
    assert last_digest_day(moment(at)) == day


@pytest.fixture
def gathering(town):
    """Eva gathers what can wait; two rounds' worth of news came in."""
    choose_mail(ctx_for(town.eva), town.eva, {Category.DEADLINES: Choice.DIGEST})
    for _ in range(2):
        town.told("round.opened", town.round.id)
    return town


def states_of(person):
    stmt = sa.select(Delivery.state).where(Delivery.person_id == person.id, Delivery.notification == "round-opened")
    return set(db.session.scalars(stmt))


def digests():
    return list(db.session.scalars(sa.select(EventRow).where(EventRow.topic == "person.digest-made")))


def test_one_digest_takes_all_along_and_they_are_sent_with_it(gathering):
    town = gathering
    for _ in range(2):
        make_digests(ctx_for(at=MORNING))
    (event,) = digests()
    assert event.natural_key == f"digest:{town.eva.id}:2022-06-21"
    expand_event(ctx_for(at=MORNING), event)
    (digest,) = db.session.query(Delivery).filter_by(notification="daily-digest")
    message = render_message(town.app, digest, event)
    assert message["Subject"] == "2 berichten in uw dagelijkse overzicht"
    words = text_of(message)
    assert words.count("Ronde A-2022-3 is open") == 2
    assert words.count("/notifications/") == 2
    assert settle_digests() == 0
    assert states_of(town.eva) == {DeliveryState.GATHERED}
    digest.state, digest.sent_at = DeliveryState.SENT, moment("2022-06-21T07:30:10")
    db.session.flush()
    assert settle_digests() == 2
    assert states_of(town.eva) == {DeliveryState.SENT}
    assert settle_digests() == 0


def test_nothing_is_made_before_half_past_seven_nor_where_nothing_was_gathered(gathering):
    assert make_digests(ctx_for(at="2022-06-21T07:29:59")) == 0
    choose_mail(ctx_for(gathering.eva), gathering.eva, {Category.DEADLINES: Choice.AT_ONCE})
    assert make_digests(ctx_for(at=MORNING)) == 0
    assert digests() == []


def test_after_days_without_a_scheduler_there_is_one_digest_and_the_next_day_none(gathering):
    make_digests(ctx_for(at="2022-06-25T11:00"))
    (event,) = digests()
    assert event.payload["day"] == "2022-06-25"
    make_digests(ctx_for(at="2022-06-26T07:30"))
    assert len(digests()) == 1


def test_what_comes_in_after_the_digest_of_a_day_waits_for_the_next(gathering):
    make_digests(ctx_for(at="2022-06-20T14:06"))
    assert digests() == [], "they came after the digest of that day"
    make_digests(ctx_for(at=MORNING))
    late = db.session.query(Delivery).filter_by(person_id=gathering.eva.id).first()
    late.digest_id = None  # as if the relay had written it a moment too late
    db.session.flush()
    assert make_digests(ctx_for(at="2022-06-21T08:00")) == 0
    make_digests(ctx_for(at="2022-06-22T07:30"))
    assert len(digests()) == 2
    db.session.refresh(late)
    assert late.digest_id == digests()[1].id


def test_who_wants_it_in_the_portal_alone_by_then_gets_no_digest_of_it(gathering):
    choose_mail(ctx_for(gathering.eva), gathering.eva, {Category.DEADLINES: Choice.PORTAL})
    assert make_digests(ctx_for(at=MORNING)) == 0
    db.session.expire_all()
    assert states_of(gathering.eva) == {DeliveryState.MUTED}


def test_what_a_digest_took_along_does_not_leave_by_itself_as_well(gathering):
    make_digests(ctx_for(at=MORNING))
    choose_mail(ctx_for(gathering.eva), gathering.eva, {Category.DEADLINES: Choice.AT_ONCE})
    assert states_of(gathering.eva) == {DeliveryState.GATHERED}
