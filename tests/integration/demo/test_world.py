"""The world that ``flask init`` loads: who is in it, and what they may do."""

import sqlalchemy as sa

from portal.accounts.models import Claim, Organisation, Person
from portal.accounts.queries import actor_of, find_organisation, find_person_by_email
from portal.core.actor import Right
from portal.core.db import db
from portal.demo import cast
from portal.demo.clock import START
from portal.demo.world import load_world
from portal.notifications.models import Delivery, DeliveryState


def _count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_everybody_is_there_once_however_often_it_is_loaded(demo):
    with demo.app_context():
        load_world()
        assert _count(Person) >= 120
        assert _count(Organisation) >= 150
        assert _count(Claim) == _count(Organisation)
        db.session.rollback()


def test_the_cast_holds_the_rights_that_the_bar_says(demo):
    with demo.app_context():
        noordheide = find_organisation(cast.organisation("noordheide").enterprise_number)
        rights = {
            key: actor_of(find_person_by_email(cast.person(key).email)).mandate_in(noordheide.id).right
            for key in ("eva", "lotte", "nadia")
        }
        assert rights == {"eva": Right.LEAD, "lotte": Right.STAFF, "nadia": Right.READER}
        assert find_organisation(cast.organisation("het-anker").enterprise_number).confirmed_at is None
        assert noordheide.confirmed_at is not None
        for each in cast.PEOPLE:
            assert actor_of(find_person_by_email(each.email)).roles == frozenset(each.roles)


def test_mails_of_the_past_were_delivered_at_their_time(demo):
    with demo.app_context():
        states = set(db.session.execute(sa.select(Delivery.state, Delivery.sent_at < START).distinct()).all())
        assert states == {(DeliveryState.SENT, True)}


def test_one_press_signs_in_as_one_of_the_cast(demo, visitor):
    assert b"dp-who" not in visitor.get("/demo/mailbox").data
    assert visitor.post("/demo/sign-in-as", data={"person": "karim"}).status_code == 302
    assert "<b>Karim Aznag</b>\n" in visitor.get("/demo/mailbox").text.split('class="dp-who"')[1][:80]
    visitor.post("/demo/sign-in-as", data={"person": "mieke"})
    assert "<b>Mieke Hendrickx</b>\n" in visitor.get("/demo/mailbox").text.split('class="dp-who"')[1][:80]


def test_nobody_outside_the_cast_is_signed_in_as(visitor):
    assert visitor.post("/demo/sign-in-as", data={"person": "astrid-raes"}).status_code == 404
    assert visitor.post("/demo/sign-in-as", data={}).status_code == 404


def test_outside_the_demo_nobody_signs_in_as_another(app):
    app.test_client().get("/")
    assert "demo.sign_in_as" not in app.view_functions
    assert app.test_client().post("/demo/sign-in-as", data={"person": "karim"}).status_code in (400, 404)
