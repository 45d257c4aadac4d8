"""What one action told many can be followed, and what has not left can be held back."""

import pytest
import sqlalchemy as sa

from portal.calls.commands.rounds import move_deadline
from portal.calls.models import Round
from portal.calls.queries import get_round
from portal.core.actor import Role
from portal.core.db import db
from portal.core.errors import RuleViolation
from portal.core.event_log import EventRow
from portal.notifications.fan_outs import expected_end, get_fan_out, page_fan_outs
from portal.notifications.holding_back import hold_back
from portal.notifications.models import Delivery, DeliveryState, Stop
from portal.notifications.sending.relay import relay_batch
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications_models import given_complete_draft, given_open_round
from tests.world.decisions import given_published, given_ranked_application, given_reviewed_round
from tests.world.time import moment

WHY = "De nieuwe datum is fout."


def given_moved_deadline(leads=3):
    """A round with the drafts of ``leads`` partnerships, whose deadline moved; returns the event that tells of it."""
    round_ = given_open_round()
    for number in range(leads):
        given_complete_draft(
            given_organisation(given_person(f"Lead {number} Smet"), name=f"Gemeente {number}"), round_=round_
        )
    sofie = given_person("Sofie De Backer", roles=[Role.ADMINISTRATOR])
    closes_at = moment("2022-08-05T12:00")
    move_deadline(ctx_for(sofie), get_round(round_.code, lock=True), closes_at=closes_at, reason="Storing.")
    db.session.commit()
    return db.session.scalars(sa.select(EventRow).where(EventRow.topic == "round.deadline-moved")).one()


def given_line_published():
    """A round whose results an administrator published."""
    round_ = given_reviewed_round()
    for total in (80, 60):
        given_ranked_application(round_, total)
    given_published(round_)


def send(number):
    """Let the first ``number`` messages have left a minute ago, one each second."""
    waiting = sa.select(Delivery).where(Delivery.notification == "deadline-moved").order_by(Delivery.id).limit(number)
    for second, each in enumerate(db.session.scalars(waiting)):
        each.state, each.sent_at = DeliveryState.SENT, moment(f"2022-06-20T14:05:{second:02d}")
    db.session.commit()


def code_of(anchor):
    return db.session.scalar(sa.select(Round.code).where(Round.id == anchor.subject_id))


def states():
    rows = db.session.scalars(sa.select(Delivery.state).where(Delivery.notification == "deadline-moved"))
    return sorted(str(each) for each in rows)


def test_it_is_known_how_many_left_and_when_the_last_one_will(inside):
    anchor = given_moved_deadline(9)
    assert (get_fan_out(anchor).total, get_fan_out(anchor).unmade) == (0, 1)
    relay_batch(ctx_for())
    send(6)
    found = get_fan_out(anchor)
    assert (found.counts, found.name) == ({DeliveryState.SENT: 6, DeliveryState.WAITING: 3}, code_of(anchor))
    assert expected_end(found, moment("2022-06-20T14:06")) == moment("2022-06-20T14:06:30"), "ten seconds each"
    assert expected_end(found, moment("2022-06-21T14:06")) is None, "nothing left lately: nobody knows"


def test_what_has_not_left_is_held_back_with_its_reason_and_what_left_stays_sent(inside):
    anchor = given_moved_deadline(3)
    relay_batch(ctx_for())
    send(1)
    sofie = given_person("Sofie De Backer", roles=[Role.ADMINISTRATOR])
    with pytest.raises(RuleViolation) as refusal:
        hold_back(ctx_for(sofie), anchor, "  ")
    assert refusal.value.codes == ["reason-missing"], "the term of an application hangs on it"
    done = hold_back(ctx_for(sofie), anchor, WHY)
    db.session.commit()
    assert (done.count, done.leaving) == (2, 0)
    assert states() == ["cancelled", "cancelled", "sent"]
    assert db.session.scalars(sa.select(Stop.reason)).all() == [WHY]
    told = db.session.scalars(sa.select(EventRow).where(EventRow.topic == "stop.ordered")).one()
    assert (told.payload["count"], told.payload["event_id"]) == (2, anchor.id)
    with pytest.raises(RuleViolation):
        hold_back(ctx_for(sofie), anchor, WHY)


def test_who_was_not_told_stands_in_the_log_even_where_no_message_was_made_yet(inside):
    anchor = given_moved_deadline(2)
    sofie = given_person("Sofie De Backer", roles=[Role.ADMINISTRATOR])
    assert hold_back(ctx_for(sofie), anchor, WHY).count == 2
    relay_batch(ctx_for())
    assert states() == ["cancelled", "cancelled"], "the relay finds nothing left to tell"


def test_a_publication_counts_the_messages_of_every_decision_it_made_known(inside):
    given_line_published()
    relay_batch(ctx_for())
    (found,) = [each for each in page_fan_outs(None).rows if each.event.topic == "round.results-published"]
    waiting = db.session.scalar(sa.select(sa.func.count()).where(Delivery.notification == "decision-published"))
    assert found.counts == {DeliveryState.WAITING: waiting}
    assert waiting > 0


def test_the_list_takes_as_many_statements_for_three_actions_as_for_one(inside, count_statements):
    anchor = given_moved_deadline(1)
    with count_statements() as once:
        page_fan_outs(None)
    for _ in range(2):
        given = {each.name: getattr(anchor, each.name) for each in EventRow.__table__.columns if each.name != "id"}
        db.session.add(EventRow(**given | {"natural_key": None}))
    db.session.commit()
    with count_statements() as sent:
        assert len(page_fan_outs(None).rows) == 3
    assert len(sent) == len(once) == 3


def test_pages_say_how_far_it_is_and_ask_before_holding_back(app, world, visitor):
    anchor = world(given_moved_deadline, 2)
    world(lambda: relay_batch(ctx_for()))
    sofie = visitor.sign_in(world(given_person, "Karel Maes", roles=[Role.ADMINISTRATOR]).email)
    assert world(code_of, anchor) in sofie.get("/admin/messages/sendings").text
    url = f"/admin/messages/sendings/{anchor.id}"
    assert "data-waiting" in sofie.get(url).text
    assert sofie.get(f"/admin/messages?sending={anchor.id}&state=waiting").text.count("Lead ") == 2
    assert sofie.post(f"{url}/hold-back", {"reason": ""}).status_code == 422
    assert sofie.post(f"{url}/hold-back", {"reason": WHY}).status_code == 302
    with app.app_context():
        assert states() == ["cancelled", "cancelled"]
    assert "data-waiting" not in sofie.get(url).text


def test_only_what_told_many_has_such_a_page(world, visitor):
    amir = visitor.sign_in(world(given_person, "Amir Haddad", roles=[Role.AUDITOR]).email)
    anchor = world(given_moved_deadline, 1)
    assert amir.get(f"/admin/messages/sendings/{anchor.id}").status_code == 200
    assert amir.post(f"/admin/messages/sendings/{anchor.id}/hold-back", {"reason": WHY}).status_code == 403
    registered = world(
        lambda: db.session.scalar(sa.select(EventRow.id).where(EventRow.topic == "person.registered").limit(1))
    )
    assert amir.get(f"/admin/messages/sendings/{registered}").status_code == 404
