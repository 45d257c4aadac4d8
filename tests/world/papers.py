"""A submitted application of two organisations whose wages nobody else may read: the amounts are baits."""

from decimal import Decimal
from types import SimpleNamespace

import sqlalchemy as sa

from portal.accounts.queries import actor_of, find_person_by_email, list_leads
from portal.applications.budget_view import viewer_of
from portal.applications.commands.papers import ask_paper
from portal.applications.commands.submit import submit_application
from portal.applications.dossiers import list_snapshots
from portal.applications.models import BudgetLine, PartnerPart
from portal.applications.papers import Source
from portal.applications.queries import get_application
from portal.applications.states import VatStatus
from portal.calls.form_definitions import QuestionKind
from portal.calls.models import Round
from portal.core.actor import Role
from portal.core.db import db
from portal.partnerships.models import Partner
from portal.partnerships.states import PartnerRole
from tests.world.accounts import NOW, ctx_for, given_organisation, given_person
from tests.world.applications_models import ACCEPTED, EXECUTION, change_answer, documents_of, given_complete_draft
from tests.world.partners import sign_off_all
from tests.world.time import moment

SUBMITTED = "2022-07-28T11:59:03"
WAGES = {"promotor": ("61234.56", "17.31"), "partner": ("43210.98", "23.19"), "other": ("38765.43", "29.07")}
"""Two wages of each organisation. Nobody meets them by chance."""
INJECTED = '<script>alert("x")</script> {{ 7 * 191 }} =HYPERLINK("http://evil.example")'


def given_draft_of_three(*, closes_at=None):
    """The promotor's complete draft, with two partners; each has wages of two people. An answer is an attack."""
    tom, mia = given_person("Tom Baert"), given_person("Mia Claes")
    partner = given_organisation(tom, name="Kringloop De Lus").id
    other = given_organisation(mia, name="Buurthuis Zuid").id
    application = given_complete_draft(costs=WAGES["promotor"][0])
    for organisation_id in (partner, other):
        application.partnership.partners.append(
            Partner(organisation_id=organisation_id, role=PartnerRole.CORE, started_on=moment(NOW).date())
        )
        application.parts.append(
            PartnerPart(
                organisation_id=organisation_id,
                role="core",
                task="Leidt op.",
                receives_funds=True,
                vat_status=VatStatus.LIABLE,
                earlier_aid_amount=Decimal("0.00"),
            )
        )
        application.attachments.extend(each for each in documents_of(organisation_id) if each.organisation_id)
    owners = {"promotor": application.promotor_id, "partner": partner, "other": other}
    for name, wages in WAGES.items():
        for wage in wages if name != "promotor" else wages[1:]:
            application.lines.append(_wage(owners[name], wage))
    asked = next(each for each in EXECUTION.form.questions if each.kind is QuestionKind.LONG_TEXT)
    change_answer(application, asked.key, INJECTED)
    if closes_at is not None:
        db.session.execute(sa.update(Round).where(Round.id == application.round_id).values(closes_at=closes_at))
    db.session.commit()
    return get_application(application.reference), owners


def given_submitted_of_three():
    """The same, submitted: its reference, digest, and the addresses of who reads it."""
    application, owners = given_draft_of_three()
    for part in application.parts:
        part.declarations = dict.fromkeys(ACCEPTED, NOW)
    sign_off_all(application)
    application = get_application(application.reference)
    lead = list_leads([application.promotor_id])[0]
    snapshot = submit_application(ctx_for(lead, SUBMITTED), application, accepted=ACCEPTED)
    db.session.commit()
    return SimpleNamespace(
        reference=application.reference,
        sha256=snapshot.sha256,
        content=snapshot.content,
        lead=lead.email,
        partner=list_leads([owners["partner"]])[0].email,
        other=list_leads([owners["other"]])[0].email,
        stranger=given_person("Bram Nijs").email,
        officer=given_person("Nele Peeters", roles=[Role.CASE_OFFICER]).email,
        auditor=given_person("Amir Haddad", roles=[Role.AUDITOR]).email,
    )


def given_asked_paper(made, email, kind="application"):
    """The number of the PDF that somebody asked for: of the first version, of the draft, of the form, or for a review."""
    person, application = find_person_by_email(email), get_application(made.reference)
    snapshot, viewer = list_snapshots(application)[0], viewer_of(actor_of(person), application)
    sources = {
        "application": lambda: Source.frozen(snapshot, viewer),
        "receipt": lambda: Source.receipt(snapshot),
        "review": lambda: Source.for_review(snapshot),
        "draft": lambda: Source.draft(application, made.sha256, viewer),
        "form": lambda: Source.form(application.round.form_version),
    }
    number = ask_paper(ctx_for(person, SUBMITTED), sources[kind]()).id
    db.session.commit()
    return number


def _wage(organisation_id, wage):
    return BudgetLine(
        organisation_id=organisation_id,
        category="staff",
        year=2023,
        quantity=Decimal(1),
        unit_price_amount=Decimal(wage),
        explanation="Een digihelper, voltijds, gedurende het jaar 2023.",
    )
