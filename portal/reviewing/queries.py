"""Reading reviews, candidates, conflicts, consensus and assessments: constant statements, keyset pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVarTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, load_only
from sqlalchemy.orm.interfaces import ORMOption

from portal.accounts.models import Person
from portal.accounts.queries import list_people_with_role
from portal.applications.models import Application
from portal.applications.states import State
from portal.calls.models import Call, Round
from portal.core.actor import Role
from portal.core.db import db, find_one, get_one
from portal.core.paging import Page, cut, page
from portal.partnerships.models import Partner, Partnership
from portal.reviewing.conflicts import Evidence, by_state, find_cases, find_conflicts
from portal.reviewing.models import Assessment, Conflict, Consensus, Review, ReviewDraft, ReviewVersion
from portal.reviewing.rules import is_independent
from portal.reviewing.states import COUNTED, UNDER_WAY, ConflictState, ReviewState

_Ts = TypeVarTuple("_Ts")
TO_DO = frozenset({ReviewState.INVITED, *UNDER_WAY})


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could review an application. ``load`` counts their standing reviews in its round.

    ``conflicts`` block; ``open_conflicts`` wait for a case officer's judgement, and hold the invitation until then.
    """

    person: Person
    load: int
    conflicts: tuple[Evidence, ...]
    is_assigned: bool
    open_conflicts: tuple[Evidence, ...] = ()

    @property
    def is_blocked(self) -> bool:
        return bool(self.conflicts)

    @property
    def is_free(self) -> bool:
        return not self.conflicts and not self.open_conflicts


def with_dossier() -> Iterable[ORMOption]:
    """Return what a review comes with: all that its policies and pages ask."""
    application = joinedload(Review.application)
    return (
        application.joinedload(Application.round).joinedload(Round.call).joinedload(Call.programme),
        application.joinedload(Application.round).joinedload(Round.form_version),
        application.joinedload(Application.promotor),
        application.joinedload(Application.partnership)
        .selectinload(Partnership.partners)
        .joinedload(Partner.organisation),
        joinedload(Review.reviewer),
        joinedload(Review.visibility),
        joinedload(Review.assessment).selectinload(Assessment.seats),
    )


# Written once: composing it anew would cost a page more than asking it.
_BY_NUMBER = sa.select(Review).where(Review.id == sa.bindparam("review_id")).options(*with_dossier())


def get_review(review_id: int, *, lock: bool = False) -> Review:
    """Return the review with its application (round, call, programme, partners), reviewer and assessment."""
    return get_one(_BY_NUMBER, {"review_id": review_id}, lock=lock)


def get_review_to_open(review_id: int, *, lock: bool = False) -> Review:
    """Return the same with which of the application's reviewers are in conflict, for the pages that show its text."""
    review = get_review(review_id, lock=lock)
    people = {review.reviewer_id, *(each.reviewer_id for each in review.assessment.seats)}
    review.in_conflict = frozenset(find_conflicts(review.application, people))
    return review


def get_review_to_write(review_id: int, *, lock: bool = False) -> Review:
    """Return the same to read; to write it without: the command itself looks for conflicts, and seals with what was sent."""
    return get_review(review_id, lock=True) if lock else get_review_to_open(review_id)


def list_reviews(application_id: int) -> list[Review]:
    """Return an application's reviews with all that their policy asks, in the order of invitation."""
    stmt = sa.select(Review).where(Review.application_id == application_id).options(*with_dossier())
    return list(db.session.scalars(stmt.order_by(Review.id)))


def find_draft(review: Review) -> ReviewDraft | None:
    """Return what the review's own reviewer typed and did not save yet, or None."""
    stmt = sa.select(ReviewDraft).where(ReviewDraft.review_id == review.id, ReviewDraft.person_id == review.reviewer_id)
    return find_one(stmt)


def list_own(reviewer_id: int, code: str, *, lock: bool = False) -> list[Review]:
    """Return a reviewer's reviews of the round ``code``, neither declined nor sealed, with all that their policy asks."""
    stmt = (
        sa.select(Review)
        .join(Round, Round.id == Review.round_id)
        .where(Review.reviewer_id == reviewer_id, Round.code == code, Review.state.in_(sorted(COUNTED)))
        .options(*with_dossier())
        .order_by(Review.id)
    )
    if lock:
        stmt = stmt.with_for_update(of=Review, key_share=True).execution_options(populate_existing=True)
    return list(db.session.scalars(stmt))


