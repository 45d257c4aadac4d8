"""Taking an application away: its PDFs are asked for, its data downloaded, each as its reader may see it."""

import hashlib
import json
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.applications.commands.papers import claim_next, note_failure
from portal.applications.dossiers import list_snapshots
from portal.applications.models import Paper, Snapshot
from portal.applications.queries import get_application
from portal.applications.states import PaperFailure, PaperState
from portal.core.clock import machine_now
from portal.core.db import db
from portal.core.leasing import LEASE, MOST_ATTEMPTS
from portal.core.waking import wake
from tests.world.papers import WAGES, given_asked_paper, given_submitted_of_three


def wages(*names):
    return [wage for name in names for wage in WAGES[name]]


def rows():
    return [(each.kind, each.viewer, each.state) for each in db.session.scalars(sa.select(Paper).order_by(Paper.id))]


def test_the_lead_partner_downloads_the_frozen_data_byte_for_byte(world, visitor):
    made = world(given_submitted_of_three)
    answer = visitor.sign_in(made.lead).get(f"/applications/{made.reference}/versions/1.json")
    assert hashlib.sha256(answer.data).hexdigest() == made.sha256
    assert answer.headers["Content-Disposition"] == f"attachment; filename={made.reference}-versie-1.json"


def test_a_partner_reads_its_own_wages_and_the_others_as_totals(world, visitor):
    made = world(given_submitted_of_three)
    answer = visitor.sign_in(made.partner).get(f"/applications/{made.reference}/versions/1.json")
    for wage in wages("partner"):
        assert wage in answer.text
    for wage in wages("promotor", "other"):
        assert wage not in answer.text
    held = json.loads(answer.text)
    assert held["view"] == {"is_frozen_whole": False, "note": held["view"]["note"], "frozen_sha256": made.sha256}
    totals = {each["total_amount"] for each in held["application"]["budget"] if "total_amount" in each}
    assert totals == {str(sum(map(Decimal, WAGES[name]))) for name in ("promotor", "other")}
    assert "alleen het geheel" in held["view"]["note"]


def test_the_department_downloads_the_whole_and_a_stranger_finds_nothing(world, visitor):
    made = world(given_submitted_of_three)
    path = f"/applications/{made.reference}/versions/1.json"
    for email in (made.officer, made.auditor):
        assert hashlib.sha256(visitor.sign_in(email).get(path).data).hexdigest() == made.sha256
    visitor.sign_in(made.stranger)
    for page in (path, f"/applications/{made.reference}/papers", f"/applications/{made.reference}/papers/1"):
        assert visitor.get(page).status_code == 404
    ask = f"/applications/{made.reference}/versions/1/application"
    assert visitor.post(ask, page="/organisations").status_code == 404
    assert world(rows) == []


def test_a_pdf_is_asked_for_once_for_each_way_of_viewing(world, visitor):
    made = world(given_submitted_of_three)
    papers = f"/applications/{made.reference}/papers"
    for email in (made.lead, made.officer, made.partner):
        visitor.sign_in(email)
        assert "Pdf maken" in visitor.get(papers).text
        answer = visitor.post(f"/applications/{made.reference}/versions/1/application", page=papers)
        assert (answer.status_code, answer.location) == (302, papers)
        assert "Wordt gemaakt" in visitor.get(papers).text
    found = world(rows)
    assert [(kind, state) for kind, _, state in found] == [("application", "waiting")] * 2, "lead and officer share one"
    assert [viewer == "all" for _, viewer, _ in found] == [True, False]


def test_the_receipt_says_when_to_the_second_and_gives_its_pdf(world, visitor):
    made = world(given_submitted_of_three)
    receipt = f"/applications/{made.reference}/receipt"
    page = visitor.sign_in(made.partner).get(receipt).text
    for words in (
        "donderdag 28 juli 2022 om 11.59.03 uur, 1 dag vóór de deadline",
        "Alle gegevens downloaden",
        "000000000000",
    ):
        assert (words in page) == (words != "Alle gegevens downloaden"), "a partner's data do not give the digest"
    answer = visitor.post(f"/applications/{made.reference}/versions/1/receipt?from=receipt", page=receipt)
    assert answer.location == receipt
    assert "Wordt gemaakt" in visitor.get(receipt).text
    assert world(rows) == [("receipt", "", PaperState.WAITING)]


