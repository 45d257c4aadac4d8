"""Reading what a what-if rests on: the latest ranking's candidates with their reviews' scores. Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.applications.models import Application
from portal.calls.models import Round
from portal.calls.queries import terms_of
from portal.core.db import db
from portal.decisions.candidates import list_candidates
from portal.decisions.models import Ranking
from portal.decisions.scenarios import Basis, Judged, scenario_of
from portal.reviewing.models import Consensus, Review
from portal.reviewing.rules import Score, read_scores
from portal.reviewing.states import ReviewState


def basis_of(round_: Round, ranking: Ranking) -> Basis:
    """Return what the ranking rests on, in five statements whatever the number of applications."""
    terms = terms_of(round_)
    reviews, agreed = _reviews_of(round_.id), _agreed_in(round_.id)
    judged = tuple(
        Judged(each, reviews.get(each.application_id, {}), agreed.get(each.application_id))
        for each in list_candidates(round_, ranking.computed_at)
    )
    present = scenario_of(terms, ranking.policy, ranking.budget_amount)
    return Basis(terms, judged, present, ranking.envelope_left_amount)


def list_reviewers(round_id: int) -> list[Person]:
    """Return whose submitted reviews count in the round, by name."""
    counted = sa.select(Review.reviewer_id).where(Review.round_id == round_id, Review.state == ReviewState.SUBMITTED)
    stmt = sa.select(Person).where(Person.id.in_(counted)).order_by(Person.name, Person.id)
    return list(db.session.scalars(stmt))


def named(application_ids: Iterable[int]) -> dict[int, Application]:
    """Return applications with their partnership and lead partner, by id."""
    stmt = (
        sa.select(Application)
        .where(Application.id.in_(list(application_ids)))
        .options(joinedload(Application.partnership), joinedload(Application.promotor))
    )
    return {each.id: each for each in db.session.scalars(stmt)}


def _reviews_of(round_id: int) -> Mapping[int, dict[int, dict[str, Score]]]:
    stmt = (
        sa.select(Review.application_id, Review.reviewer_id, Review.scores)
        .where(Review.round_id == round_id, Review.state == ReviewState.SUBMITTED)
        .order_by(Review.id)
    )
    found: dict[int, dict[int, dict[str, Score]]] = defaultdict(dict)
    for application_id, reviewer_id, scores in db.session.execute(stmt):
        found[application_id][reviewer_id] = read_scores(scores)
    return found


def _agreed_in(round_id: int) -> dict[int, dict[str, int]]:
    stmt = (
        sa.select(Consensus.application_id, Consensus.scores)
        .join(Application, Application.id == Consensus.application_id)
        .where(Application.round_id == round_id, Consensus.recorded_at.is_not(None))
    )
    return {application_id: dict(scores) for application_id, scores in db.session.execute(stmt)}
