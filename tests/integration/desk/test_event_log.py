"""The auditor's event log, and the rule that what an auditor reads is written down."""

import csv
import io

import pytest
import sqlalchemy as sa

from portal.accounts.commands.people import set_roles
from portal.calls.commands.rounds import move_deadline
from portal.calls.queries import get_round
from portal.core.actor import Role
from portal.core.chain import extend_chain
from portal.core.csv_table import as_csv
from portal.core.db import db
from portal.core.event_log import EventRow
from tests.world.accounts import ctx_for, given_claim, given_organisation, given_person
from tests.world.applications import given_draft
from tests.world.calls import given_announced_round
from tests.world.http import Visitor
from tests.world.reviewing import given_submitted_review
from tests.world.time import moment

LOG = "/audit/events"


def given_auditor(*more):
    return given_person("Greet Aerts", roles=[Role.AUDITOR, *more])


def given_reviewed_application():
    return given_submitted_review().application


@pytest.fixture
def auditor(visitor, world):
    """A browser on which an auditor is signed in."""
    return visitor.sign_in(world(given_auditor).email)


@pytest.fixture
def readings(world):
    """Give what auditors read so far: (policy, kind, row) of each reading."""

    def list_readings():
        rows = db.session.scalars(sa.select(EventRow).where(EventRow.topic == "audit.read").order_by(EventRow.id))
        return [(row.payload["policy"], row.payload["kind"], row.payload["row_id"]) for row in rows]

    return lambda: world(list_readings)


def table_of(page):
    """The log's table, without the filters and links around it, which name kinds of event too."""
    return page.text.split("<tbody", 1)[1].split("</table>")[0] if "<tbody" in page.text else ""


def test_only_an_auditor_reads_the_log(app, auditor, world):
    assert auditor.get(LOG).status_code == 200
    assert f'href="{LOG}"' in auditor.get("/my-work").text
    for role in (Role.ADMINISTRATOR, Role.CASE_OFFICER, Role.REVIEWER):
        other = Visitor(app).sign_in(world(given_person, "Sofie De Backer", roles=[role]).email)
        assert other.get(LOG).status_code == other.get(f"{LOG}.csv").status_code == 404
        assert f'href="{LOG}"' not in other.get("/my-work").text


def test_the_log_is_narrowed_by_kind_subject_person_and_day(auditor, world):
    application = world(given_draft)
    officer = world(given_person, "Mieke Hendrickx", at="2022-03-01T09:00")
    world(set_roles, world(ctx_for, officer, "2022-03-01T10:00"), officer, frozenset({Role.CASE_OFFICER}))
    cases = {
        "?topic=round.announced": "round.announced",
        f"?subject={application.reference}": "application.begun",
        f"?subject=application+{application.id}": "application.begun",
        f"?actor={officer.id}": "person.role-granted",
        "?since=2022-03-01&until=2022-03-01": "person.role-granted",
    }
    everything = ("round.announced", "application.begun", "person.role-granted")
    for asked, wanted in cases.items():
        shown = table_of(auditor.get(LOG + asked))
        assert [topic for topic in everything if topic in shown] == [wanted], asked
    assert application.reference in table_of(auditor.get(f"{LOG}?topic=application.begun"))


def test_a_reference_finds_what_hangs_on_it_too(auditor, world):
    application = world(given_reviewed_application)
    shown = table_of(auditor.get(f"{LOG}?subject={application.reference}"))
    for topic in ("application.submitted", "review.invited", "review.submitted"):
        assert topic in shown, topic
    organisation = world(given_organisation)
    number = organisation.enterprise_number
    shown = table_of(auditor.get(f"{LOG}?subject={number[:4]}.{number[4:7]}.{number[7:]}"))
    assert "claim.confirmed" in shown
    assert "membership.granted" in shown
    assert "review" not in shown


@pytest.mark.parametrize("asked", ["subject=DB-X-1999-1-0001", "since=gisteren", "actor=-3", "actor=1e99"])
def test_a_filter_that_means_nothing_is_named_at_its_field(auditor, asked):
    page = auditor.get(f"{LOG}?{asked}")
    assert page.status_code == 200
    assert f'id="{asked.split("=")[0]}-error"' in page.text
    assert "<tbody" not in page.text
    assert auditor.get(f"{LOG}.csv?{asked}").text.count("\r\n") == 1, "nothing but the header"