def test_asking_wakes_a_worker_once_the_work_is_committed(world):
    made, queue = world(given_submitted_of_three), RecordingQueue()

    def ask():
        given_asked_paper(made, made.lead)
        wake(queue, scans=False)
        wake(queue, scans=False)

    world(ask)
    assert queue.sent.count(("papers.make", "files")) == 1


class RecordingQueue:
    def __init__(self):
        self.sent = []

    def send(self, task, *, queue="periodic", **_arguments):
        self.sent.append((task, queue))

    def is_alive(self):
        return True


def given_versions(made, count):
    """Add versions until there are ``count``, as completions do."""
    application = get_application(made.reference)
    for number in range(len(list_snapshots(application)) + 1, count + 1):
        facts = {"content": made.content, "sha256": made.sha256, "taken_at": application.submitted_at}
        db.session.add(Snapshot(application_id=application.id, number=number, **facts))


@pytest.mark.parametrize("page", ["papers", "receipt"])
def test_one_version_costs_as_many_statements_as_three(page, world, visitor, count_statements):
    made = world(given_submitted_of_three)
    visitor.sign_in(made.lead)
    counts = []
    for versions in (1, 3):
        world(given_versions, made, versions)
        with count_statements() as sent:
            assert f"digest-{versions}" in visitor.get(f"/applications/{made.reference}/{page}").text
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_only_what_can_be_printed_of_a_version_that_exists_is_made(world, visitor):
    made = world(given_submitted_of_three)
    visitor.sign_in(made.lead)
    papers = f"/applications/{made.reference}/papers"
    for wrong in ("2/application", "1/draft", "1/cheque"):
        assert visitor.post(f"/applications/{made.reference}/versions/{wrong}", page=papers).status_code == 404
    assert visitor.get(f"/applications/{made.reference}/versions/2.json").status_code == 404


def fail(number, failure, times):
    for _ in range(times):
        paper = db.session.get(Paper, number)
        paper.due_at = machine_now()
        db.session.flush()
        claimed = claim_next(machine_now())
        assert claimed is not None
        assert claimed.id == number
        assert claim_next(machine_now()) is None, "leased: no other worker takes it"
        note_failure(claimed, failure, machine_now())
        db.session.commit()


def test_a_pdf_that_fails_is_tried_three_times_and_then_waits_for_a_person(world, visitor):
    made = world(given_submitted_of_three)
    number = world(given_asked_paper, made, made.lead)
    world(fail, number, PaperFailure.STORAGE, MOST_ATTEMPTS - 1)
    assert world(rows) == [("application", "all", PaperState.WAITING)]
    world(fail, number, PaperFailure.STORAGE, 1)
    papers = f"/applications/{made.reference}/papers"
    page = visitor.sign_in(made.lead).get(papers).text
    assert "Mislukt" in page
    assert "kon niet bewaard worden" in page
    visitor.post(f"/applications/{made.reference}/versions/1/application", page=papers)
    assert world(rows) == [("application", "all", PaperState.WAITING)]


def test_what_a_killed_worker_held_comes_back_after_its_lease(world):
    made = world(given_submitted_of_three)
    number = world(given_asked_paper, made, made.lead)

    def claim_twice():
        now = machine_now()
        return [each and each.id for each in (claim_next(now), claim_next(now), claim_next(now + LEASE))]

    assert world(claim_twice) == [number, None, number]


def test_a_machine_that_cannot_says_so_at_once_and_everything_else_works(world, visitor):
    made = world(given_submitted_of_three)
    world(fail, world(given_asked_paper, made, made.lead), PaperFailure.NO_LIBRARY, 1)
    page = visitor.sign_in(made.lead).get(f"/applications/{made.reference}/papers")
    assert page.status_code == 200
    assert "ontbreekt een systeembibliotheek" in page.text
    assert visitor.get(f"/applications/{made.reference}/versions/1.json").status_code == 200
