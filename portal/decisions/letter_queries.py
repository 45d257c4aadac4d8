"""Reading the texts of letters, the letters of a decision or a round, and real files to try a text on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.applications.states import AWARDS, Outcome, State
from portal.calls.models import Call, Programme, Round
from portal.core.db import db, find_one, get_one
from portal.core.errors import NotFound
from portal.core.files import StoredFile
from portal.core.paging import Page, page
from portal.decisions import candidates, queries
from portal.decisions.feedback import feedback_of
from portal.decisions.letter_models import Letter, LetterText
from portal.decisions.letter_values import (
    Values,
    kind_of,
    values_of_answer,
    values_of_decision,
    values_of_refused_admission,
)
from portal.decisions.models import Decision, ReviewRequest
from portal.decisions.request_queries import find_request
from portal.decisions.states import LetterKind, LetterState, RequestState
from portal.partnerships.models import Partner, Partnership

SHIPPED = Path(__file__).parent / "letters"
MOST_EXAMPLES = 40
ROWS_ON_A_PAGE = 100
ANSWERS = {LetterKind.UPHELD: RequestState.UPHELD, LetterKind.DISMISSED: RequestState.DISMISSED}


@dataclass(frozen=True, slots=True)
class StandingText:
    """The text of a kind of letter that stands in a programme. ``number`` 0 is the one that is shipped."""

    programme: Programme
    kind: LetterKind
    number: int
    text: str
    version: LetterText | None

    __tablename__: ClassVar[str] = Programme.__tablename__  # an auditor's reading is one of the programme

    @property
    def id(self) -> int:
        return self.programme.id


@cache
def shipped_text(kind: LetterKind) -> str:
    """Return the text that every programme begins with."""
    return (SHIPPED / f"{kind}.md").read_text(encoding="utf-8").strip()


def list_standing(programmes: Iterable[Programme]) -> dict[int, dict[LetterKind, StandingText]]:
    """Return the text that stands for each kind of letter, by programme (one statement)."""
    wanted = list(programmes)
    stmt = (
        sa.select(LetterText)
        .where(LetterText.programme_id.in_([each.id for each in wanted]))
        .ext(distinct_on(LetterText.programme_id, LetterText.kind))
        .options(joinedload(LetterText.written_by))
        .order_by(LetterText.programme_id, LetterText.kind, LetterText.number.desc())
    )
    latest = {(each.programme_id, LetterKind(each.kind)): each for each in db.session.scalars(stmt)}
    return {one.id: {kind: _standing(one, kind, latest.get((one.id, kind))) for kind in LetterKind} for one in wanted}


def get_standing(code: str, kind: str, *, lock: bool = False) -> StandingText:
    """Return the text that stands; NotFound for an unknown programme or kind. ``lock``: nobody saves another meanwhile."""
    if kind not in tuple(LetterKind):
        raise NotFound
    programme = get_one(sa.select(Programme).where(Programme.code == code), lock=lock)
    stmt = sa.select(LetterText).where(LetterText.programme_id == programme.id, LetterText.kind == kind)
    stmt = stmt.options(joinedload(LetterText.written_by)).order_by(LetterText.number.desc()).limit(1)
    return _standing(programme, LetterKind(kind), find_one(stmt))


def _standing(programme: Programme, kind: LetterKind, latest: LetterText | None) -> StandingText:
    if latest is None:
        return StandingText(programme, kind, 0, shipped_text(kind), None)
    return StandingText(programme, kind, latest.number, latest.text, latest)


def list_versions(standing: StandingText) -> list[LetterText]:
    """Return the versions of a text, the latest first, with who wrote each."""
    stmt = sa.select(LetterText).where(
        LetterText.programme_id == standing.programme.id, LetterText.kind == standing.kind
    )
    stmt = stmt.options(joinedload(LetterText.written_by)).order_by(LetterText.number.desc())
    return list(db.session.scalars(stmt))


def text_of_version(standing: StandingText, number: int) -> str:
    """Return what version ``number`` says; NotFound where there is none."""
    if number == 0:
        return shipped_text(standing.kind)
    stmt = sa.select(LetterText).where(
        LetterText.programme_id == standing.programme.id, LetterText.kind == standing.kind, LetterText.number == number
    )
    return get_one(stmt).text


def _letters() -> sa.Select[Any]:
    return sa.select(Letter).options(joinedload(Letter.pdf), joinedload(Letter.docx))


def get_refused_admission(ref: str, *, lock: bool = False) -> Application:
    """Return the application; NotFound unless it was found inadmissible."""
    application = get_application(ref, lock=lock)
    if application.state != State.INADMISSIBLE:
        raise NotFound
    return application


def list_refusal_letters(application: Application) -> list[Letter]:
    """Return the letter that says why an application is inadmissible, with its files; none of the time before letters."""
    wanted = Letter.application_id == application.id, Letter.kind == LetterKind.INADMISSIBLE
    found = list(db.session.scalars(_letters().where(*wanted)))
    for each in found:
        set_committed_value(each, "application", application)
    return found


def list_letters(decision: Decision) -> list[Letter]:
    """Return the letters of a decision with their files, the first told first."""
    stmt = _letters().where(Letter.decision_id == decision.id).order_by(Letter.told_at, Letter.id)
    found = list(db.session.scalars(stmt))
    for each in found:
        set_committed_value(each, "application", decision.application)
    return found


def page_round_letters(round_id: int, cursor: str | None) -> Page[Letter]:
    """Return one page of a round's letters that are ready or being made, as they were told, with files and partners."""
    stmt = _of_round(round_id).where(Letter.state != LetterState.FAILED)
    return page(stmt, by=[(Letter.id, False)], key=lambda each: [each.id], cursor=cursor, size=ROWS_ON_A_PAGE)


