"""A draft takes over what is there already, remembers from where, and says what it could not take over."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.applications.commands.outcome import record_outcome
from portal.applications.commands.start import start_application
from portal.applications.counted import counted_of
from portal.applications.models import Application, BudgetLine, PartnerPart, Section
from portal.applications.queries import answers_of, get_application
from portal.applications.states import Outcome, State
from portal.calls.form_definitions import QuestionKind
from portal.calls.models import Round
from portal.calls.queries import form_of
from portal.core.db import db
from portal.core.errors import NotFound
from portal.partnerships.queries import get_partnership
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications import given_draft, given_round
from tests.world.drafting import given_open_round
from tests.world.http import Visitor
from tests.world.partnerships import given_partnership, given_recognised_strategy
from tests.world.time import moment

FEEDBACK = {
    "total": "52.50",
    "criteria": {"cost_effectiveness": "3.50", "objective_1": "4.00"},
    "text": "Het plan overtuigt, de prijzen niet.",
    "reviews": [],
}


def given_earlier(lead=None):
    """An application of the execution call with answers, a part, a cost that can be copied and one that cannot."""
    organisation, brem = given_organisation(lead), given_organisation(name="De Brem")
    partnership = given_partnership(organisation, partners=[brem])
    earlier = given_draft(partnership, round_=given_open_round(), person=lead)
    for code, answers in known_answers(earlier).items():
        section = next(each for each in earlier.sections if each.code == code)
        section.answers = {**section.answers, **answers}
    part = earlier.parts[0]
    part.task, part.receives_funds, part.vat_status = "Leidt het project.", True, "liable"
    part.earlier_aid, part.earlier_aid_amount = {"2021": "10.00"}, Decimal("10.00")
    for category, year in (("staff", 2023), ("staff", 2021), ("wages", 2023)):
        line = BudgetLine(category=category, year=year, quantity=Decimal(1), unit_price_amount=Decimal("100.00"))
        line.organisation_id, line.explanation = organisation.id, "Een halftijdse digihelper."
        earlier.lines.append(line)
    spring = {"opens_at": moment("2022-04-19T09:00"), "closes_at": moment("2022-05-31T12:00")}
    db.session.execute(sa.update(Round).where(Round.id == earlier.round_id).values(spring))  # rounds never overlap
    db.session.commit()
    return earlier


def known_answers(application):
    """A text for the first long text of two sections, and a day for the first question that asks one."""
    found = {}
    for section in form_of(application.round).sections:
        texts = [each.key for each in section.questions if each.kind is QuestionKind.LONG_TEXT]
        days = [each.key for each in section.questions if each.kind is QuestionKind.DATE]
        if section.code in ("B2", "B11"):
            found[section.code] = {texts[0]: f"Geschreven voor {section.code}."}
        if days:
            found[section.code] = {**found.get(section.code, {}), days[0]: "2022-11-01"}
    return found


def copied(earlier):
    """The same partnership's draft in the next round of the call, as a copy of the earlier application."""
    round_, partnership = given_round(), get_partnership(earlier.partnership_id)
    made = start_application(ctx_for(), round_, partnership, get_application(earlier.reference))
    db.session.commit()
    return get_application(made.reference)


def test_a_copy_takes_over_answers_parts_and_costs_but_no_days_and_no_aid(inside):
    earlier = given_earlier()
    draft = copied(earlier)
    texts = {key: value for key, value in answers_of(draft).items() if str(value).startswith("Geschreven voor")}
    assert sorted(texts.values()) == ["Geschreven voor B11.", "Geschreven voor B2."]
    assert "2022-11-01" not in answers_of(draft).values()
    origins = {key: each["source"] for section in draft.sections for key, each in section.carried.items()}
    assert {origins[key] for key in texts} == {"application"}
    part = draft.parts[0]
    assert (part.task, part.receives_funds, part.vat_status) == ("Leidt het project.", True, "liable")
    assert (part.earlier_aid, part.earlier_aid_amount) == ({}, None)
    assert [(each.category, each.year) for each in draft.lines] == [("staff", 2023)]
    assert draft.copied_from_id == earlier.id
    assert draft.attachments == []


def test_only_an_application_of_the_same_partnership_and_call_is_copied(inside):
    earlier, round_ = given_earlier(), given_round()
    other = given_partnership(given_organisation(), name="Digibank Leie")
    with pytest.raises(NotFound):
        start_application(ctx_for(), round_, other, get_application(earlier.reference))
    mine = get_partnership(earlier.partnership_id)
    of_formation = given_draft(mine, round_=given_round("formation"))
    with pytest.raises(NotFound):
        start_application(ctx_for(), round_, mine, get_application(of_formation.reference))
    assert start_application(ctx_for(), round_, mine, get_application(earlier.reference)).copied_from_id == earlier.id


