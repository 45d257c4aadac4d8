"""A round as a workbook: who may have it, what it leaves out for whom, and that nothing in it runs."""

from io import BytesIO

import openpyxl
import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import grant_right
from portal.accounts.queries import actor_of
from portal.core.actor import Right, Role
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.job_making import make_next
from portal.core.jobs import JobState, ask_job, find_job
from portal.core.large_workbook import Column, LargeWorkbook
from portal.desk.round_rows import hidden_from
from portal.desk.round_workbook import KIND, covers
from portal.partnerships.models import Partnership
from tests.world.accounts import ctx_for, given_person
from tests.world.decisions import given_confirmed, given_ranked_application, given_reviewed_round
from tests.world.reviewing import given_draft_review, given_submitted_review

FORMULA = '=HYPERLINK("http://kwaad.example";"klik")'
SHEETS = ["Over dit bestand", "Aanvragen", "Beoordelingen", "Rangschikking", "Beslissingen"]


@pytest.fixture
def round_(inside):
    """A decided round of two applications, one with a submitted review and one with a draft; a name is an attack."""
    round_ = given_reviewed_round()
    first, second = (
        given_ranked_application(round_, total, name=name) for total, name in (("81.50", "Noord"), ("70.25", "Zuid"))
    )
    given_confirmed(round_)
    given_submitted_review(first, scores=9)
    given_draft_review(second)
    db.session.execute(sa.update(Partnership).where(Partnership.id == first.partnership_id).values(name=FORMULA))
    db.session.commit()
    round_.first, round_.second = first, second
    return round_


def made_for(app, person, round_):
    """The workbook as this person gets it, by sheet and row; with its job."""
    actor = actor_of(person)
    ask_job(Ctx(ctx_for(person, "2022-09-01T10:00").now, actor), KIND, round_.id)
    db.session.commit()
    make_next(app, ctx_for())
    job = find_job(actor, KIND, round_.id)
    assert job.state is JobState.DONE, job.failure
    with app.extensions["portal.storage"].open(str(job.file.key)) as content:
        book = openpyxl.load_workbook(BytesIO(content.read()))
    return {sheet.title: list(sheet.iter_rows()) for sheet in book.worksheets}, job


def values(rows):
    return [[cell.value for cell in row] for row in rows]


def column(rows, title):
    place = [cell.value for cell in rows[0]].index(title)
    return [row[place].value for row in rows[1:]]


def test_a_case_officer_reads_every_application_review_place_and_decision(app, round_):
    officer = given_person("Wim Goossens", roles=[Role.CASE_OFFICER])
    book, _job = made_for(app, officer, round_)
    assert list(book) == SHEETS
    applications = book["Aanvragen"]
    assert column(applications, "Referentie") == [round_.first.reference, round_.second.reference]
    assert column(applications, "Gevraagde subsidie") == [400000, 400000]
    assert column(applications, "Rang") == [1, 2]
    assert column(book["Rangschikking"], "Totaal") == [81.5, 70.25]
    assert column(book["Rangschikking"], "Reden") == ["Past in het budget"] * 2
    assert column(book["Beslissingen"], "Bedrag") == [400000, 400000]
    reviews = values(book["Beoordelingen"])
    assert [row[0] for row in reviews[1:]] == [round_.first.reference, round_.second.reference]
    assert all(each is not None for each in reviews[1][6:])
    assert all(each is None for each in reviews[2][5:]), "a draft is its writer's own"


def test_nothing_that_was_typed_runs(app, round_):
    book, _job = made_for(app, given_person("Amir Haddad", roles=[Role.AUDITOR]), round_)
    cell = book["Aanvragen"][1][1]
    assert (cell.value, cell.data_type, cell.hyperlink) == (FORMULA, "s", None)
    assert (cell.number_format, cell.quotePrefix) == ("@", True)


def test_who_has_a_part_reads_neither_those_applications_nor_any_ranking(app, round_):
    officer = given_person("Wim Goossens", roles=[Role.CASE_OFFICER])
    whole, before = made_for(app, officer, round_)
    grant_right(ctx_for(), round_.second.promotor, officer, Right.READER)
    db.session.commit()
    hidden = hidden_from(round_.id, actor_of(officer))
    assert hidden == {round_.second.id}
    assert not covers(before, hidden), "what was made before may not be downloaded any more"
    book, job = made_for(app, officer, round_)
    assert covers(job, hidden)
    assert list(book) == SHEETS[:3]
    assert column(book["Aanvragen"], "Referentie") == [round_.first.reference]
    assert column(book["Beoordelingen"], "Referentie") == [round_.first.reference]
    told = str([values(rows) for rows in book.values()])
    assert "Weggelaten" in told
    for word in (round_.second.reference, "Zuid", "70.25", "Rang'"):
        assert word not in told
        assert word in str([values(rows) for rows in whole.values()])


def test_the_number_of_statements_does_not_grow(app, round_, count_statements):
    officer = given_person("Wim Goossens", roles=[Role.CASE_OFFICER])
    with count_statements() as few:
        made_for(app, officer, round_)
    given_ranked_application(round_, "65.00", name="Oost")
    given_ranked_application(round_, "64.00", name="West")
    with count_statements() as more:
        made_for(app, officer, round_)
    assert len(few) == len(more)


def test_a_text_that_no_cell_holds_is_made_to_fit():
    out = BytesIO()
    book = LargeWorkbook(out, "x")
    assert book.add_sheet("x", [Column("a")], [["\x00\x1b[31m" + "é" * 40_000], [None]]) == 2
    book.close()
    value = openpyxl.load_workbook(out).active["A2"].value
    assert value.startswith("  [31mé")
    assert len(value) == 32_767


@pytest.mark.parametrize(
    ("roles", "status"),
    [([Role.AUDITOR], 200), ([Role.CASE_OFFICER], 200), ([Role.ADMINISTRATOR], 404), ([Role.REVIEWER], 404)],
)
def test_a_round_is_for_who_may_see_its_scores(world, visitor, roles, status):
    code = world(lambda: given_reviewed_round().code)
    visitor.sign_in(world(lambda: given_person("Iemand", roles=roles)).email)
    assert visitor.get(f"/desk/rounds/{code}/export").status_code == status
    assert visitor.post(f"/desk/rounds/{code}/export", page="/account").status_code == (
        302 if status == 200 else status
    )
