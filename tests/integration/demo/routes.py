"""Every POST route of the portal, with something of the demo's world to post to and somebody of the cast who may."""

from dataclasses import dataclass
from functools import cache
from itertools import product

import sqlalchemy as sa

from portal.accounts.models import Claim, Membership, Organisation, Person
from portal.accounts.queries import actor_of, find_person_by_email
from portal.accounts.tokens import Purpose, link_token
from portal.applications.change_models import ChangeRequest
from portal.applications.models import Application, Attachment, BudgetLine
from portal.calls.models import Reminder
from portal.core.actor import ANONYMOUS
from portal.core.clock import machine_now
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.event_log import EventRow, OutboxRow
from portal.core.periodic import PeriodicTask
from portal.core.routing import load_of, policy_of
from portal.decisions.letter_models import Letter
from portal.decisions.models import Condition, Decision
from portal.demo.bar import CAST
from portal.notifications.mailings.models import Mailing
from portal.notifications.models import Delivery
from portal.partnerships.models import Partner, PartnerInvitation, Strategy
from portal.reviewing.assignment_models import AssignmentPair
from portal.reviewing.models import Review
from portal.reviewing.pool_models import ReviewerProfile

DRAFT = "DB-B-2022-3-0003"  # of Digibank Noordheide
NOORDHEIDE = "1999000150"
SUBMITTED = "DB-B-2022-2-0010"
AWARDED = "DB-A-2021-1-0001"
DECIDED = "DB-B-2022-1-0001"
MESSAGE_TEXT = {"scope": "digibanken", "name": "deadline-near", "language": "nl"}
# Where the newest of its kind is not where something can be done now.
BEST = {
    "applications.ask_completion": {"ref": "DB-B-2022-2-0010"},
    "applications.judge": {"ref": "DB-B-2022-2-0010", "rule": "OV-07"},
    "decisions.refuse_admission": {"ref": "DB-B-2022-2-0010"},
    "applications.admit": {"ref": "DB-B-2022-2-0010"},
    "applications.decide_change": {"ref": "DB-B-2022-2-0005"},
    "applications.attach_for_partner": {"ref": DRAFT, "kind": "de_minimis_declaration"},
    "applications.ask_for_paper": {"ref": AWARDED, "number": 1, "kind": "application"},
    "accounts.end_right": {"number": NOORDHEIDE},
    "reviewing.invite_reviewer": {"ref": "DB-B-2022-2-0008"},
    "reviewing.save_alternates": {"ref": "DB-B-2022-2-0008"},
    "reviewing.record_consensus": {"ref": "DB-B-2022-2-0002"},
    "reviewing.judge_conflict": {"ref": "DB-B-2022-2-0005", "kind": "advised"},
    "reviewing.waive_conflict": {"ref": "DB-B-2022-2-0005", "kind": "same_round"},
    "reviewing.record_advice": {"ref": "DB-B-2022-2-0008"},
    "reviewing.propose_consensus": {"ref": "DB-B-2022-2-0002"},
    "reviewing.write_remark": {"ref": "DB-B-2022-2-0002"},
    **{
        f"reviewing.{each}": {"code": "B-2022-2"}
        for each in ("ask_assignment", "discard_assignment", "release_assignment", "assignment_table")
    },
    **{f"reviewing.{each}_pair": {"code": "B-2022-2"} for each in ("lock", "unlock", "replace")},
    "calls.edit_round": {"code": "A-2024-1"},
    "calls.announce": {"code": "A-2024-1"},
    "calls.move_deadline": {"code": "B-2022-4"},
    "calls.cancel_round": {"code": "B-2022-4"},
    "calls.withdraw_announcement": {"code": "B-2022-4"},
    "desk.ask_for_dossier": {"ref": SUBMITTED},
    "reviewing.workbook": {"code": "B-2022-2"},
    "reviewing.save_workbook": {"code": "B-2022-2"},
    "decisions.confirm": {"code": "B-2022-2"},
    "reviewing.set_visibility": {"code": "B-2022-2"},
    "decisions.publish": {"code": "B-2022-2"},
    "decisions.compute": {"code": "B-2022-2"},
    "decisions.prepare": {"code": "B-2022-2"},
    "decisions.edit_letter_text": {"kind": "reserve"},
    "notifications.edit_message_text": MESSAGE_TEXT,
    "notifications.try_message_text": MESSAGE_TEXT,
    "notifications.restore_message_text": {**MESSAGE_TEXT, "number": 0},
    "decisions.restore_letter_text": {"kind": "reserve", "number": 0},
    "decisions.retry_making": {"ref": DECIDED},
}
STATES = {
    "reviewing.accept": "invited",
    "reviewing.decline": "invited",
    "reviewing.declare_conflict": "invited",
    "reviewing.say_advised": "invited",
    "reviewing.review": "drafting",
    "reviewing.submit": "drafting",
    "reviewing.autosave": "drafting",
    "reviewing.draft": "drafting",
    "reviewing.discuss": "submitted",
    "reviewing.vote": "submitted",
    "reviewing.reopen": "submitted",
    "reviewing.take_off": "drafting",
    "accounts.judge_claim": "claimed",
    "partnerships.judge_strategy": "submitted",
    "partnerships.edit_strategy": "being_formed",
    "partnerships.strategy_files": "being_formed",
    "partnerships.hand_in_strategy": "being_formed",
    "partnerships.withdraw_invitation": "sent",
    "partnerships.resend_invitation": "sent",
    "partnerships.invitation": "sent",
    "partnerships.decline_invitation": "sent",
    "decisions.lapse": "published",
    "decisions.decide": "pending",
    "decisions.recall": "confirmed",
    "notifications.retry_message": "parked",
    "notifications.stop_delivery": "parked",
    "notifications.send_again": "sent",
    "notifications.send_mailing": "draft",
    "notifications.edit_mailing": "draft",
    "notifications.drop_mailing": "draft",
    "notifications.postpone_mailing": "scheduled",
}


