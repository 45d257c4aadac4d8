"""Reading what a what-if and the stability rest on: the latest ranking's candidates, and scores. Nothing is written."""

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
from portal.decisions.scenarios import Basis, Scenario, Scored, is_weighed_anew, scenario_of, terms_under, tie_break
from portal.decisions.stability import Judged
from portal.reviewing.models import Consensus, Review
from portal.reviewing.recomputing import NOTHING_SCORED, recompute
from portal.reviewing.rules import Score, read_scores
from portal.reviewing.states import ReviewState


def basis_of(round_: Round, ranking: Ranking) -> Basis:
    """Return what the ranking rests on, in as many statements as ``list_candidates`` whatever the number of applications."""
    terms = terms_of(round_)
    present = scenario_of(terms, ranking.policy, ranking.budget_amount, ranking.province_budgets)
    candidates = tuple(list_candidates(round_, ranking.computed_at, ranking))
    return Basis(terms, candidates, present, ranking.envelope_left_amount)


def judged_in(round_id: int, basis: Basis) -> tuple[Judged, ...]:
    """Return the candidates of a small round with all their reviews' scores, in two statements."""
    reviews, agreed = _reviews_of(round_id), _agreed_in(round_id)
    return tuple(
        Judged(each, reviews.get(each.application_id, {}), agreed.get(each.application_id)) for each in basis.candidates
    )


def score_under(scenario: Scenario, round_id: int, basis: Basis) -> Mapping[int, Scored]:
    """Return the figures that differ under a scenario, by application, in one statement; of scores the tie-break's."""
    terms, scores_of = terms_under(basis.terms, scenario), (tie_break(basis.terms),)
    if is_weighed_anew(scenario, basis.present):
        found = recompute(round_id, terms, without=scenario.left_out, scores_of=scores_of)
        return {each.application_id: found.get(each.application_id, NOTHING_SCORED) for each in basis.candidates}
    if not scenario.left_out:
        return {}
    return recompute(round_id, terms, without=scenario.left_out, only_theirs=True, scores_of=scores_of)


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
