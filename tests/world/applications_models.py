"""A complete draft in an open round, written straight into the tables that its own commands will fill."""

from datetime import date
from decimal import Decimal
from itertools import count
from uuid import uuid4

from portal.applications.models import Application, Attachment, BudgetLine, PartnerPart, Section
from portal.applications.queries import get_application
from portal.applications.states import VatStatus
from portal.calls.catalogue import load_programmes
from portal.calls.commands.reminders import give_usual_reminders
from portal.calls.definitions import CallDefinition
from portal.calls.form_definitions import QuestionKind
from portal.calls.models import Call, FormVersion, Programme, Round
from portal.calls.states import RankingPolicy, RoundState
from portal.core.db import db
from portal.core.files import FileState, StoredFile
from portal.partnerships.models import Partner, Partnership, Strategy
from portal.partnerships.states import PartnerRole, StrategyOrigin, StrategyState
from tests.world.accounts import NOW, given_organisation
from tests.world.time import moment

CLOSES = moment("2022-07-29T12:00")
_numbers = count(1)
DIGIBANKEN = next(each for each in load_programmes() if each.definition.code == "digibanken")
EXECUTION = next(each for each in DIGIBANKEN.calls if each.definition.code == "execution")
TYPED = "Zo doen wij het."  # every text of the application in the tests
ACCEPTED = frozenset(each.code for each in EXECUTION.definition.declarations)


def given_open_round(beside=None, **capabilities):
    """An execution round in a programme of its own, or beside another round; ``capabilities`` are its call's."""
    serial = next(_numbers)
    programme = beside.call.programme if beside else _programme(serial)
    terms = CallDefinition.from_json({**EXECUTION.definition.to_json(), **capabilities})
    code, letter = (f"beside-{serial}", f"Z{serial}") if beside else ("execution", "B")
    call = Call(programme=programme, code=code, letter=letter, definition=terms)
    db.session.add(call)
    db.session.flush()
    form = FormVersion(call_id=call.id, number=1, definition=EXECUTION.form, created_at=moment(NOW))
    db.session.add(form)
    db.session.flush()
    give_usual_reminders(call.id)
    round_ = Round(
        call=call,
        code=f"B-2022-{serial}",
        year=2022,
        number=serial,
        state=RoundState.DRAFT,
        opens_at=moment("2022-06-13T09:00"),
        closes_at=CLOSES,
        decision_due_on=date(2022, 10, 21),
        projects_start_on=date(2022, 11, 1),
        budget_amount=Decimal("4000000.00"),
        ranking_policy=RankingPolicy.PARTIAL,
        form_version_id=form.id,
        terms=terms,
        drafted_at=moment(NOW),
        announced_at=moment(NOW),
    )
    db.session.add(round_)
    db.session.flush()
    db.session.execute(Round.__table__.update().where(Round.id == round_.id).values(state="announced"))
    db.session.refresh(round_, ["state"])
    return round_


def _programme(serial):
    return Programme(
        code=f"digibanken-{serial}",
        prefix=f"D{serial}",
        budget_amount=DIGIBANKEN.definition.budget_amount,
        starts_on=DIGIBANKEN.definition.starts_on,
        ends_on=DIGIBANKEN.definition.ends_on,
        definition=DIGIBANKEN.definition,
    )


