"""Reading what a ranking and a publication rest on: assessments, service areas as handed in, the reviewers' words."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by, distinct_on

from portal.applications.models import Application, Snapshot
from portal.applications.states import AWARDS, State
from portal.calls.form_definitions import QuestionKind
from portal.calls.models import Round
from portal.calls.queries import form_of, terms_of
from portal.core.db import db
from portal.decisions.deciding import Readiness
from portal.decisions.models import Decision
from portal.decisions.rules import Candidate
from portal.reviewing.models import Assessment, Consensus, Review
from portal.reviewing.states import ReviewState


def readiness_of(round_: Round, at: datetime) -> Readiness:
    """Return what is still missing before the round can be ranked: those that are ready are counted, not read."""
    is_complete = sa.func.coalesce(Assessment.is_complete, sa.false())
    waits_for_consensus = sa.and_(Assessment.needs_consensus, ~Assessment.has_consensus)
    stands = sa.case(
        (Application.state == State.DRAFT, "extended"),
        (Application.state != State.ADMISSIBLE, "unjudged"),
        (sa.and_(~is_complete, waits_for_consensus), "consensus"),
        (~is_complete, "incomplete"),
        (sa.func.coalesce(Application.requested_amount, 0) == 0, "amount"),
        else_="ready",
    )
    asked = (
        sa.select(stands.label("stands"), Application.reference, Application.number)
        .outerjoin(Assessment, Assessment.application_id == Application.id)
        .where(
            Application.round_id == round_.id,
            sa.or_(
                Application.state.in_([State.SUBMITTED, State.RETURNED, State.ADMISSIBLE]),
                sa.and_(Application.state == State.DRAFT, Application.extended_until >= at),
            ),
        )
        .subquery()
    )
    references = sa.func.array_agg(aggregate_order_by(asked.c.reference, asked.c.number))
    stmt = sa.select(asked.c.stands, sa.func.count(), references.filter(asked.c.stands != "ready"))
    found = {kind: (count, waiting) for kind, count, waiting in db.session.execute(stmt.group_by(asked.c.stands))}
    ready, _ = found.pop("ready", (0, None))
    return Readiness(ready=ready, **{kind: tuple(waiting) for kind, (_, waiting) in found.items()})


def list_candidates(round_: Round, at: datetime) -> list[Candidate]:
    """Return what ranking reads of each admissible application at ``at``, in three statements."""
    terms = terms_of(round_)
    criterion = next(each.code for each in terms.criteria if each.is_tie_break)
    stmt = (
        sa.select(Application, Assessment)
        .join(Assessment, Assessment.application_id == Application.id)
        .where(Application.round_id == round_.id, Application.state == State.ADMISSIBLE)
    )
    covered = covered_before(round_, at)
    areas = areas_of(round_)
    return [
        Candidate(
            application_id=application.id,
            total=assessment.total or Decimal(0),
            tie_score=Decimal(assessment.criteria.get(criterion) or 0),
            new_municipalities=len(areas.get(application.id, frozenset()) - covered),
            submitted_at=application.submitted_at,
            requested_amount=application.requested_amount,
            minimum_amount=application.minimum_amount,
            missed=tuple(assessment.missed),
        )
        for application, assessment in db.session.execute(stmt)
        if application.submitted_at is not None and application.requested_amount is not None
    ]


def covered_before(round_: Round, at: datetime) -> frozenset[str]:
    """Return the municipalities that an award of an earlier, published round of the same call covers, standing ``at``."""
    granted_at = sa.func.coalesce(Decision.promoted_at, Decision.published_at)
    standing = sa.select(Decision.application_id).where(
        Decision.outcome.in_(AWARDS),
        granted_at <= at,
        sa.or_(Decision.declined_at.is_(None), Decision.declined_at > at),
        sa.or_(Decision.lapsed_at.is_(None), Decision.lapsed_at > at),
        sa.or_(Decision.withdrawn_at.is_(None), Decision.withdrawn_at > at),
        sa.or_(Decision.replaced_at.is_(None), Decision.replaced_at > at),
    )
    earlier = sa.select(Round.id).where(Round.call_id == round_.call_id, Round.closes_at < round_.closes_at)
    areas = _areas(_area_path(round_), sa.and_(Application.round_id.in_(earlier), Application.id.in_(standing)))
    return frozenset().union(*areas.values())


def areas_of(round_: Round) -> dict[int, frozenset[str]]:
    """Return the service areas of a round's applications as they were handed in, as municipalities' NIS codes."""
    return _areas(_area_path(round_), Application.round_id == round_.id)


def _area_path(round_: Round) -> tuple[str, str] | None:
    """Return the section and the key of the form's question that asks the service area."""
    for section in form_of(round_).sections:
        for question in section.questions:
            if question.kind is QuestionKind.MUNICIPALITIES:
                return section.code, question.key
    return None


def _areas(path: tuple[str, str] | None, wanted: sa.ColumnElement[bool]) -> dict[int, frozenset[str]]:
    """Return each wanted application's municipalities, read from its latest snapshot as it was handed in."""
    if path is None:
        return {}
    section, key = path
    content = sa.cast(Snapshot.content, JSONB)
    stmt = (
        sa.select(Snapshot.application_id, content["sections"][section][key])
        .join(Application, Application.id == Snapshot.application_id)
        .where(wanted)
        .ext(distinct_on(Snapshot.application_id))
        .order_by(Snapshot.application_id, Snapshot.number.desc())
    )
    return {application_id: frozenset(nis or ()) for application_id, nis in db.session.execute(stmt)}


def list_assessed(round_id: int) -> dict[int, Assessment]:
    """Return the stored figures of a round's applications, by application."""
    stmt = sa.select(Assessment).where(Assessment.round_id == round_id)
    return {each.application_id: each for each in db.session.scalars(stmt)}


def list_consensus(round_id: int) -> dict[int, Consensus]:
    """Return the recorded consensus of a round's applications, by application."""
    of_round = sa.select(Application.id).where(Application.round_id == round_id)
    stmt = sa.select(Consensus).where(Consensus.application_id.in_(of_round), Consensus.recorded_at.is_not(None))
    return {each.application_id: each for each in db.session.scalars(stmt)}


def list_submitted_reviews(round_id: int) -> dict[int, list[Review]]:
    """Return the submitted reviews of a round's applications, by application."""
    stmt = sa.select(Review).where(Review.round_id == round_id, Review.state == ReviewState.SUBMITTED)
    found: dict[int, list[Review]] = {}
    for each in db.session.scalars(stmt.order_by(Review.id)):
        found.setdefault(each.application_id, []).append(each)
    return found