def find_drafts(review_ids: Iterable[int]) -> dict[int, ReviewDraft]:
    """Return what is typed and not saved yet, by review."""
    stmt = sa.select(ReviewDraft).where(ReviewDraft.review_id.in_(list(review_ids)))
    return {each.review_id: each for each in db.session.scalars(stmt)}


def list_versions(review_id: int) -> list[ReviewVersion]:
    """Return every submitted version of a review, oldest first."""
    stmt = sa.select(ReviewVersion).where(ReviewVersion.review_id == review_id)
    return list(db.session.scalars(stmt.order_by(ReviewVersion.number)))


# What a line of a queue shows. Whole rows would bring along every round's terms and form once for each review.
_AS_QUEUED = (
    load_only(
        Review.application_id,
        Review.round_id,
        Review.state,
        Review.invited_at,
        Review.answer_due_on,
        Review.due_on,
        Review.scores,
        raiseload=True,
    ),
    joinedload(Review.visibility),
    contains_eager(Review.application).options(
        load_only(Application.reference, raiseload=True),
        contains_eager(Application.round).load_only(Round.code, raiseload=True),
        joinedload(Application.partnership, innerjoin=True).load_only(Partnership.name, raiseload=True),
    ),
)


def page_queue(
    reviewer_id: int, cursor: str | None, *, states: frozenset[ReviewState] = TO_DO, size: int = 25
) -> Page[Review]:
    """Return a reviewer's reviews in ``states``, the first due first, with what a queue shows of them.

    The narrowing's own joins are read: joined once more, planning the statement takes longer than running it.
    """
    return page(
        _reviews_of(sa.select(Review), reviewer_id, states).options(*_AS_QUEUED),
        by=[(Review.due_on, False), (Review.id, False)],
        key=_in_queue,
        cursor=cursor,
        size=size,
    )


def first_pages(
    reviewer_id: int, lists: Mapping[str, frozenset[ReviewState]], *, size: int = 25
) -> dict[str, Page[Review]]:
    """Return the first page of each of ``lists``, by its name, as ``page_queue`` gives them: one statement for all."""
    of_list = sa.case(*((Review.state.in_(sorted(states)), name) for name, states in lists.items()))
    place = sa.func.row_number().over(partition_by=of_list, order_by=(Review.due_on, Review.id))
    states = frozenset[ReviewState]().union(*lists.values())
    numbered = _reviews_of(sa.select(Review.id, place.label("place")), reviewer_id, states).subquery()
    stmt = (
        sa.select(Review)
        .join(numbered, numbered.c.id == Review.id)
        .join(Review.application)
        .join(Application.round)
        .where(numbered.c.place <= size + 1)
        .options(*_AS_QUEUED)
        .order_by(Review.due_on, Review.id)
    )
    found = db.session.scalars(stmt).all()
    return {
        name: cut([each for each in found if each.state in states], key=_in_queue, size=size)
        for name, states in lists.items()
    }


def _in_queue(review: Review) -> tuple[date, int]:
    return review.due_on, review.id


def count_to_do(reviewer_id: int) -> int:
    """Return how many reviews wait for this reviewer."""
    return db.session.scalar(_reviews_of(sa.select(sa.func.count()).select_from(Review), reviewer_id, TO_DO)) or 0


def _reviews_of(stmt: sa.Select[*_Ts], reviewer_id: int, states: frozenset[ReviewState]) -> sa.Select[*_Ts]:
    """Narrow ``stmt`` to a reviewer's reviews in ``states``; none waits once its application left or results are out."""
    can_be_done = sa.and_(Application.state == State.ADMISSIBLE, Round.results_published_at.is_(None))
    return (
        stmt.join(Application, Application.id == Review.application_id)
        .join(Round, Round.id == Review.round_id)
        .where(
            Review.reviewer_id == reviewer_id,
            Review.state.in_(sorted(states)),
            sa.or_(Review.state.not_in(sorted(TO_DO)), can_be_done),
        )
    )


def list_candidates(application: Application) -> list[Candidate]:
    """Return every independent reviewer with load, conflicts and whether they were asked before; who is free first (4 statements)."""
    people = [each for each in list_people_with_role(Role.REVIEWER) if is_independent(each.roles)]
    ids = [each.id for each in people]
    loads = _loads(application.round_id, ids)
    cases = find_cases(application, ids)
    conflicts, doubts = (by_state(cases, state) for state in (ConflictState.CONFIRMED, ConflictState.CANDIDATE))
    asked = set(db.session.scalars(sa.select(Review.reviewer_id).where(Review.application_id == application.id)))
    found = [
        Candidate(each, loads.get(each.id, 0), conflicts.get(each.id, ()), each.id in asked, doubts.get(each.id, ()))
        for each in people
    ]
    return sorted(
        found, key=lambda each: (each.is_blocked, not each.is_free, each.load, each.person.name, each.person.id)
    )


