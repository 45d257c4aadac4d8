"""Who had signed off when an application was handed in: on the case officer's page and in the PDF."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.queries import list_leads
from portal.applications.commands.submit import submit_application
from portal.applications.models import Paper
from portal.applications.printing import as_html
from portal.core.actor import Role
from portal.core.db import get_one
from tests.world.accounts import ctx_for, given_person
from tests.world.applications_models import ACCEPTED, given_complete_draft
from tests.world.papers import SUBMITTED, given_asked_paper, given_submitted_of_three

SIGNED = (("Kringloop De Lus", "Tom Baert"), ("Buurthuis Zuid", "Mia Claes"))


@pytest.fixture
def made(world):
    return world(given_submitted_of_three)


def printed(app, made, kind):
    """What stands in the PDF of the first version."""
    number = given_asked_paper(made, made.officer, kind)
    whole = joinedload(Paper.application), joinedload(Paper.snapshot), joinedload(Paper.form_version)
    html = as_html(app, get_one(sa.select(Paper).where(Paper.id == number).options(*whole)))
    before, title, after = html.partition("Bevestiging door de partners")
    assert title, before
    return after.partition("<h2")[0]


def test_the_case_officer_reads_who_signed_off_for_each_partner_and_when(made, visitor):
    page = visitor.sign_in(made.officer).get(f"/desk/dossiers/{made.reference}").text
    listed = page[page.index('id="sign-offs"') :].partition("</section>")[0]
    for organisation, person in SIGNED:
        assert organisation in listed
        assert f"{person}, 20 juni 2022 om" in listed
    assert listed.count("Bevestigd") == len(SIGNED)


def test_the_pdf_says_it_too_and_names_no_person_to_reviewers(app, made, world):
    whole, for_review = (world(printed, app, made, kind) for kind in ("application", "review"))
    for organisation, person in SIGNED:
        assert organisation in whole
        assert person in whole
        assert organisation in for_review
        assert person not in for_review
    assert "20 juni 2022" in for_review


def test_a_lead_partner_alone_signs_by_submitting(world, visitor):
    reference, officer = world(given_submitted_alone)
    page = visitor.sign_in(officer).get(f"/desk/dossiers/{reference}").text
    assert "Zoals ingediend" in page
    assert 'id="sign-offs"' not in page


def given_submitted_alone():
    application = given_complete_draft()
    submit_application(ctx_for(list_leads([application.promotor_id])[0], SUBMITTED), application, accepted=ACCEPTED)
    return application.reference, given_person("Nele Peeters", roles=[Role.CASE_OFFICER]).email