def list_failed_letters(round_id: int) -> list[Letter]:
    """Return the first of a round's letters that could not be made."""
    stmt = _of_round(round_id).where(Letter.state == LetterState.FAILED)
    return list(db.session.scalars(stmt.order_by(Letter.id).limit(ROWS_ON_A_PAGE)))


def _of_round(round_id: int) -> sa.Select[Any]:
    told = joinedload(Letter.application).joinedload(Application.partnership)
    stmt = _letters().options(told.selectinload(Partnership.partners))
    return stmt.join(Application, Application.id == Letter.application_id).where(Application.round_id == round_id)


def get_letter(number: int, *, lock: bool = False) -> Letter:
    """Return the letter with its files, its application and all that ``get_application`` loads."""
    letter: Letter = get_one(_letters().where(Letter.id == number), lock=lock)
    reference = sa.select(Application.reference).where(Application.id == letter.application_id)
    set_committed_value(letter, "application", get_application(db.session.scalars(reference).one()))
    return letter


def find_told(reference: str, sha256: str) -> datetime | None:
    """Return when a letter about application ``reference`` was told that has this digest: of what it says, or of a file."""
    of_a_file = sa.exists().where(StoredFile.id.in_([Letter.pdf_id, Letter.docx_id]), StoredFile.sha256 == sha256)
    stmt = (
        sa.select(sa.func.min(Letter.told_at))
        .join(Application, Application.id == Letter.application_id)
        .where(Application.reference == reference, sa.or_(Letter.sha256 == sha256, of_a_file))
    )
    return db.session.scalar(stmt)


def count_states() -> dict[str, dict[LetterState, int]]:
    """Return how many letters stand in each state, by the code of their round."""
    stmt = (
        sa.select(Round.code, Letter.state, sa.func.count())
        .join(Application, Application.id == Letter.application_id)
        .join(Round, Round.id == Application.round_id)
        .group_by(Round.code, Letter.state)
        .order_by(Round.code)
    )
    found: dict[str, dict[LetterState, int]] = {}
    for code, state, number in db.session.execute(stmt):
        found.setdefault(code, {})[LetterState(state)] = number
    return found


def count_letters(programme: Programme, decisions: Iterable[Decision]) -> list[tuple[LetterKind, int, StandingText]]:
    """Return how many letters of each kind these decisions would get, and the text that each is made of."""
    texts, kinds = list_standing([programme])[programme.id], Counter(kind_of(each) for each in decisions)
    return [(each, kinds[each], texts[each]) for each in LetterKind if kinds[each]]