def _loads(round_id: int, person_ids: Iterable[int]) -> dict[int, int]:
    stmt = (
        sa.select(Review.reviewer_id, sa.func.count())
        .where(
            Review.round_id == round_id,
            Review.reviewer_id.in_(list(person_ids)),
            Review.state.in_(sorted(COUNTED)),
        )
        .group_by(Review.reviewer_id)
    )
    return {row[0]: row[1] for row in db.session.execute(stmt)}


def list_conflicts(application_id: int) -> list[Conflict]:
    """Return the conflicts that were declared or found on an application, oldest first."""
    return list(
        db.session.scalars(sa.select(Conflict).where(Conflict.application_id == application_id).order_by(Conflict.id))
    )


def get_assessment(application_id: int, *, lock: bool = False) -> Assessment:
    """Return an application's figures; NotFound before a reviewer was assigned."""
    return get_one(sa.select(Assessment).where(Assessment.application_id == application_id), lock=lock)


def find_assessment(application_id: int) -> Assessment | None:
    """Return an application's figures, or None before a reviewer was assigned."""
    return find_one(sa.select(Assessment).where(Assessment.application_id == application_id))


def find_consensus(application_id: int) -> Consensus | None:
    """Return the consensus that was asked or recorded for an application, or None."""
    return find_one(sa.select(Consensus).where(Consensus.application_id == application_id))


def page_assessments(
    round_: Round, cursor: str | None, *, size: int = 25
) -> Page[sa.Row[tuple[Application, Assessment | None]]]:
    """Return (application, assessment or None) of a round's admissible applications, in the order they were begun."""
    stmt = (
        sa.select(Application, Assessment)
        .outerjoin(Assessment, Assessment.application_id == Application.id)
        .where(Application.round_id == round_.id, Application.state == State.ADMISSIBLE)
        .options(joinedload(Application.promotor), joinedload(Application.partnership))
    )
    return page(
        stmt,
        by=[(Application.id, False)],
        key=lambda row: [row[0].id],
        cursor=cursor,
        size=size,
        scalars=False,
    )


def list_panel(round_id: int) -> list[Person]:
    """Return the people whose reviews of the round stand, by name: those who meet about it."""
    reviewers = sa.select(Review.reviewer_id).where(
        Review.round_id == round_id, Review.state.in_([ReviewState.SUBMITTED, *sorted(UNDER_WAY)])
    )
    return list(db.session.scalars(sa.select(Person).where(Person.id.in_(reviewers)).order_by(Person.name, Person.id)))


def list_for_meeting(round_id: int, *, only_asked: bool) -> list[Assessment]:
    """Return the figures of the admissible applications with their partnerships; ``only_asked``: those whose consensus is open."""
    stmt = (
        sa.select(Assessment)
        .join(Assessment.application)
        .where(Assessment.round_id == round_id, Application.state == State.ADMISSIBLE)
        .options(contains_eager(Assessment.application).joinedload(Application.partnership))
    )
    return list(db.session.scalars(stmt.where(Assessment.needs_consensus) if only_asked else stmt))


def count_open_consensus(round_id: int) -> int:
    """Return how many admissible applications of the round wait for a consensus."""
    return _count_admissible(round_id, Assessment.needs_consensus)


def count_incomplete(round_id: int) -> int:
    """Return how many admissible applications miss reviews or a consensus: a round is ranked once there are none."""
    return _count_admissible(round_id, Assessment.is_complete.is_not(True))


def _count_admissible(round_id: int, condition: sa.SQLColumnExpression[bool]) -> int:
    stmt = (
        sa.select(sa.func.count())
        .select_from(Application)
        .outerjoin(Assessment, Assessment.application_id == Application.id)
        .where(Application.round_id == round_id, Application.state == State.ADMISSIBLE, condition)
    )
    return db.session.scalar(stmt) or 0


def list_assessments_for_ranking(round_id: int) -> list[Assessment]:
    """Return the figures of the round's admissible applications, each with its application (one statement)."""
    stmt = (
        sa.select(Assessment)
        .join(Assessment.application)
        .where(Assessment.round_id == round_id, Application.state == State.ADMISSIBLE)
        .options(contains_eager(Assessment.application))
    )
    return list(db.session.scalars(stmt.order_by(Assessment.application_id)))