def test_a_payload_is_told_in_words(auditor, world):
    world(given_announced_round)

    def move():
        administrator = given_person("Sofie De Backer", roles=[Role.ADMINISTRATOR])
        move_deadline(
            ctx_for(administrator), get_round("B-2022-1"), closes_at=moment("2022-08-05T12:00"), reason="Storing."
        )

    world(move)
    shown = table_of(auditor.get(f"{LOG}?topic=round.deadline-moved"))
    assert "oude deadline: 29 juli 2022 om 12.00 uur" in shown
    assert "nieuwe deadline: 5 augustus 2022 om 12.00 uur" in shown
    assert "Sofie De Backer" in shown
    assert "B-2022-1" in shown


def test_the_page_says_how_far_the_chain_is_laid(auditor, world):
    assert "nog niets verzegeld" in auditor.get(LOG).text
    laid = world(extend_chain)
    assert f"Verzegeld tot positie {laid} " in auditor.get(LOG).text


def test_the_export_holds_the_same_events_and_no_formula(auditor, world):
    world(given_organisation, world(given_person, "=cmd|'/c calc'!A1"))
    export = auditor.get(f"{LOG}.csv?topic=membership.granted")
    assert export.headers["Content-Disposition"] == 'attachment; filename="events.csv"'
    rows = list(csv.reader(io.StringIO(export.text.lstrip("\ufeff")), delimiter=";"))
    assert [row[2] for row in rows] == ["Soort gebeurtenis", "membership.granted"]
    assert "=cmd" in rows[1][5]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@pytest.mark.parametrize("text", ["=1+1", "+32 3 123", "-1", "@sum", "\tx"])
def test_a_cell_that_a_spreadsheet_would_run_is_disarmed(text):
    written = list(csv.reader(io.StringIO(as_csv(["naam"], [[text]]).lstrip("\ufeff")), delimiter=";"))
    assert written[1] == [f"'{text}"]


def test_the_log_takes_as_many_statements_for_one_event_as_for_three(app, auditor, world, count_statements):
    asked = f"{LOG}?topic=membership.granted"
    world(given_organisation)
    with count_statements() as one:
        auditor.get(asked)
    world(given_organisation)
    world(given_organisation)
    with app.app_context():
        db.session.remove()
    with count_statements() as three:
        assert table_of(auditor.get(asked)).count("membership.granted") == 3
    assert len(one) == len(three) == 6, "one of them writes down that the log was read"


def test_what_an_auditor_reads_is_recorded_once_with_its_row(auditor, world, readings):
    application = world(given_draft)
    claim = world(given_claim)
    pages = {
        f"/desk/dossiers/{application.reference}": ("admissibility.read", "application", application.id),
        f"/partnerships/{application.partnership_id}": ("partnership.see", "partnership", application.partnership_id),
        f"/desk/claims/{claim.id}": ("claim.see", "claim", claim.id),
        "/admin/people": ("person.read-all", "", None),
        LOG: ("audit.read-events", "", None),
    }
    for path in pages:
        assert auditor.get(path).status_code == 200, path
    assert readings() == list(pages.values())
    assert "audit.read" in table_of(auditor.get(f"{LOG}?subject={application.reference}")), "and found by what was read"


def test_pages_that_anybody_may_open_are_not_recorded(auditor, world, readings):
    world(given_announced_round)
    for path in ("/", "/rounds/B-2022-1", "/my-work", "/account", "/partnerships/987654"):
        auditor.get(path)
    assert readings() == []


def test_who_may_read_by_another_right_is_not_recorded(app, visitor, world, readings):
    application = world(given_draft)
    path = f"/desk/dossiers/{application.reference}"
    both = visitor.sign_in(world(given_auditor, Role.CASE_OFFICER).email)
    officer = Visitor(app).sign_in(world(given_person, "Mieke Hendrickx", roles=[Role.CASE_OFFICER]).email)
    assert both.get(path).status_code == officer.get(path).status_code == 200
    assert readings() == []
    assert Visitor(app).sign_in(world(given_auditor).email).get(path).status_code == 200
    assert readings() == [("admissibility.read", "application", application.id)]