def given_complete_draft(promotor=None, *, strategy=StrategyState.RECOGNISED, costs="400000.00", round_=None):
    """A draft that lacks nothing: every question answered, every document attached, the strategy as asked."""
    promotor = promotor or given_organisation()
    round_ = round_ or given_open_round()
    partnership = Partnership(programme_id=round_.call.programme_id, name="Digibank Noordheide", begun_at=moment(NOW))
    partnership.partners = [
        Partner(organisation_id=promotor.id, role=PartnerRole.PROMOTOR, started_on=date(2022, 6, 1))
    ]
    db.session.add(partnership)
    db.session.flush()
    if strategy is not None:
        _add_strategy(partnership, strategy)
    serial = next(_numbers)
    application = Application(
        round_id=round_.id,
        partnership_id=partnership.id,
        promotor_id=promotor.id,
        number=serial,
        reference=f"DB-{round_.code}-{serial:04d}",
        begun_at=moment(NOW),
    )
    application.sections = [
        Section(code=section.code, answers=_answers(section), version=1) for section in EXECUTION.form.sections
    ]
    application.parts = [
        PartnerPart(
            organisation_id=promotor.id,
            role="promotor",
            task="Leidt het project.",
            receives_funds=True,
            vat_status=VatStatus.LIABLE,
            earlier_aid_amount=Decimal("0.00"),
        )
    ]
    application.lines = [
        BudgetLine(
            organisation_id=promotor.id,
            category="staff",
            year=2023,
            quantity=Decimal(1),
            unit_price_amount=Decimal(costs),
            explanation="Twee digihelpers, samen 1,2 voltijds.",
        )
    ]
    application.attachments = list(documents_of(promotor.id))
    db.session.add(application)
    db.session.commit()
    return get_application(application.reference)


def change_answer(application, key, answer):
    """Give ``key`` another answer, as a save of its section would."""
    section = next(each for each in application.sections if key in each.answers)
    section.answers = {**section.answers, key: answer}
    db.session.commit()


def _add_strategy(partnership, state):
    row = Strategy(partnership_id=partnership.id, origin=StrategyOrigin.REGISTERED, begun_at=moment(NOW))
    db.session.add(row)
    db.session.flush()
    set_strategy(row.id, state)


def set_strategy(strategy_id, state):
    """Write a strategy's state in one UPDATE for each of its moves."""
    steps = [StrategyState.SUBMITTED] if state is not StrategyState.BEING_FORMED else []
    steps += [state] if state not in (StrategyState.SUBMITTED, StrategyState.BEING_FORMED) else []
    for each in steps:
        move_strategy(strategy_id, each)


def move_strategy(strategy_id, state):
    table = Strategy.__table__
    db.session.execute(table.update().where(table.c.id == strategy_id).values(state=str(state)))


def documents_of(promotor_id):
    """Yield every document that the form asks of the whole and of one funded organisation."""
    for question in EXECUTION.form.questions:
        if question.kind is QuestionKind.ATTACHMENT and question.per_partner != "funded_exempt_or_mixed":
            file = StoredFile(
                key=uuid4(),
                name=f"{question.key}.pdf",
                media_type="application/pdf",
                size=1000,
                sha256="0" * 64,
                state=next(iter(FileState)),
                uploaded_at=moment(NOW),
            )
            owner = promotor_id if question.per_partner else None
            yield Attachment(kind=question.key, organisation_id=owner, file=file, attached_at=moment(NOW))


def _answers(section):
    fixed = {
        "project_starts_on": "2023-01-01",
        "project_ends_on": "2024-12-31",
        "lowest_grant": None,
        "other_income": [],
        "eu_logo": True,
        "declarations": sorted(ACCEPTED),
    }
    asked = [
        each for each in section.questions if each.per_partner is None and each.kind is not QuestionKind.CALCULATED
    ]
    return {each.key: fixed[each.key] if each.key in fixed else _answer(each) for each in asked}


def _answer(question):
    simple = {
        QuestionKind.NUMBER: "10",
        QuestionKind.MONEY: "10.00",
        QuestionKind.DATE: "2023-06-01",
        QuestionKind.YES_NO: False,
        QuestionKind.MUNICIPALITIES: ["13001"],
        QuestionKind.PERSON: {"name": "Eva Claes"},
        QuestionKind.TARGETS_PER_YEAR: {"2023": {"jobseekers": 10}, "2024": {"jobseekers": 0}},
    }
    if question.kind is QuestionKind.SINGLE_CHOICE:
        return question.options[0].code
    if question.kind is QuestionKind.MULTIPLE_CHOICE:
        return [question.options[0].code]
    if question.kind is QuestionKind.REPEATING_GROUP:
        return [{column.key: _answer(column) for column in question.columns}]
    return simple.get(question.kind, TYPED)