@dataclass(frozen=True)
class Target:
    """Where to post, and as whom (a key of the cast; "" is a visitor)."""

    endpoint: str
    address: str
    person: str
    has_page: bool


def post_endpoints(app):
    return sorted(rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods)


# Their subject is whoever asks.
OF_ONESELF = {
    "accounts.profile": ("/account", "eva"),
    "accounts.change_password": ("/account/password", "eva"),
    "accounts.change_address": ("/account/address", "eva"),
    "reviewing.profile": ("/reviews/profile", "joris"),
    "accounts.make_calendar": ("/account/calendar", "joris"),
    "accounts.renew_calendar": ("/account/calendar/renew", "eva"),
    "accounts.stop_calendar": ("/account/calendar/stop", "eva"),
    "notifications.choices": ("/account/notifications", "eva"),
    "reviewing.declaration": ("/reviews/declaration", "joris"),
}


@cache
def find_target(app, endpoint):
    """Return the first of the cast who may, with what it may be done to; None where nobody can in this world."""
    if endpoint in OF_ONESELF:
        address, person = OF_ONESELF[endpoint]
        return Target(endpoint, address, person, has_page=True)
    rule = next(each for each in app.url_map.iter_rules() if each.endpoint == endpoint and "POST" in each.methods)
    policy, load = policy_of(app, endpoint), load_of(app, endpoint)
    names = sorted(rule.arguments)
    with app.test_request_context():
        people = {one.key: actor_of(find_person_by_email(one.email)) for one in CAST}
        actors = {"": ANONYMOUS, **people} if policy.is_public else people
        for chosen in product(*(_candidates(app, rule, name) for name in names)):
            values = dict(zip(names, chosen, strict=True))
            try:
                subject = load(**values) if load else None
            except NotFound:
                continue
            for key, actor in actors.items():
                if policy.allows(actor, subject):
                    return Target(endpoint, app.url_for(endpoint, **values), key, "GET" in rule.methods)
    return None


def _candidates(app, rule, name):
    """Yield values for one variable of an address, the best first."""
    if (best := BEST.get(rule.endpoint, {}).get(name)) is not None:
        yield best
    elif name == "ref":
        yield from (DRAFT, SUBMITTED, AWARDED)
    elif name in ("organisation_id", "member"):
        yield from _of_noordheide(name)
    elif name == "token":
        yield from _tokens(app, rule)
    elif rule.rule.startswith("/notifications/"):
        eva = sa.select(Person.id).where(Person.name == "Eva Claes").scalar_subquery()
        yield from db.session.scalars(sa.select(Delivery.id).where(Delivery.person_id == eva).limit(3))
    elif name in FIXED:
        yield from FIXED[name]
    else:
        yield from _numbers(rule, name)


FIXED = {
    "code": ["B4", "execution", "B-2022-3"],
    "programme": ["digibanken"],
    "kind": ["dnsh_analysis"],
    "language": ["nl"],
    "name": ["no_scanner"],
    "category": ["deadlines"],
    "slug": ["handbook-execution"],
}


def _tokens(app, rule):
    key = app.extensions["portal.settings"].secret_key
    if rule.rule.startswith("/invitations"):
        for row in db.session.scalars(sa.select(PartnerInvitation).where(PartnerInvitation.state == "sent")):
            yield link_token(key, Purpose.PARTNER_INVITATION, row.id, row.nonce)
        return
    if rule.rule.startswith("/unsubscribe"):
        for number in db.session.scalars(sa.select(Person.id).limit(3)):
            yield link_token(key, Purpose.UNSUBSCRIBE, number, FIXED["category"][0])
        return
    purpose = Purpose.CONFIRM_EMAIL if "confirm" in rule.rule else Purpose.RESET_PASSWORD
    for row in db.session.scalars(sa.select(Person).limit(3)):
        yield link_token(key, purpose, row.id, row.nonce, now=machine_now())


