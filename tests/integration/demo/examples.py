"""Real things of the demo's world for the variables of addresses, found by what they are and not by their number."""

from datetime import date, timedelta

import flask
import sqlalchemy as sa

from portal.accounts.commands.people import create_person
from portal.accounts.commands.signing_in import begin_session
from portal.accounts.models import Claim, Membership, Organisation, Person
from portal.accounts.queries import actor_of, list_leads
from portal.accounts.signed_in import keep_signed_in
from portal.accounts.states import ClaimState
from portal.accounts.tokens import Purpose, link_token
from portal.applications.change_models import ChangeRequest
from portal.applications.commands.unsent import keep_unsent_text
from portal.applications.models import Application, Attachment, BudgetLine
from portal.applications.states import Outcome, State
from portal.calls.commands.rounds import draft_round
from portal.calls.models import Reminder, Round
from portal.calls.queries import get_call
from portal.core.actor import ANONYMOUS
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import EventRow, OutboxRow
from portal.core.periodic import PeriodicTask, sync_tasks
from portal.decisions.letter_models import Letter
from portal.decisions.models import Decision, ReviewRequest
from portal.decisions.states import DecisionState, LetterState, RequestState
from portal.notifications.mailings.models import Mailing
from portal.notifications.mailings.states import MailingState
from portal.notifications.models import Delivery, DeliveryState
from portal.partnerships.commands import invite_partner
from portal.partnerships.models import Partner, Partnership, Strategy
from portal.partnerships.states import PartnerRole, StrategyState
from portal.reviewing.assignment_models import AssignmentPair
from portal.reviewing.models import Advice, Assessment, Conflict, Review
from portal.reviewing.states import ReviewState
from tests.world.calls import round_plan
from workers.schedule import SCHEDULE

MESSAGE = (
    b"Subject: Welkom\nFrom: noreply@x.example\nTo: eva@y.example\nDate: Mon, 20 Jun 2022 14:05:00 +0200\n\nDag Eva.\n"
)


def newest(column, *where):
    """The newest that is so; a world that has none fails here, and not as a page that is missing."""
    return db.session.scalars(sa.select(column).where(*where).order_by(column.desc()).limit(1)).one()


def named(name):
    return db.session.scalars(sa.select(Person).where(Person.name == name)).one()


def given_situations(app):
    """What the starting world has none of: a round in the making, open links, a parked message, a text kept."""
    now, eva = app.extensions["portal.clock"].now(), named("Eva Claes")
    as_eva, as_sofie = (Ctx(now, actor_of(each)) for each in (eva, named("Sofie De Backer")))
    ours = db.session.scalars(sa.select(Partnership).where(Partnership.name == "Digibank Noordheide")).one()
    plan = round_plan(
        "2022-11-02T09:00", "2022-11-25T12:00", decision_due_on=date(2022, 12, 16), projects_start_on=date(2023, 1, 1)
    )
    drafted = draft_round(as_sofie, get_call("digibanken", "execution"), plan)
    asked = {"email": named("Ruben Geerinck").email, "organisation_name": "Buurthuis", "note": "Doet u mee?"}
    invitation = invite_partner(as_eva, ours, role=PartnerRole.NETWORK, **asked)
    newcomer = create_person(as_eva, email="an.nieuw@buitenstaander.example", name="An Nieuw")
    outbox = OutboxRow.__table__
    parked = {"parked_at": now, "is_open": True, "attempts": 9, "last_error": "SMTPDataError: 451 Greylisted"}
    event = newest(OutboxRow.event_id)
    db.session.execute(outbox.update().where(outbox.c.event_id == event).values(parked))
    sync_tasks(SCHEDULE)  # a worker does so when it starts
    db.session.commit()
    draft = draft_of("Digibank Noordheide")
    keep_unsent_text(as_eva, draft.id, "B4", {"lending_service": "Wij lenen toestellen uit per drie maanden."})
    (app.extensions["portal.settings"].mail_store / "000000001.eml").write_bytes(MESSAGE)

    def token(purpose, row):
        return link_token(app.extensions["portal.settings"].secret_key, purpose, row.id, row.nonce, now=machine_now())

    return {
        "drafted round": {"code": drafted.code},
        "link to confirm": {"token": token(Purpose.CONFIRM_EMAIL, newcomer)},
        "link to reset": {"token": token(Purpose.RESET_PASSWORD, eva)},
        "link to join": {"token": token(Purpose.PARTNER_INVITATION, invitation)},
        "link to unsubscribe": {
            "category": "deadlines",
            "token": link_token(app.extensions["portal.settings"].secret_key, Purpose.UNSUBSCRIBE, eva.id, "deadlines"),
        },
        "message": {"number": 1},
        "periodic work": {"number": newest(PeriodicTask.id)},
        "parked event": {"number": event},
        "sent message": {"number": newest(Delivery.id, Delivery.state == DeliveryState.SENT)},
        "parked message": {"number": newest(Delivery.id, Delivery.state == DeliveryState.PARKED)},
        "mailing draft": {"number": newest(Mailing.id, Mailing.state == MailingState.DRAFT)},
        "mailing sent": {"number": newest(Mailing.id, Mailing.state == MailingState.RELEASED)},
        "publication": {"number": newest(EventRow.id, EventRow.topic == "round.results-published")},
        "gone": {"token": "no-such-token"},
    }


