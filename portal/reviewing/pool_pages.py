"""What the desk's pages of the pool read: a page of reviewers, and what each did round by round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.queries import get_person
from portal.applications.models import Application
from portal.applications.states import State
from portal.calls.models import Round
from portal.core.actor import Role
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.paging import Page, page
from portal.reviewing.expertise import Language, Subject
from portal.reviewing.models import Review
from portal.reviewing.pool import Reviewer, reviewers_of
from portal.reviewing.pool_models import ReviewerAbsence, ReviewerExpertise, ReviewerProfile
from portal.reviewing.queries import TO_DO
from portal.reviewing.states import COUNTED, ReviewState


@dataclass(frozen=True, slots=True)
class PoolAsked:
    """What the pool is narrowed to; empty: everybody. ``subjects`` must all be known, at whatever level."""

    subjects: tuple[Subject, ...] = ()
    language: str = ""
    available_on: date | None = None


@dataclass(frozen=True, slots=True)
class RoundHistory:
    """What one reviewer was asked in one round, and came of it. ``load`` counts the standing ones."""

    code: str
    load: int
    counts: Counter[ReviewState]


def get_reviewer(person_id: int, *, lock: bool = False) -> Person:
    """Return the person; NotFound for somebody without the role of reviewer."""
    person = get_person(person_id, lock=lock)
    if Role.REVIEWER not in person.roles:
        raise NotFound
    return person


def page_pool(asked: PoolAsked, cursor: str | None, at: datetime, *, size: int = 25) -> Page[Reviewer]:
    """Return one page of the reviewers, by name, narrowed to what is asked (six statements)."""
    stmt = sa.select(Person).where(Person.roles.contains([str(Role.REVIEWER)]))
    for kind, code in asked.subjects:
        knows = sa.select(ReviewerExpertise.person_id).where(
            ReviewerExpertise.person_id == Person.id, ReviewerExpertise.kind == kind, ReviewerExpertise.code == code
        )
        stmt = stmt.where(knows.exists())
    if asked.language:
        stmt = stmt.where(_reads(asked.language))
    if asked.available_on is not None:
        away = sa.select(ReviewerAbsence.id).where(
            ReviewerAbsence.person_id == Person.id,
            ReviewerAbsence.from_on <= asked.available_on,
            ReviewerAbsence.until_on >= asked.available_on,
        )
        stmt = stmt.where(~away.exists())
    by = [(Person.name, False), (Person.id, False)]
    found = page(stmt, by=by, key=lambda each: [each.name, each.id], cursor=cursor, size=size)
    return Page(reviewers_of(found.rows, at), found.next_cursor)


def _reads(language: str) -> sa.ColumnElement[bool]:
    profile = sa.select(ReviewerProfile.person_id).where(ReviewerProfile.person_id == Person.id)
    reads = profile.where(ReviewerProfile.languages.contains([language])).exists()
    return sa.or_(reads, ~profile.exists()) if language == Language.NL else reads


def count_waiting(person_ids: Collection[int]) -> dict[int, int]:
    """Return how many reviews wait for each of these people, over all rounds; who has none is left out."""
    stmt = (
        sa.select(Review.reviewer_id, sa.func.count())
        .join(Application, Application.id == Review.application_id)
        .join(Round, Round.id == Review.round_id)
        .where(
            Review.reviewer_id.in_(list(person_ids)),
            Review.state.in_(sorted(TO_DO)),
            Application.state == State.ADMISSIBLE,
            Round.results_published_at.is_(None),
        )
        .group_by(Review.reviewer_id)
    )
    return {row[0]: row[1] for row in db.session.execute(stmt)}


def list_rounds_reviewed(person_id: int) -> list[RoundHistory]:
    """Return what a reviewer was asked, round by round, the latest first; no application is named (one statement)."""
    stmt = (
        sa.select(Round.code, Review.state, sa.func.count())
        .join(Round, Round.id == Review.round_id)
        .where(Review.reviewer_id == person_id)
        .group_by(Round.code, Round.opens_at, Review.state)
        .order_by(Round.opens_at.desc(), Round.code)
    )
    found: dict[str, Counter[ReviewState]] = {}
    for code, state, number in db.session.execute(stmt):
        found.setdefault(code, Counter())[state] += number
    return [
        RoundHistory(code, sum(number for state, number in counts.items() if state in COUNTED), counts)
        for code, counts in found.items()
    ]
