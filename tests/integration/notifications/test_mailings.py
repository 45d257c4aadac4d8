"""An administrator writes to many: whom it reaches is shown before it leaves, and it reaches exactly these."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.accounts.models import Membership, Person
from portal.calls.models import Programme, Round
from portal.calls.queries import get_round
from portal.core.actor import Role
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.event_log import EventRow
from portal.core.foreseeing import foresee
from portal.notifications.mailings.commands import (
    MailingPlan,
    draft_mailing,
    edit_mailing,
    postpone_mailing,
    release_due,
    release_mailing,
    schedule_mailing,
)
from portal.notifications.mailings.queries import get_mailing
from portal.notifications.mailings.states import Audience, MailingState
from portal.notifications.models import Delivery
from portal.notifications.sending.relay import relay_batch
from portal.notifications.sending.rendering import render_message
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications_models import given_complete_draft, given_open_round
from tests.world.http import seen_on
from tests.world.time import moment

FAR = moment("2099-06-30T12:00")
DUTCH = {"subject_nl": "Infosessie", "body_nl": "Beste,\n\nKomt u ook?"}
ENGLISH = {"subject_en": "Information session", "body_en": "Hello,\n\nWill you come?"}


def given_drafts(**terms):
    """A round with the drafts of Eva and of Tom, who reads English; Noor has none."""
    round_ = given_open_round(**terms)
    eva, tom = given_person("Eva Claes"), given_person("Tom Maes", language="en")
    for lead in (eva, tom):
        given_complete_draft(given_organisation(lead, name=f"Gemeente van {lead.name}"), round_=round_)
    given_organisation(given_person("Noor Baert"), name="Buurthuis De Spil")
    return round_


def given_drafts_of_today():
    """The same in a round that is open on the machine's clock, which the application of the tests reads."""
    round_ = given_drafts(latest_end_on="2101-12-31")
    far = {"closes_at": FAR, "decision_due_on": date(2099, 10, 21), "projects_start_on": date(2099, 11, 1)}
    db.session.execute(sa.update(Round).where(Round.id == round_.id).values(**far))
    db.session.execute(sa.update(Programme).values(ends_on=date(2101, 12, 31)))
    db.session.commit()
    return round_


def given_mailing(round_, sofie, **facts):
    plan = MailingPlan(**{"audience": Audience.DRAFTS, "round": round_, "programme": None, **DUTCH, **facts})
    mailing = draft_mailing(ctx_for(sofie), plan)
    db.session.commit()
    return get_mailing(mailing.id, lock=True)


def given_sofie():
    return given_person("Sofie De Backer", roles=[Role.ADMINISTRATOR])


def told():
    relay_batch(ctx_for())
    stmt = sa.select(Delivery, Person.name).join(Person, Person.id == Delivery.person_id)
    rows = db.session.execute(stmt.where(Delivery.notification == "mailing").order_by(Delivery.id)).all()
    return {name: delivery for delivery, name in rows}


def text_of(app, delivery):
    message = render_message(app, delivery, db.session.get(EventRow, delivery.event_id))
    return message["Subject"], message.get_body(("plain",)).get_content()


def test_each_reads_it_in_their_language_where_it_was_written_in_it(app, inside):
    sofie = given_sofie()
    release_mailing(ctx_for(sofie), given_mailing(given_drafts(), sofie, **ENGLISH))
    found = told()
    assert set(found) == {"Eva Claes", "Tom Maes"}
    assert text_of(app, found["Eva Claes"])[0] == "Infosessie"
    assert text_of(app, found["Tom Maes"])[0] == "Information session"


def test_who_reads_english_is_told_that_it_exists_in_dutch_only(app, inside):
    sofie = given_sofie()
    release_mailing(ctx_for(sofie), given_mailing(given_drafts(), sofie))
    subject, text = text_of(app, told()["Tom Maes"])
    assert subject == "Infosessie"
    assert "This message exists in Dutch only." in text
    assert "Komt u ook?" in text


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"subject_en": "Session"}, ["english-half"]),
        ({"body_nl": ""}, ["body-missing"]),
        ({"round": None}, ["target-missing"]),
    ],
)
def test_a_mailing_needs_a_target_the_dutch_and_all_of_the_english_or_none(inside, facts, codes):
    with pytest.raises(RuleViolation) as refusal:
        given_mailing(given_open_round(), given_sofie(), **facts)
    assert refusal.value.codes == codes


def test_it_leaves_at_its_moment_once_and_can_be_taken_back_until_then(inside):
    sofie = given_sofie()
    mailing = given_mailing(given_drafts(), sofie)
    with pytest.raises(RuleViolation):
        schedule_mailing(ctx_for(sofie), mailing, moment("2022-06-20T14:00"))
    schedule_mailing(ctx_for(sofie), mailing, moment("2022-06-21T09:00"))
    with pytest.raises(IllegalTransition):
        edit_mailing(ctx_for(sofie), mailing, MailingPlan(Audience.DRAFTS, mailing.round, None, "x", "y"))
    postpone_mailing(ctx_for(sofie), mailing)
    schedule_mailing(ctx_for(sofie), mailing, moment("2022-06-21T09:00"))
    assert release_due(ctx_for(at="2022-06-21T08:59:59")) == 0
    assert release_due(ctx_for(at="2022-06-21T09:00")) == 1
    assert release_due(ctx_for(at="2022-06-21T09:01")) == 0
    assert mailing.state is MailingState.RELEASED