def draft_of(partnership):
    return db.session.scalars(
        sa.select(Application)
        .join(Partnership, Partnership.id == Application.partnership_id)
        .where(Partnership.name == partnership, Application.state == State.DRAFT)
    ).one()


def examples(app):
    """The values of addresses, by the name that the table of pages gives them."""
    draft, joris = draft_of("Digibank Noordheide"), named("Joris Wuyts").id
    promotor = draft.promotor_id
    review = {
        state: {"review_id": newest(Review.id, Review.reviewer_id == joris, Review.state == state)}
        for state in (ReviewState.INVITED, ReviewState.DRAFTING, ReviewState.SUBMITTED)
    }
    in_review = newest(Round.id, Round.code == "B-2022-2")
    waiting = newest(Assessment.application_id, Assessment.needs_consensus, Assessment.round_id == in_review)
    scored = newest(Review.application_id, Review.round_id == in_review, Review.state == ReviewState.SUBMITTED)
    member = newest(Membership.id, Membership.organisation_id == promotor, Membership.ended_at.is_(None))
    found = {
        "draft": {"ref": draft.reference},
        "line": {"number": newest(BudgetLine.id, BudgetLine.application_id == draft.id)},
        "attachment": {"number": newest(Attachment.id, Attachment.application_id == draft.id)},
        "promotor": {"organisation_id": promotor},
        "core partner": {"organisation_id": newest(Organisation.id, Organisation.name == "Welzijnshuis De Brem vzw")},
        "organisation": {"number": newest(Organisation.enterprise_number, Organisation.id == promotor)},
        "member": {"member": member},
        "claimed": {"number": newest(Organisation.enterprise_number, Organisation.name == "Buurtwerk Het Anker vzw")},
        "claim": {"number": newest(Claim.id, Claim.state == ClaimState.CLAIMED)},
        "person": {"number": named("Eva Claes").id},
        "partnership": {"number": draft.partnership_id},
        "partner": {"partner": newest(Partner.id, Partner.partnership_id == draft.partnership_id)},
        "strategy": {"number": newest(Strategy.id, Strategy.partnership_id == draft.partnership_id)},
        "submitted strategy": {"number": newest(Strategy.id, Strategy.state == StrategyState.SUBMITTED)},
        "reviewer": {"person_id": joris},
        "invited": review[ReviewState.INVITED],
        "writing": review[ReviewState.DRAFTING],
        "handed in": review[ReviewState.SUBMITTED],
        "discussed": {"review_id": newest(Review.id, Review.reviewer_id == joris, Review.application_id == waiting)},
        "in review": {"ref": newest(Application.reference, Application.id == scored)},
        "for consensus": {"ref": newest(Application.reference, Application.id == waiting)},
        "returned": {"ref": newest(Application.reference, Application.state == State.RETURNED)},
        "inadmissible": {"ref": newest(Application.reference, Application.state == State.INADMISSIBLE)},
        "awarded": {"ref": newest(
            Application.reference, Application.partnership_id == draft.partnership_id, Application.outcome.is_not(None)
        )},
        "reserve": {"ref": newest(Application.reference, Application.outcome == Outcome.RESERVE)},
        "following": {"number": newest(Decision.id, Decision.state == DecisionState.ACCEPTED)},
        "to judge": {"ref": newest(
            Application.reference, Application.state == State.SUBMITTED, Application.reference.like("DB-B-2022-3-%")
        )},
        "B4": {"code": "B4"},
        "dnsh": {"kind": "dnsh_analysis"},
        "OV-07": {"rule": "OV-07"},
        "reminder": {"number": newest(Reminder.id)},
        "no scanner": {"name": "no_scanner"},
        "execution": {"programme": "digibanken", "code": "execution"},
        "open round": {"code": "B-2022-3"},
        "round to come": {"code": "B-2022-4"},
        "round in review": {"code": "B-2022-2"},
        "proposed pair": {"code": "B-2022-2", "pair_id": newest(AssignmentPair.id)},
        "published round": {"code": "B-2022-1"},
        "message text": {"scope": "digibanken", "name": "deadline-near", "language": "nl"},
        "letter": {"programme": "digibanken", "kind": "reserve"},
        "letter waiting": _letter_waiting(),
    }  # fmt: skip
    return found | given_situations(app) | _of_others() | _in_doubt(in_review)


