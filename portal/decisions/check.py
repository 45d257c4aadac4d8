"""Verifying what is stored: a ranking gives its digest, an application reads as its decision, awards fit the envelope."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from portal.applications.models import Application
from portal.applications.states import AWARDS, Outcome
from portal.calls.models import Programme, Round
from portal.core.db import db
from portal.core.digests import digest as text_digest
from portal.core.event_log import EventRow
from portal.core.files import Storage, StoredFile
from portal.decisions.digest import digest, row_stored
from portal.decisions.events import AdmissionLetterFrozen, AdmissionLetterMade, LetterFrozen, LetterMade
from portal.decisions.letter_models import Letter
from portal.decisions.models import Decision, Ranking, RankingRow
from portal.decisions.queries import STANDING, envelope_left
from portal.decisions.states import DecisionState


def altered_decisions() -> Iterator[str]:
    """Yield a line for each ranking whose rows were altered, each application that does not read as its decision, and
    each programme whose awards exceed its budget.
    """
    yield from _altered_rankings()
    yield from _untold_outcomes()
    for programme in db.session.scalars(sa.select(Programme).order_by(Programme.id)):
        left = envelope_left(programme)
        if left < 0:
            yield f"programme {programme.code}: its awards exceed its budget by {-left}"


def _altered_rankings() -> Iterator[str]:
    rankings = sa.select(Ranking, Round.code).join(Round, Round.id == Ranking.round_id).order_by(Ranking.id)
    for ranking, code in db.session.execute(rankings).all():
        stmt = (
            sa.select(RankingRow, Application.minimum_amount)
            .join(Application, Application.id == RankingRow.application_id)
            .where(RankingRow.ranking_id == ranking.id)
            .order_by(RankingRow.position)
        )
        rows = [row_stored(row, minimum) for row, minimum in db.session.execute(stmt)]
        if digest(code, str(ranking.policy), ranking.budget_amount, rows, ranking.province_budgets) != ranking.sha256:
            yield f"ranking {ranking.number} of {code}: its rows were altered"


def _untold_outcomes() -> Iterator[str]:
    told = sa.case(
        (Decision.state.in_(STANDING), Decision.outcome),
        (Decision.state == DecisionState.DECLINED, str(Outcome.DECLINED)),
        (Decision.state == DecisionState.LAPSED, str(Outcome.LAPSED)),
        (Decision.state == DecisionState.WITHDRAWN, str(Outcome.WITHDRAWN)),
    )
    amount = sa.case((sa.and_(Decision.state.in_(STANDING), Decision.outcome.in_(AWARDS)), Decision.amount))
    stmt = (
        sa.select(Application.reference)
        .outerjoin(
            Decision,
            sa.and_(Decision.application_id == Application.id, Decision.state != DecisionState.REPLACED),
        )
        .where(
            sa.or_(
                sa.cast(Application.outcome, sa.Text).is_distinct_from(sa.cast(told, sa.Text)),
                Application.awarded_amount.is_distinct_from(amount),
            )
        )
        .order_by(Application.reference)
    )
    for reference in db.session.scalars(stmt):
        yield f"application {reference}: its outcome is not that of its decision"


def altered_letters(storage: Storage) -> Iterator[str]:
    """Yield a line for each letter that no longer says what was frozen, and each whose files are gone or altered.

    The digests are those of the event log.
    """
    frozen = dict(_logged((LetterFrozen.topic, AdmissionLetterFrozen.topic), "sha256"))
    for number, content in db.session.execute(sa.select(Letter.id, Letter.content).order_by(Letter.id)):
        if text_digest(content) != frozen.get(number):
            yield f"letter {number}: what it says was altered"
    for column, name in ((Letter.pdf_id, "pdf_sha256"), (Letter.docx_id, "docx_sha256")):
        made = dict(_logged((LetterMade.topic, AdmissionLetterMade.topic), name))
        stmt = sa.select(Letter.id, StoredFile.key).join(StoredFile, StoredFile.id == column).order_by(Letter.id)
        for number, key in db.session.execute(stmt):
            try:
                with storage.open(str(key)) as file:
                    found = hashlib.sha256(file.read()).hexdigest()
            except OSError as fault:
                yield f"letter {number}: its file cannot be read ({type(fault).__name__})"
                continue
            if found != made.get(number):
                yield f"letter {number}: its file was altered"


def _logged(topics: Sequence[str], name: str) -> Iterator[tuple[int, str]]:
    """Yield each letter's number with the digest that the log holds of it."""
    for payload in db.session.scalars(sa.select(EventRow.payload).where(EventRow.topic.in_(topics))):
        yield int(payload["letter_id"]), str(payload[name])