def test_costs_that_the_actor_cannot_read_line_by_line_stay_behind(inside):
    lead = given_person("Eva Claes")
    earlier = given_earlier(lead)
    brem = next(each.organisation_id for each in earlier.parts if each.organisation_id != earlier.promotor_id)
    former = given_organisation(name="De vorige promotor")
    db.session.execute(sa.update(Application).where(Application.id == earlier.id).values(promotor_id=former.id))
    db.session.add(PartnerPart(application_id=earlier.id, organisation_id=former.id, role="promotor"))
    stmt = sa.update(BudgetLine).where(BudgetLine.application_id == earlier.id, BudgetLine.category == "staff")
    db.session.execute(stmt.values(organisation_id=brem))
    db.session.commit()
    round_, partnership = given_round(), get_partnership(earlier.partnership_id)
    draft = start_application(ctx_for(lead), round_, partnership, get_application(earlier.reference, lock=True))
    assert draft.lines == []


def test_what_was_said_of_a_refused_application_is_found_and_that_of_an_award_is_not(inside):
    earlier = given_earlier()
    draft = copied(earlier)
    assert counted_of(draft).judged_before is None
    decide(earlier.reference, Outcome.REFUSED)
    assert counted_of(draft).judged_before["reference"] == earlier.reference
    decide(earlier.reference, Outcome.APPROVED)
    assert counted_of(draft).judged_before is None


def decide(reference, outcome):
    table = Application.__table__
    mine = table.update().where(table.c.reference == reference)
    if get_application(reference, lock=True).state is State.DRAFT:
        db.session.execute(mine.values(state="submitted", submitted_at=sa.func.now()))
        db.session.execute(mine.values(state="admissible", admissible_at=sa.func.now()))
        db.session.commit()
    amount = Decimal("100.00") if outcome is Outcome.APPROVED else None
    record_outcome(ctx_for(), get_application(reference, lock=True), outcome, amount, FEEDBACK)
    db.session.commit()


def given_second_chance(lead):
    """An earlier application of the lead's partnership that was refused, and the round that is open now."""
    earlier = given_earlier(lead)
    decide(earlier.reference, Outcome.REFUSED)
    return earlier.reference, earlier.partnership_id, given_open_round().code


def test_a_refused_partnership_begins_with_a_copy_and_reads_what_was_said_beside_its_questions(app, visitor, world):
    lead = world(given_person, "Eva Claes")
    reference, partnership, code = world(given_second_chance, lead)
    page = f"/rounds/{code}/apply"
    visitor.sign_in(lead.email)
    assert f"Een kopie van {reference}" in visitor.get(page).text
    answer = visitor.post(page, {"partnership": partnership, "earlier": reference})
    assert answer.location.endswith("/taken-over")
    shown = visitor.get(answer.location).text
    for words in ("Overgenomen uit de vorige aanvraag", "Kosten van de begroting: 2", "DAEB-de-minimissteun"):
        assert words in shown
    path = answer.location.removesuffix("/taken-over")
    section = visitor.get(f"{path}/sections/B2").text
    assert "Overgenomen uit de vorige aanvraag" in section
    assert "Sindsdien niet gewijzigd." in section
    assert f"Wat er over uw aanvraag {reference} gezegd is" in section
    assert "Het plan overtuigt, de prijzen niet." in section
    budget = visitor.get(f"{path}/sections/B13").text.replace("\xa0", " ")
    assert "Vorige keer: 3,50 op 10" in budget
    world(rewrite, path.rsplit("/", 1)[1])
    section = visitor.get(f"{path}/sections/B2").text
    assert "<del>Geschreven</del><ins>Herschreven</ins> voor B2." in section
    stranger = Visitor(app).sign_in(world(given_person).email)
    assert stranger.get(answer.location).status_code == 404


def rewrite(reference):
    section = db.session.scalar(
        sa.select(Section).join(Section.application).where(Application.reference == reference, Section.code == "B2")
    )
    section.answers = {key: str(value).replace("Geschreven", "Herschreven") for key, value in section.answers.items()}


def test_a_draft_that_begins_from_the_strategy_says_so(visitor, world):
    lead = world(given_person, "Eva Claes")

    def begun():
        partnership = given_partnership(given_organisation(lead))
        given_recognised_strategy(partnership)
        return given_draft(get_partnership(partnership.id), round_=given_open_round(), person=lead).reference

    path = f"/applications/{world(begun)}"
    visitor.sign_in(lead.email)
    assert "Overgenomen uit de strategie" in visitor.get(f"{path}/sections/B3").text
    assert f"{path}/taken-over" in visitor.get(path).text
    assert "Overgenomen uit de strategie" in visitor.get(f"{path}/taken-over").text


def test_another_partnerships_application_cannot_be_chosen(visitor, world):
    lead = world(given_person, "Eva Claes")
    _, partnership, code = world(given_second_chance, lead)
    visitor.sign_in(lead.email)
    answer = visitor.post(f"/rounds/{code}/apply", {"partnership": partnership, "earlier": "DB-B-2021-1-0001"})
    assert answer.status_code == 422