def test_what_is_foreseen_is_what_is_sent_and_nothing_of_it_stays(inside):
    sofie, round_ = given_sofie(), given_drafts()
    nobody = given_organisation(given_person("Jef Mertens"), name="Gemeente zonder iemand")
    given_complete_draft(nobody, round_=round_)
    db.session.execute(
        sa.update(Membership).where(Membership.organisation_id == nobody.id).values(ended_at=moment("2022-06-20T14:05"))
    )
    db.session.execute(sa.update(Person).where(Person.name == "Tom Maes").values(email_confirmed_at=None))
    mailing, before = given_mailing(round_, sofie), db.session.scalar(sa.select(sa.func.count(EventRow.id)))
    number = mailing.id
    foresight = foresee(lambda: release_mailing(ctx_for(sofie), mailing))
    (found,) = foresight.messages
    assert (found.count, found.example_to, found.subject) == (1, "Eva Claes", "Infosessie")
    left_out = {(each.name, str(each.why)) for each in found.left_out}
    assert ("Tom Maes", "did not confirm the e-mail address yet") in left_out
    assert ("Gemeente zonder iemand", "nobody may sign for this organisation") in left_out
    assert not foresight.is_done
    assert db.session.scalar(sa.select(sa.func.count(EventRow.id))) == before
    assert "has_news" not in db.session.info or db.session.info["has_news"], "as it was"
    assert get_mailing(number).state is MailingState.DRAFT

    later = get_round(round_.code)
    given_complete_draft(given_organisation(given_person("An Wouters"), name="Gemeente Later"), round_=later)
    again = get_mailing(number, lock=True)
    changed = foresee(lambda: release_mailing(ctx_for(sofie), again), seen=foresight.digest)
    assert not changed.is_done, "somebody came in between: look again"
    last = get_mailing(number, lock=True)
    assert foresee(lambda: release_mailing(ctx_for(sofie), last), seen=changed.digest).is_done
    db.session.commit()
    assert set(told()) == {"Eva Claes", "An Wouters"}
    assert get_mailing(number).state is MailingState.RELEASED


def test_an_administrator_writes_looks_and_sends(app, world, visitor):
    round_ = world(given_drafts)
    sofie = visitor.sign_in(world(given_sofie).email)
    assert sofie.post("/admin/mailings/new", {"audience": "drafts", **DUTCH}).status_code == 422
    made = sofie.post("/admin/mailings/new", {"audience": "drafts", "round": round_.code, **DUTCH})
    assert made.status_code == 302
    url = made.headers["Location"]
    assert "Er vertrekken 2 berichten." in sofie.get(url).text
    page = sofie.get(f"{url}/send").text
    assert "Deze mailing aan 2 personen versturen?" in page
    assert sofie.post(f"{url}/send").status_code == 200, "nobody looked: the page is shown again"
    sent = sofie.post(f"{url}/send", {"seen": seen_on(page)})
    assert sent.status_code == 302
    assert "/admin/messages/sendings/" in sent.headers["Location"]
    assert "Infosessie" in sofie.get(sent.headers["Location"]).text
    assert "Verzonden" in sofie.get("/admin/mailings").text
    with app.app_context():
        assert set(told()) == {"Eva Claes", "Tom Maes"}


def test_an_auditor_reads_mailings_and_writes_none(world, visitor):
    sofie, round_ = world(given_sofie), world(given_drafts)
    mailing = world(given_mailing, round_, sofie)
    amir = visitor.sign_in(world(given_person, "Amir Haddad", roles=[Role.AUDITOR]).email)
    assert amir.get(f"/admin/mailings/{mailing.id}").status_code == 200
    assert amir.get("/admin/mailings/new").status_code == 403
    assert amir.post(f"/admin/mailings/{mailing.id}/drop").status_code == 403


def test_moving_a_deadline_says_first_who_is_told_and_how(app, world, visitor):
    round_ = world(given_drafts_of_today)
    sofie = visitor.sign_in(world(given_sofie).email)
    url, asked = f"/admin/rounds/{round_.code}/move", {"closes_at": "2099-07-10T12:00", "reason": "Storing op 20 juni."}
    page = sofie.post(url, asked)
    assert page.status_code == 200
    assert "Er vertrekken 2 berichten." in page.text
    assert "Storing op 20 juni." in page.text.split("dp-prose")[1], "the example is the message that will leave"
    with app.app_context():
        assert get_round(round_.code).closes_at == FAR
        assert (
            db.session.scalar(
                sa.select(sa.func.count()).select_from(EventRow).where(EventRow.topic == "round.deadline-moved")
            )
            == 0
        )
    other = sofie.post(url, {**asked, "closes_at": "2099-07-17T12:00", "seen": seen_on(page.text)})
    assert other.status_code == 200, "what was typed changed: look again"
    assert sofie.post(url, {**asked, "seen": seen_on(page.text)}).status_code == 302
    with app.app_context():
        assert get_round(round_.code).closes_at == moment("2099-07-10T12:00")


def test_cancelling_a_round_tells_those_with_an_application_in_it(app, world, visitor):
    round_ = world(given_drafts_of_today)
    sofie = visitor.sign_in(world(given_sofie).email)
    url, asked = f"/admin/rounds/{round_.code}/cancel", {"reason": "Het budget is elders nodig."}
    page = sofie.post(url, asked).text
    assert sofie.post(url, {**asked, "seen": seen_on(page)}).status_code == 302
    with app.app_context():
        relay_batch(ctx_for())
        found = db.session.scalars(sa.select(Delivery).where(Delivery.notification == "round-cancelled")).all()
        assert len(found) == 2
        subject, text = text_of(app, found[0])
        assert round_.code in subject
        assert "Het budget is elders nodig." in text