def _in_doubt(in_review):
    """What waits for a judgement in the round in review, and what an administrator may waive."""
    waits = db.session.scalars(
        sa.select(Advice).where(~sa.exists().where(Conflict.person_id == Advice.person_id))
    ).one()
    reference = newest(
        Application.reference, Application.round_id == in_review, Application.partnership_id == waits.partnership_id
    )
    return {
        "doubted": {"ref": reference},
        "conflict to judge": {"ref": reference, "person_id": waits.person_id, "kind": "advised"},
        "conflict to waive": {"ref": reference, "person_id": named("Wouter Desmet").id, "kind": "same_round"},
    }


def _letter_waiting():
    letter = newest(Letter.id, Letter.state == LetterState.WAITING)  # no worker runs beside these pages
    application = db.session.get_one(Letter, letter).application_id
    return {"ref": db.session.get_one(Application, application).reference, "number": letter}


def _of_others():
    """People outside the named cast, who are where nobody of the cast is: with an award to answer, a strategy to write."""
    answering = db.session.scalars(
        sa.select(Decision).where(Decision.state == DecisionState.PUBLISHED, Decision.answer_due_on.is_not(None))
    ).first()
    awarded = db.session.get_one(Application, answering.application_id)
    forming = db.session.scalars(sa.select(Strategy).where(Strategy.state == StrategyState.BEING_FORMED)).first()
    leading = newest(
        Partner.organisation_id, Partner.partnership_id == forming.partnership_id, Partner.role == PartnerRole.PROMOTOR
    )
    change = db.session.scalars(sa.select(ChangeRequest)).one()
    changing = db.session.get_one(Application, change.application_id)
    waiting, answered, upheld = (
        db.session.scalars(sa.select(ReviewRequest).where(ReviewRequest.state == state)).one()
        for state in (RequestState.ASKED, RequestState.DISMISSED, RequestState.UPHELD)
    )
    asked_of = db.session.get_one(Decision, waiting.decision_id)
    refused = db.session.scalars(
        sa.select(Application)
        .join(Decision, Decision.application_id == Application.id)
        .where(
            Decision.round_id == asked_of.round_id,
            Decision.outcome == Outcome.REFUSED,
            Decision.id != asked_of.id,
        )
    ).one()
    asking = db.session.get_one(Application, asked_of.application_id)
    return {
        "losing a partner": {"ref": changing.reference},
        "open change": {"ref": changing.reference, "number": change.id},
        "who changes partners": list_leads([changing.promotor_id])[0].name,
        "refusal": {"ref": refused.reference},
        "review asked": {"ref": asking.reference},
        "review to answer": {"number": waiting.id},
        "review answered": {"number": answered.id},
        "review upheld": {"number": upheld.id},
        "who asked a review": list_leads([asking.promotor_id])[0].name,
        "award to answer": {"ref": awarded.reference},
        "strategy being formed": {"number": forming.id},
        "who answers an award": list_leads([awarded.promotor_id])[0].name,
        "who writes a strategy": list_leads([leading])[0].name,
    }


def cookie_of(app, name):
    """The cookie of a browser that this person just signed in on."""
    now = Ctx(app.extensions["portal.clock"].now(), ANONYMOUS)
    with app.test_request_context():
        keep_signed_in(begin_session(now, named(name), device="", lifetime=timedelta(hours=1)))
        db.session.commit()
        answer = app.response_class()
        app.session_interface.save_session(app, flask.session._get_current_object(), answer)
        name, _, value = answer.headers["Set-Cookie"].partition(";")[0].partition("=")
    return {"name": name, "value": value}
