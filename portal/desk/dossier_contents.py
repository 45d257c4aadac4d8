"""Everything that is kept of one application after it was handed in, read at once, and as plain values for an archive."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal.accounts.models import Person
from portal.applications.dossiers import list_snapshots
from portal.applications.models import Application, Judgement, Snapshot
from portal.core.chain import GENESIS, ChainLink, event_bytes
from portal.core.db import Base, db
from portal.core.event_log import EventRow
from portal.decisions.letter_models import Letter
from portal.decisions.models import Decision, Ranking, RankingRow, ReviewRequest
from portal.decisions.states import DecisionState
from portal.desk.log_subjects import subjects_around
from portal.reviewing.models import Assessment, Conflict, Consensus, Review, ReviewVersion
from portal.reviewing.queries import list_reviews


@dataclass(frozen=True, slots=True)
class Logged:
    """One event with its link in the chain: what an outsider needs to check that link."""

    row: EventRow
    position: int | None
    hash: bytes | None
    previous: bytes | None

    def as_line(self) -> str:
        """Return it as one line of JSON. ``hash`` is the SHA-256 of ``previous`` followed by the bytes of ``event``."""
        is_chained = self.hash is not None
        facts = {
            "position": self.position,
            "previous": (self.previous or GENESIS).hex() if is_chained else None,
            "hash": self.hash.hex() if self.hash is not None else None,
            "event": event_bytes(self.row).decode(),
        }
        return json.dumps(facts, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Contents:
    """The rows of one application, and the names of the people in them."""

    snapshots: list[Snapshot]
    judgements: list[Judgement]
    reviews: list[Review]
    versions: list[ReviewVersion]
    conflicts: list[Conflict]
    consensus: Consensus | None
    assessment: Assessment | None
    ranking: Ranking | None
    ranked: RankingRow | None
    decision: Decision | None
    replaced: list[Decision]  # after a review, the first taken first
    requests: list[ReviewRequest]
    letters: list[Letter]
    names: dict[int, str]

    @property
    def decisions(self) -> list[Decision]:
        """Every decision that was taken, the first taken first."""
        return [*self.replaced, *([self.decision] if self.decision else [])]

    def row(self, each: Base) -> dict[str, Any]:
        """Return a row's columns as JSON values, each person's number with the name beside it."""
        found: dict[str, Any] = {}
        for column in sa.inspect(each).mapper.column_attrs:
            if column.key == "nonce":
                continue  # what a link is made of
            value = getattr(each, column.key)
            found[column.key] = _plain(value)
            if _is_person(column.key) and value is not None:
                found[column.key.removesuffix("_id")] = self.names.get(value, "")
        return found


def contents_of(application: Application) -> Contents:
    """Read everything (a fixed number of statements)."""
    of = application.id
    reviews = list_reviews(of)
    decided = sa.select(Decision.id).where(Decision.application_id == of)
    ranked = db.session.scalars(
        sa.select(RankingRow)
        .join(Ranking, Ranking.id == RankingRow.ranking_id)
        .where(RankingRow.application_id == of)
        .order_by(Ranking.number.desc())
        .limit(1)
    ).one_or_none()
    of_decision = sa.select(Decision).where(Decision.application_id == of).options(selectinload(Decision.conditions))
    decisions = _all(of_decision.order_by(Decision.id))
    found = Contents(
        snapshots=list_snapshots(application),
        judgements=_all(sa.select(Judgement).where(Judgement.application_id == of).order_by(Judgement.rule)),
        reviews=reviews,
        versions=_all(
            sa.select(ReviewVersion)
            .where(ReviewVersion.review_id.in_([each.id for each in reviews]))
            .order_by(ReviewVersion.review_id, ReviewVersion.number)
        ),
        conflicts=_all(sa.select(Conflict).where(Conflict.application_id == of).order_by(Conflict.id)),
        consensus=_one(sa.select(Consensus).where(Consensus.application_id == of)),
        assessment=_one(sa.select(Assessment).where(Assessment.application_id == of)),
        ranking=db.session.get(Ranking, ranked.ranking_id) if ranked else None,
        ranked=ranked,
        decision=next((each for each in decisions if each.state != DecisionState.REPLACED), None),
        replaced=[each for each in decisions if each.state == DecisionState.REPLACED],
        requests=_all(
            sa.select(ReviewRequest).where(ReviewRequest.decision_id.in_(decided)).order_by(ReviewRequest.id)
        ),
        letters=_letters(application),
        names={},
    )
    found.names.update(_names(found, application))
    return found


def _letters(application: Application) -> list[Letter]:
    files = joinedload(Letter.pdf), joinedload(Letter.docx)
    return _all(sa.select(Letter).where(Letter.application_id == application.id).options(*files).order_by(Letter.id))


def list_log(application: Application) -> list[Logged]:
    """Return the events of the application and of what hangs on it, the oldest first (two statements)."""
    around = subjects_around(("application", application.id))
    before = aliased(ChainLink)
    stmt = (
        sa.select(EventRow, ChainLink.position, ChainLink.hash, before.hash)
        .outerjoin(ChainLink, ChainLink.event_id == EventRow.id)
        .outerjoin(before, before.position == ChainLink.position - 1)
        .where(sa.tuple_(EventRow.subject, EventRow.subject_id).in_(around))
        .order_by(EventRow.id)
    )
    return [Logged(*row) for row in db.session.execute(stmt)]


def _names(found: Contents, application: Application) -> dict[int, str]:
    rows: list[Base] = [*found.judgements, *found.reviews, *found.conflicts, application]
    rows += [each for each in (found.consensus, found.decision, found.ranking) if each is not None]
    rows += [*found.requests, *found.replaced]
    rows += [each for decision in found.decisions for each in decision.conditions]
    wanted = {
        getattr(row, column.key)
        for row in rows
        for column in sa.inspect(row).mapper.column_attrs
        if _is_person(column.key)
    }
    stmt = sa.select(Person.id, Person.name).where(Person.id.in_([each for each in wanted if each is not None]))
    return {row.id: row.name for row in db.session.execute(stmt)}


def _is_person(column: str) -> bool:
    return column.endswith("_by_id") or column in ("person_id", "reviewer_id")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping | list | int | bool) or value is None:
        return value
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _all(stmt: sa.Select[Any]) -> list[Any]:
    return list(db.session.scalars(stmt))


def _one(stmt: sa.Select[Any]) -> Any:
    return db.session.scalars(stmt).one_or_none()


def lines_of(log: Iterable[Logged]) -> str:
    """Return the events as lines of JSON, the oldest first."""
    return "".join(each.as_line() for each in log)
