"""The world that ``flask init`` loads: who is in it, and what they may do."""

import sqlalchemy as sa

from portal.accounts.models import Claim, Organisation, Person
from portal.accounts.queries import actor_of, find_organisation, find_person_by_email
from portal.calls.commands.rounds import tell_round_moments
from portal.calls.queries import list_rounds
from portal.calls.rules import phase
from portal.calls.states import Phase
from portal.core.actor import Right, system_actor
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.demo import cast
from portal.demo.clock import START
from portal.demo.world import load_world
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.sending.reach import clear_reached
from portal.partnerships.models import Partnership, Strategy
from portal.partnerships.queries import get_partnership, list_service_area, present_strategy
from portal.partnerships.states import PartnerRole, StrategyState
from tests.world.accounts import ctx_for


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


def test_ten_rounds_are_announced_and_stand_where_the_date_says(demo):
    with demo.app_context():
        phases = {each.code: phase(each, START) for each in list_rounds()}
        assert phases == {
            **dict.fromkeys(("A-2021-1", "B-2021-1", "A-2022-1", "B-2022-1"), Phase.RESULTS),
            "B-2022-2": Phase.IN_REVIEW,
            **dict.fromkeys(("A-2022-2", "B-2022-3"), Phase.OPEN),
            **dict.fromkeys(("B-2022-4", "B-2022-5", "A-2024-1"), Phase.COMING),
        }


def test_openings_and_closings_of_the_past_were_told_once(demo):
    with demo.app_context():
        told = sa.select(EventRow.topic, sa.func.count()).group_by(EventRow.topic)
        counts = dict(db.session.execute(told.where(EventRow.topic.in_(("round.opened", "round.closed")))).all())
        assert counts == {"round.opened": 7, "round.closed": 5}
        assert tell_round_moments(Ctx(START, system_actor("test"))) == 0


def test_the_partnerships_stand_with_their_partners_area_and_strategies(demo):
    with demo.app_context():
        found = sa.select(Partnership).where(Partnership.name == "Digibank Noordheide")
        noordheide = get_partnership(db.session.scalars(found).one().id)
        names = {partner.organisation.name: partner.role for partner in noordheide.partners}
        assert names["Streekvereniging Noordheide"] == PartnerRole.PROMOTOR
        assert names["Bibliotheeknetwerk De Vennen"] == PartnerRole.NETWORK
        assert list_service_area(noordheide.id) == ["13001", "13002", "13014", "13023", "13035", "13037"]
        assert present_strategy(noordheide.id).state == StrategyState.RECOGNISED
        assert _count(Partnership) == 44
        states = dict(db.session.execute(sa.select(Strategy.state, sa.func.count()).group_by(Strategy.state)).all())
        assert states == {"recognised": 30, "submitted": 2, "returned": 1, "being_formed": 7}


def test_the_bar_leads_to_the_moments_of_real_rounds(demo, visitor):
    page = visitor.get("/demo/mailbox").text
    assert 'value="2022-07-29T09:00:00+00:00"' in page
    assert "een uur voor A-2022-2, B-2022-3 sluit" in page


def test_mails_of_the_past_were_delivered_at_their_time_but_one_that_the_mail_server_refused(demo):
    with demo.app_context():
        states = set(db.session.execute(sa.select(Delivery.state, Delivery.sent_at < START).distinct()).all())
        assert states == {(DeliveryState.SENT, True), (DeliveryState.PARKED, None)}
        parked = db.session.scalars(sa.select(Delivery).where(Delivery.state == DeliveryState.PARKED)).one()
        assert parked.notification == "mailing"
        unreachable = sa.select(Person.email).where(Person.unreachable_since.is_not(None))
        assert db.session.scalars(unreachable).all() == [parked.address]
        clear_reached(ctx_for())
        assert db.session.scalars(unreachable).all() == [parked.address], "nothing reached them since"
        db.session.rollback()


def test_one_press_signs_in_as_one_of_the_cast(demo, visitor):
    assert b"dp-who" not in visitor.get("/demo/mailbox").data
    assert visitor.post("/demo/sign-in-as", data={"person": "karim"}).status_code == 302
    assert "<b>Karim Aznag</b>" in visitor.get("/demo/mailbox").text.split('class="dp-who"')[1][:80]
    visitor.post("/demo/sign-in-as", data={"person": "mieke"})
    assert "<b>Mieke Hendrickx</b>" in visitor.get("/demo/mailbox").text.split('class="dp-who"')[1][:80]


def test_nobody_outside_the_cast_is_signed_in_as(visitor):
    assert visitor.post("/demo/sign-in-as", data={"person": "astrid-raes"}).status_code == 404
    assert visitor.post("/demo/sign-in-as", data={}).status_code == 404


def test_outside_the_demo_nobody_signs_in_as_another(app):
    app.test_client().get("/")
    assert "demo.sign_in_as" not in app.view_functions
    assert app.test_client().post("/demo/sign-in-as", data={"person": "karim"}).status_code in (400, 404)