def list_examples(standing: StandingText, own: Iterable[int]) -> list[tuple[int, str]]:
    """Return decisions whose letter is of this kind, the latest first: number, and name to choose by.

    Decided or still pending; none of a round in which one of the organisations ``own`` takes part. For the letter about
    an inadmissible application: applications, by theirs.
    """
    if standing.kind is LetterKind.INADMISSIBLE:
        number = Application.id
        stmt = sa.select(number, Application.reference, Partnership.name)
        told_by: list[sa.ColumnElement[bool]] = [Application.state == State.INADMISSIBLE]
    else:
        number = Decision.id
        stmt = sa.select(number, Application.reference, Partnership.name)
        stmt = stmt.join(Application, Application.id == Decision.application_id)
        told_by = _told_by(standing.kind)
    stmt = (
        stmt.join(Partnership, Partnership.id == Application.partnership_id)
        .join(Round, Round.id == Application.round_id)
        .join(Call, Call.id == Round.call_id)
        .where(Call.programme_id == standing.programme.id, *told_by)
    )
    mine = list(own)
    if mine:
        partner = sa.exists().where(
            Partner.partnership_id == Application.partnership_id, Partner.organisation_id.in_(mine)
        )
        taking = sa.select(Application.round_id).where(sa.or_(Application.promotor_id.in_(mine), partner))
        stmt = stmt.where(Decision.round_id.not_in(taking))
    rows = db.session.execute(stmt.order_by(number.desc()).limit(MOST_EXAMPLES))
    return [(number, f"{reference}, {name}") for number, reference, name in rows]


def _told_by(kind: LetterKind) -> list[sa.ColumnElement[bool]]:
    """Return the conditions under which ``letter_values.kind_of`` gives this kind."""
    if kind in ANSWERS:
        return [sa.exists().where(ReviewRequest.decision_id == Decision.id, ReviewRequest.state == ANSWERS[kind])]
    if kind is LetterKind.PROMOTED:
        return [Decision.promoted_at.is_not(None)]
    outcome = {
        LetterKind.CONDITIONAL: Outcome.CONDITIONAL,
        LetterKind.RESERVE: Outcome.RESERVE,
        LetterKind.REFUSED: Outcome.REFUSED,
    }.get(kind, Outcome.APPROVED)
    conditions = [Decision.promoted_at.is_(None), Decision.outcome == outcome]
    if outcome in AWARDS and kind is not LetterKind.CONDITIONAL:
        is_reduced = Decision.amount < Application.requested_amount
        conditions.append(is_reduced if kind is LetterKind.REDUCED else sa.not_(is_reduced))
    return conditions


def values_for_example(number: int, kind: LetterKind, at: datetime) -> Values:
    """Return the values that the letter of this kind has for an example of ``list_examples``, by its number.

    As it was told, or as if it were ``at``. NotFound where it would get another letter.
    """
    if kind is not LetterKind.INADMISSIBLE:
        return _values_for_decision(queries.get_decision(number), kind, at)
    reference = sa.select(Application.reference).where(
        Application.id == number, Application.state == State.INADMISSIBLE
    )
    found = db.session.scalar(reference)
    if found is None:
        raise NotFound
    application = get_application(found)
    return values_of_refused_admission(application, application.inadmissible_at or at)


def _values_for_decision(decision: Decision, kind: LetterKind, at: datetime) -> Values:
    request = find_request(decision.id)
    if kind in ANSWERS:
        if request is None or request.state != ANSWERS[kind]:
            raise NotFound
        set_committed_value(request, "decision", decision)
        return values_of_answer(request, kind, request.answered_at or at)
    if kind_of(decision) is not kind:
        raise NotFound
    return values_of_decision(decision, _feedback(decision), decision.promoted_at or decision.published_at or at)


def _feedback(decision: Decision) -> dict[str, Any]:
    """Return what the applicant was told of the assessment, or would be."""
    if decision.application.feedback:
        return decision.application.feedback
    number, round_id = decision.application_id, decision.round_id
    consensus, reviews = candidates.list_consensus(round_id), candidates.list_submitted_reviews(round_id)
    return feedback_of(queries.get_assessment(number), consensus.get(number), reviews.get(number, ()))