def _of_noordheide(name):
    organisation = sa.select(Organisation.id).where(Organisation.enterprise_number == NOORDHEIDE).scalar_subquery()
    column, where = (
        (Organisation.id, Organisation.id) if name == "organisation_id" else (Membership.id, Membership.organisation_id)
    )
    yield from db.session.scalars(sa.select(column).where(where == organisation))


def _numbers(rule, name):
    column = {
        "review_id": Review.id,
        "partner": Partner.id,
        "condition": Condition.id,
        "person_id": Person.id,
        "pair_id": AssignmentPair.id,
    }.get(name) or next(column for prefix, column in NUMBERS.items() if rule.rule.startswith(prefix))
    stmt = sa.select(column).order_by(column.desc())
    if hasattr(column.class_, "application_id"):
        ours = sa.select(Application.id).where(Application.reference == DRAFT).scalar_subquery()
        stmt = stmt.order_by(None).order_by((column.class_.application_id == ours).desc(), column.desc())
    state = STATES.get(rule.endpoint)
    if state is not None and hasattr(column.class_, "state"):
        stmt = stmt.order_by(None).order_by((column.class_.state == state).desc(), column.desc())
    yield from db.session.scalars(stmt)


NUMBERS = {
    "/partnerships/invitations": PartnerInvitation.id,
    "/partnerships": Partner.partnership_id,
    "/strategies": Strategy.id,
    "/desk/strategies": Strategy.id,
    "/desk/claims": Claim.id,
    "/desk/decisions": Decision.id,
    "/organisations": Organisation.enterprise_number,
    "/admin/people": Person.id,
    "/admin/periodic": PeriodicTask.id,
    "/admin/reminders": Reminder.id,
    "/desk/reviewers": ReviewerProfile.person_id,
    "/admin/mailings": Mailing.id,
    "/admin/messages/sendings": EventRow.id,
    "/admin/messages": Delivery.id,
    "/admin/outbox/messages": Delivery.id,
    "/admin/outbox/events": OutboxRow.event_id,
    "/applications/<ref>/attachments": Attachment.id,
    "/applications/<ref>/letters": Letter.id,
    "/applications/<ref>/requests": ChangeRequest.id,
    "/desk/dossiers/<ref>/requests": ChangeRequest.id,
    "/applications/<ref>/budget": BudgetLine.id,
    "": Application.id,
}


# Where the button stands, or the form, of what has no page of its own: an address or what follows its last segment.
PAGES = {
    "accounts.act_for": "/organisations",
    "accounts.end_session": "/account",
    "accounts.make_calendar": "/account/notifications",
    "notifications.mark_read": "/notifications",
    "accounts.sign_out": "/account",
    "accounts.sign_out_everywhere": "/account",
    "partnerships.judge_strategy": lambda path: path.replace("/desk", "").removesuffix("/judge"),
    "partnerships.change_area": lambda path: path.removesuffix("/change"),
    "decisions.retry_making": "/desk/letters",
    "notifications.retry_event": "/admin/outbox",
    "notifications.postpone_mailing": lambda path: path.removesuffix("/postpone"),
    "notifications.drop_mailing": lambda path: path.removesuffix("/drop"),
    "notifications.retry_message": "/admin/outbox",
    "notifications.try_message_text": lambda path: path.replace("/test", "/edit"),
    "reviewing.save_alternates": lambda path: path.replace("/alternates", "/reviewers"),
    "reviewing.accept": lambda path: path.replace("/accept", "/invitation"),
    "reviewing.decline": lambda path: path.replace("/decline", "/invitation"),
    "reviewing.say_advised": lambda path: path.replace("/advice", "/invitation"),
    "reviewing.declare_conflict": lambda path: path.replace("/conflict", "/invitation"),
    "reviewing.lock_pair": lambda path: path.partition("/pairs/")[0],
    "reviewing.unlock_pair": lambda path: path.partition("/pairs/")[0],
}


def page_of(target):
    """Return the page on which the form of ``target`` stands."""
    known = PAGES.get(target.endpoint)
    if known is None:
        own = target.has_page or target.endpoint in SAME_ADDRESS
        return target.address if own else target.address.rpartition("/")[0] or "/"
    return known if isinstance(known, str) else known(target.address)


SAME_ADDRESS = {
    "reviewing.ask_assignment",
    "reviewing.set_visibility",
    "applications.save",
    "reviewing.invite_reviewer",
    "reviewing.record_consensus",
    "reviewing.write_remark",
}
