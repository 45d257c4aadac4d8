"""Every route of the portal, as everybody of the cast: the answer over HTTP is the one its policy gives.

Whoever may is answered; who sees but may not is refused (403); to all others the thing does not exist (404); a visitor
signs in first. Buttons (POST) are pressed by those only who may not: they must change nothing.
"""

import pytest
import sqlalchemy as sa

from portal.accounts.models import Claim, Person
from portal.accounts.queries import actor_of
from portal.applications.models import Application, Attachment, BudgetLine
from portal.core.actor import ANONYMOUS
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.routing import load_of, policy_of
from portal.decisions.models import Condition, Decision, ReviewRequest
from portal.notifications.models import Delivery
from portal.partnerships.models import Partner, PartnerInvitation, Partnership, Strategy
from portal.reviewing.assignment_models import AssignmentPair
from portal.reviewing.models import Review
from portal.reviewing.states import ReviewState
from tests.integration.demo.routes import OF_ONESELF

PEOPLE = [
    None, "Eva Claes", "Lotte Verhaegen", "Nadia Wouters", "Karim Aznag", "Bram Coppens", "Ruben Geerinck",
    "Joris Wuyts", "Mieke Hendrickx", "Sofie De Backer", "Greet Aerts",
]  # fmt: skip
ANSWERED = {200, 302}
FOR_MACHINES = {"public.readyz", "operations.metrics"}  # they answer by what they find, or by a token of their own
ALREADY_ANNOUNCED = {"calls.edit_round", "calls.announce_round"}  # whoever may steer the round is told so
# What these show does not exist in this world, or not now: those who may see them are told so.
SOMETIMES_ABSENT = {
    "accounts.renew_calendar", "accounts.stop_calendar",  # of who has a calendar address
    "accounts.claim_evidence", "accounts.confirm_email", "accounts.confirm_address",
    "accounts.reset_password", "applications.empty_form_pdf",
    "applications.frozen_data", "applications.kept_text", "applications.receipt", "demo.message",
    "applications.restore", "applications.changes", "partnerships.strategy_evidence", "reviewing.read",
    "reviewing.workbook", "reviewing.workbook_file",  # of a round that is not in review
    "applications.sign_part", "applications.leave_out_funds",  # the lead partner has neither: see pages.py
}  # fmt: skip


def _samples():
    """One real thing for each variable of an address, all of them of the partnership the cast works in."""
    ours = db.session.scalar(sa.select(Partnership.id).where(Partnership.name == "Digibank Noordheide"))
    reference, application = db.session.execute(
        sa.select(Application.reference, Application.id)
        .where(Application.partnership_id == ours)
        .order_by(Application.id.desc())
    ).first()

    def newest(column, *where):
        return db.session.scalar(sa.select(column).where(*where).order_by(column.desc()).limit(1))

    partner = newest(Partner.id, Partner.partnership_id == ours)
    return {
        "ref": reference,
        "programme": "digibanken",
        "slug": "handbook-execution",
        "language": "nl",
        "rule": "OV-07",
        "section": "B4",
        "kind": {"/desk/dossiers": "same_round", "": "cooperation_agreement"},
        "organisation_id": newest(Partner.organisation_id, Partner.partnership_id == ours, Partner.role == "promotor"),
        "partner": partner,
        "pair_id": newest(AssignmentPair.id),
        "member": 1,
        "scope": "digibanken",
        "name": {"/admin/message-texts": "deadline-near", "": "no-scanner"},
        "token": "no-such-token",
        "category": "deadlines",
        "person_id": newest(Person.id, Person.name == "Wouter Desmet"),
        "review_id": newest(Review.id, Review.state == ReviewState.DRAFTING),
        "attachment_id": newest(Attachment.id),
        "condition": newest(Condition.id),
        "code": {
            "/applications/<ref>/sections": "B4",
            "/admin/calls": "execution",
            "/calls": "execution",
            "": "B-2022-3",
        },
        "number": {
            "/partnerships/invitations": newest(PartnerInvitation.id) or 1,
            "/partnerships": ours,
            "/strategies": newest(Strategy.id, Strategy.partnership_id == ours),
            "/desk/strategies": newest(Strategy.id, Strategy.partnership_id == ours),
            "/desk/claims": newest(Claim.id),
            "/desk/decisions": newest(Decision.id),
            "/desk/review-requests": newest(ReviewRequest.id),
            "/organisations": "1999000150",
            "/notifications": newest(Delivery.id, Delivery.person_id == newest(Person.id, Person.name == "Eva Claes")),
            "/admin/people": newest(Person.id, Person.name == "Eva Claes"),
            "/applications/<ref>/attachments": newest(Attachment.id, Attachment.application_id == application),
            "/applications/<ref>/budget": newest(BudgetLine.id, BudgetLine.application_id == application),
            "": 1,
        },
    }


def _values(rule, samples):
    found = {}
    for name in rule.arguments:
        sample = samples[name]
        if isinstance(sample, dict):
            prefix = max((each for each in sample if rule.rule.startswith(each)), key=len)
            sample = sample[prefix]
        found[name] = sample
    return found


def _expected(app, rule, values, actor):
    policy, load = policy_of(app, rule.endpoint), load_of(app, rule.endpoint)
    answered = {*ANSWERED, 404} if rule.endpoint in SOMETIMES_ABSENT else ANSWERED
    if rule.endpoint in ALREADY_ANNOUNCED:
        answered = {409}
    if actor.is_anonymous and not policy.is_public:
        return {302}
    if load and rule.endpoint in OF_ONESELF:
        return answered
    try:
        subject = load(**values) if load else None
    except NotFound:
        return {404}
    if not policy.sees(actor, subject):
        return {404}
    if not policy.may(actor, subject):
        return {403}
    return answered


@pytest.mark.parametrize("name", PEOPLE, ids=lambda name: name or "visitor")
@pytest.mark.timeout(300)
def test_a_route_answers_as_its_policy_says(demo, name):
    browser = demo.test_client()
    with demo.test_request_context():
        person = db.session.scalar(sa.select(Person).where(Person.name == name)) if name else None
        actor = actor_of(person) if person else ANONYMOUS
        assert name is None or person, name
        samples = _samples()
        asked = [
            (rule, values := _values(rule, samples), _expected(demo, rule, values, actor))
            for rule in demo.url_map.iter_rules()
        ]
        db.session.rollback()
    if name:
        _sign_in(browser, name)
    wrong = []
    for rule, values, expected in asked:
        with demo.test_request_context():
            address = demo.url_for(rule.endpoint, **values)
        method = "GET" if "GET" in rule.methods else "POST"
        if method == "POST" and expected == ANSWERED:
            continue
        answer = browser.open(address, method=method)
        answer.close()
        if answer.status_code not in expected and rule.endpoint not in FOR_MACHINES:
            wrong.append(f"{method} {address}: {answer.status_code}, not {sorted(expected)}")
    assert not wrong, "\n".join(wrong)


def _sign_in(browser, name):
    page = browser.get("/").text
    key = page[: page.index(f"<b>{name}</b>")].rpartition('value="')[2].partition('"')[0]
    assert browser.post("/demo/sign-in-as", data={"person": key}).status_code == 302
