"""What people take away to work on: the empty form for anybody, the filled draft for who takes part."""

import re
from io import BytesIO

import docx
import sqlalchemy as sa
from docx.oxml.ns import qn

from portal.accounts.queries import list_leads
from portal.applications.models import Paper
from portal.calls.models import Round
from portal.core.db import db
from tests.world.accounts import given_person
from tests.world.applications_models import EXECUTION, change_answer, given_complete_draft, given_open_round
from tests.world.papers import INJECTED, WAGES, given_draft_of_three

LOAN = next(each.key for each in EXECUTION.form.questions if each.label.nl == "Hoe organiseert u de uitleendienst?")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def given_draft():
    application, owners = given_draft_of_three()
    return (
        application.reference,
        list_leads([application.promotor_id])[0].email,
        list_leads([owners["partner"]])[0].email,
        given_person("Bram Nijs").email,
    )


def read(answer):
    assert (answer.status_code, answer.mimetype) == (200, WORD)
    return docx.Document(BytesIO(answer.data))


def text_of(document):
    """Everything that stands in the document, tables included."""
    return "\n".join(
        "".join(part.text for part in each.iter(qn("w:t")) if part.text)
        for each in document.element.body.iter(qn("w:p"))
    )


def headings(document, level):
    return [each.text for each in document.paragraphs if each.style.name == f"Heading {level}"]


def test_the_draft_is_a_word_document_with_headings_language_and_title(world, visitor):
    reference, lead, _partner, _stranger = world(given_draft)
    answer = visitor.sign_in(lead).get(f"/applications/{reference}/draft.docx")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={reference}-werkversie.docx"
    document = read(answer)
    assert document.core_properties.title == "Digibank Noordheide"
    assert document.core_properties.language == "nl-BE"
    assert {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))} == {"nl-BE"}
    assert headings(document, 1) == ["Digibank Noordheide"]
    assert headings(document, 2) == [f"{each.code} {each.title.nl}" for each in EXECUTION.form.sections]
    assert headings(document, 3) == [each.label.nl for each in EXECUTION.form.questions]
    assert all(table.rows[0]._tr.trPr is not None for table in document.tables if len(table.columns) > 1), (
        "a header row"
    )
    for words in ("hoogstens 2500 tekens", "Hersteld via de sociale economie", "1 januari 2023"):
        assert words in text_of(document)


def test_what_somebody_typed_stays_text_and_control_characters_are_left_out(world, visitor):
    reference, lead, _partner, _stranger = world(given_draft)
    assert INJECTED in text_of(read(visitor.sign_in(lead).get(f"/applications/{reference}/draft.docx")))

    def given_odd_characters():
        application = given_complete_draft()
        change_answer(
            application,
            LOAN,
            "Eerst\x0b\x1f en dan 😀 \ufffe!",
        )
        return application.reference, list_leads([application.promotor_id])[0].email

    reference, lead = world(given_odd_characters)
    assert "Eerst en dan 😀 !" in text_of(read(visitor.sign_in(lead).get(f"/applications/{reference}/draft.docx")))


def test_a_partner_takes_its_own_wages_along_and_a_stranger_nothing(world, visitor):
    reference, lead, partner, stranger = world(given_draft)
    path = f"/applications/{reference}/draft.docx"
    text = text_of(read(visitor.sign_in(lead).get(path)))
    assert all(dutch(wage) in text for name in WAGES for wage in WAGES[name])
    text = text_of(read(visitor.sign_in(partner).get(path)))
    assert all(dutch(wage) in text for wage in WAGES["partner"])
    assert not any(dutch(wage) in text for name in ("promotor", "other") for wage in WAGES[name])
    assert visitor.sign_in(stranger).get(path).status_code == 404
    assert visitor.post(f"/applications/{reference}/draft", page="/organisations").status_code == 404


def dutch(wage):
    whole, cents = wage.split(".")
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", ".", whole) + "," + cents


def sources():
    return list(db.session.scalars(sa.select(Paper.source).order_by(Paper.id)))


def test_a_draft_that_was_never_submitted_can_still_be_taken_along_after_the_deadline(world, visitor):
    reference, lead, _partner, _stranger = world(given_draft)  # its round closed in 2022
    page = visitor.sign_in(lead).get(f"/applications/{reference}").text
    assert "niet ingediend" in page
    assert f'href="/applications/{reference}/papers">Download wat u schreef' in page
    assert INJECTED in text_of(read(visitor.get(f"/applications/{reference}/draft.docx")))


def test_a_pdf_of_the_draft_is_made_anew_once_the_draft_changed(world, visitor):
    reference, lead, _partner, _stranger = world(given_draft)
    page = f"/applications/{reference}/papers"
    visitor.sign_in(lead)
    assert "Er is nog niets ingediend" in visitor.get(page).text
    for _ in range(2):
        assert visitor.post(f"/applications/{reference}/draft", page=page).status_code == 302
    assert len(world(sources)) == 1
    assert "Wordt gemaakt" in visitor.get(page).text

    def change():
        from portal.applications.queries import get_application

        change_answer(get_application(reference), LOAN, "Anders.")

    world(change)
    assert "Wordt gemaakt" not in visitor.get(page).text
    visitor.post(f"/applications/{reference}/draft", page=page)
    assert len(set(world(sources))) == 2


def given_round():
    return given_open_round().code


def test_anybody_downloads_the_form_without_answers_and_asks_one_pdf_for_all(world, visitor):
    code = world(given_round)
    page = f"/rounds/{code}/form"
    assert f'href="{page}"' in visitor.get(f"/rounds/{code}").text
    document = read(visitor.get(f"{page}.docx"))
    assert headings(document, 3) == [each.label.nl for each in EXECUTION.form.questions]
    assert "Voorbeeld van een sterk antwoord: “Elke lener krijgt" in text_of(document)
    assert "☐ Hersteld via de sociale economie" in text_of(document)
    assert visitor.get(f"{page}.pdf").status_code == 404
    for _ in range(2):
        assert visitor.post(f"{page}/pdf", page=page).location == page
    assert len(world(sources)) == 1
    assert "Wordt gemaakt" in visitor.get(page).text


def test_the_form_of_a_round_that_is_not_announced_does_not_exist(world, visitor):
    code = world(given_round)

    def withdraw():
        db.session.execute(sa.update(Round).where(Round.code == code).values(announced_at=None, state="draft"))

    world(withdraw)
    for path in ("form", "form.docx", "form.pdf"):
        assert visitor.get(f"/rounds/{code}/{path}").status_code == 404
