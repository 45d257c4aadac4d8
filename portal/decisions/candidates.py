"""Reading what a ranking and a publication rest on: assessments, service areas as handed in, the reviewers' words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by, distinct_on

from portal.applications.models import Application, Snapshot
from portal.applications.states import AWARDS, State
from portal.calls.models import Round
from portal.calls.queries import form_of, terms_of
from portal.core.db import db
from portal.core.money import ZERO
from portal.decisions.deciding import Readiness
from portal.decisions.models import Decision, Ranking, RankingRow
from portal.decisions.rules import Candidate
from portal.places.provinces import province_of_most
from portal.places.queries import province_codes
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


class Brings(NamedTuple):
    """What a service area brings to a ranking: municipalities that no earlier award covers, and the province it counts for."""

    new_municipalities: int
    province: str | None


BRINGS_NOTHING = Brings(0, None)


def list_candidates(round_: Round, at: datetime, ranked: Ranking | None = None) -> list[Candidate]:
    """Return what ranking reads of each admissible application at ``at``, in three statements.

    A fourth reads the provinces, in a round that has budgets for them. ``ranked`` is a ranking computed at ``at``: what
    it holds on service areas is not read from the snapshots again.
    """
    rows, areas, candidates = _admissible(round_, ranked), _what_areas_bring(round_, at, ranked), []
    for application_id, total, tie_score, submitted_at, requested, minimum, missed, *held in db.session.execute(rows):
        new, province = areas.get(application_id, BRINGS_NOTHING) if held[0] is None else held
        candidates.append(
            Candidate(
                application_id=application_id,
                total=total,
                tie_score=tie_score,
                new_municipalities=new,
                submitted_at=submitted_at,
                requested_amount=requested,
                minimum_amount=minimum,
                missed=tuple(missed) if missed else (),
                province=province,
            )
        )
    return candidates


def _admissible(round_: Round, ranked: Ranking | None) -> sa.Select[Any]:
    """The stored figures of each admissible application, and what ``ranked`` holds on its service area."""
    criterion = next(each.code for each in terms_of(round_).criteria if each.is_tie_break)
    return (
        sa.select(
            Application.id,
            sa.func.coalesce(Assessment.total, ZERO),
            sa.func.coalesce(Assessment.criteria[criterion].astext.cast(sa.Numeric), 0),
            Application.submitted_at,
            Application.requested_amount,
            Application.minimum_amount,
            sa.func.nullif(Assessment.missed, sa.cast([], JSONB), type_=JSONB),  # nearly all are [], and none is read
            RankingRow.reason[("keys", "coverage")].astext.cast(sa.Integer),
            RankingRow.reason["province"].astext,
        )
        .join(Assessment, Assessment.application_id == Application.id)
        .outerjoin(RankingRow, _is_held(ranked))
        .where(
            Application.round_id == round_.id,
            Application.state == State.ADMISSIBLE,
            Application.submitted_at.is_not(None),
            Application.requested_amount.is_not(None),
        )
    )


def _is_held(ranked: Ranking | None) -> sa.ColumnElement[bool]:
    """Whether a row of ``ranked`` says what an application's service area brings; none does without it."""
    return sa.and_(RankingRow.application_id == Application.id, RankingRow.ranking_id == (ranked.id if ranked else 0))


def _what_areas_bring(round_: Round, at: datetime, ranked: Ranking | None) -> dict[int, Brings]:
    covered, provinces = covered_before(round_, at), provinces_of(round_)
    is_asked = sa.and_(Application.round_id == round_.id, ~sa.exists().where(_is_held(ranked)))
    areas = _areas(form_of(round_).area_question, is_asked)
    return {each: what_area_brings(area, covered, provinces) for each, area in areas.items()}


def what_area_brings(area: frozenset[str], covered: frozenset[str], provinces: Mapping[str, str]) -> Brings:
    """Return what a service area (NIS codes) brings, where ``covered`` had an award before."""
    return Brings(len(area - covered), province_of_most(area, provinces) if provinces else None)


def provinces_of(round_: Round) -> Mapping[str, str]:
    """Return the municipalities' provinces, in a round that has budgets for provinces; else nothing is read."""
    return province_codes() if round_.province_budgets else {}


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
    areas = _areas(
        form_of(round_).area_question, sa.and_(Application.round_id.in_(earlier), Application.id.in_(standing))
    )
    return frozenset().union(*areas.values())


def areas_of(round_: Round) -> dict[int, frozenset[str]]:
    """Return the service areas of a round's applications as they were handed in, as municipalities' NIS codes."""
    return _areas(form_of(round_).area_question, Application.round_id == round_.id)


def _areas(path: tuple[str, str] | None, wanted: sa.ColumnElement[bool]) -> dict[int, frozenset[str]]:
    """Return each wanted application's municipalities, read from its latest snapshot as it was handed in."""
    if path is None:
        return {}
    section, key = path
    content = sa.cast(Snapshot.content, sa.JSON)  # for one value of a whole dossier, cheaper than JSONB
    stmt = (
        sa.select(Snapshot.application_id, content[("sections", section, key)])
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
