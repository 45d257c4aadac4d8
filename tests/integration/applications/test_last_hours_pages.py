"""The pages of a draft's last hours, of more time for one application, and of a draft that was never submitted."""

from datetime import date, timedelta

import pytest

from portal.accounts.queries import list_leads
from portal.applications.queries import get_application
from portal.core.actor import Role
from portal.core.clock import machine_now
from portal.core.db import db
from tests.world.accounts import given_person
from tests.world.applications_models import given_complete_draft
from tests.world.time import moment

BANNER = "data-last-hours="


def given_draft(left=timedelta(hours=3)):
    """A complete draft whose round closes `left` from now, with its signer, an administrator and a case officer."""
    application = given_complete_draft()
    application.round.closes_at = machine_now() + left
    application.round.call.programme.ends_on = date(2098, 12, 31)  # the tests' pages read the machine's clock
    lead = list_leads([application.promotor_id])[0]
    admin = given_person("Sofie Wouters", roles=[Role.ADMINISTRATOR])
    officer = given_person("Nele Peeters", roles=[Role.CASE_OFFICER])
    db.session.commit()
    return application.reference, lead.email, admin.email, officer.email, application.round.code


def extended_until(reference):
    return get_application(reference).extended_until


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=23), "minder dan een dag"),
        (timedelta(minutes=50), "minder dan een uur"),
        (timedelta(minutes=9), "minder dan tien minuten"),
    ],
)
def test_every_page_of_a_draft_says_how_near_the_deadline_is(visitor, world, left, words):
    reference, lead, *_rest = world(given_draft, left)
    visitor.sign_in(lead)
    for page in ("", "/check", "/documents", "/budget", "/sections/B8", "/timeline", "/papers", "/admissibility"):
        text = visitor.get(f"/applications/{reference}{page}").text
        assert text.count(BANNER) == 1, page
        shown = text[text.index(BANNER) :].split("data-last-hours-words>")[1]
        assert words in shown.split("</span>")[0], page


def test_more_than_a_day_before_the_banner_waits_hidden_and_after_the_deadline_it_is_gone(visitor, world):
    early, lead, *_rest = world(given_draft, timedelta(hours=25))
    visitor.sign_in(lead)
    text = visitor.get(f"/applications/{early}").text
    assert " hidden>" in text[text.index(BANNER) :].split(">")[0] + ">"
    late, lead, *_rest = world(given_draft, timedelta(minutes=-1))
    assert BANNER not in visitor.sign_in(lead).get(f"/applications/{late}").text


def test_the_desk_reads_a_draft_without_the_banner(visitor, world):
    reference, _lead, _admin, officer, _code = world(given_draft)
    assert BANNER not in visitor.sign_in(officer).get(f"/applications/{reference}").text


def test_anybody_can_ask_what_time_it_is_here(visitor):
    assert visitor.get("/server-time").json["now"].startswith(machine_now().isoformat()[:13])


def test_an_administrator_gives_time_after_a_page_that_says_what_will_happen(visitor, world):
    reference, lead, admin, _officer, code = world(given_draft, timedelta(minutes=-5))
    path = f"/desk/dossiers/{reference}/extension"
    visitor.sign_in(admin)
    assert path in visitor.get(f"/desk/dossiers/{reference}").text
    assert reference in visitor.get(f"/desk/rounds/{code}/drafts").text
    asked = {"closes_at": "2098-06-01T10:00", "reason": "Storing op de laatste dag."}
    assert visitor.post(path, {**asked, "closes_at": "2099-01-01T00:00"}).status_code == 422
    page = visitor.post(path, asked)
    assert page.status_code == 200
    assert "1 aanvraag tijd geven tot 1 juni 2098 om 10.00 uur?" in page.text
    assert world(extended_until, reference) is None
    assert visitor.post(path, {**asked, "is_confirmed": "yes"}).location == f"/desk/dossiers/{reference}"
    assert world(extended_until, reference) == moment("2098-06-01T10:00")
    assert "Storing op de laatste dag." in visitor.get(f"/desk/dossiers/{reference}").text
    visitor.sign_in(lead)
    assert "Storing op de laatste dag." in visitor.get(f"/applications/{reference}/timeline").text
    assert "1 juni 2098" in visitor.get("/applications").text
    assert visitor.get(path).status_code == 404


def test_a_case_officer_sees_the_dossier_but_gives_no_time(visitor, world):
    reference, _lead, _admin, officer, _code = world(given_draft)
    visitor.sign_in(officer)
    assert "/extension" not in visitor.get(f"/desk/dossiers/{reference}").text
    assert visitor.get(f"/desk/dossiers/{reference}/extension").status_code == 403


def test_an_administrator_reads_no_answers(visitor, world):
    reference, _lead, admin, *_rest = world(given_draft)
    visitor.sign_in(admin)
    assert visitor.get(f"/applications/{reference}").status_code == 404
    assert "Zo doen wij het." not in visitor.get(f"/desk/dossiers/{reference}").text


def test_a_draft_that_was_never_submitted_says_so_and_stays_downloadable(visitor, world):
    reference, lead, _admin, officer, code = world(given_draft, timedelta(minutes=-1))
    visitor.sign_in(lead)
    page = visitor.get(f"/applications/{reference}").text
    assert "Niet ingediend" in page
    assert f'href="/applications/{reference}/papers"' in page
    assert "Niet ingediend" in visitor.get("/applications").text
    assert "Niet ingediend" in visitor.get(f"/applications/{reference}/timeline").text
    assert visitor.get(f"/applications/{reference}/draft.docx").status_code == 200
    assert f'action="/applications/{reference}/draft"' in visitor.get(f"/applications/{reference}/papers").text
    visitor.sign_in(officer)
    drafts = visitor.get(f"/desk/rounds/{code}/drafts").text
    assert reference in drafts
    assert drafts.count("Niet ingediend") > visitor.get(f"/desk/rounds/{code}/dossiers").text.count("Niet ingediend")
