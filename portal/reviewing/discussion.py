"""Reading the discussion of an application: remarks, the proposal that is voted on, and the votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.applications.models import Application
from portal.applications.states import State
from portal.calls.models import Round
from portal.core.db import db, find_one
from portal.reviewing.discussion_models import Proposal, Remark, Vote
from portal.reviewing.models import Assessment, Review
from portal.reviewing.queries import with_dossier
from portal.reviewing.states import ReviewState, VoteChoice


@dataclass(frozen=True, slots=True)
class Discussion:
    """``votes`` of the latest proposal, by voter; ``silent`` who may vote on it and did not."""

    remarks: tuple[Remark, ...]
    proposal: Proposal | None
    votes: dict[int, Vote]
    silent: tuple[str, ...]

    @property
    def counts(self) -> dict[VoteChoice, int]:
        """How many chose what, every choice included."""
        found = Counter(each.choice for each in self.votes.values())
        return {choice: found[choice] for choice in VoteChoice}


@dataclass(frozen=True, slots=True)
class Talk:
    """What an agenda says of an application's discussion."""

    remark_count: int
    counts: dict[VoteChoice, int]

    @property
    def has_votes(self) -> bool:
        return any(self.counts.values())


def discussion_of(application: Application) -> Discussion:
    """Return the discussion of an application (four statements)."""
    remarks = sa.select(Remark).where(Remark.application_id == application.id).options(joinedload(Remark.author))
    proposal = find_proposal(application.id)
    voters = _voters(application.id)
    votes = _votes_on(proposal, voters) if proposal is not None else {}
    silent = tuple(name for number, name in voters.items() if number not in votes) if proposal is not None else ()
    return Discussion(tuple(db.session.scalars(remarks.order_by(Remark.id))), proposal, votes, silent)


def find_proposal(application_id: int) -> Proposal | None:
    """Return the latest proposal for an application, or None."""
    stmt = sa.select(Proposal).where(Proposal.application_id == application_id)
    return find_one(stmt.order_by(Proposal.number.desc()).limit(1))


def find_vote(proposal_id: int, voter_id: int) -> Vote | None:
    """Return what a person voted on a proposal, or None."""
    return find_one(sa.select(Vote).where(Vote.proposal_id == proposal_id, Vote.voter_id == voter_id))


def talks_of(application_ids: Iterable[int]) -> dict[int, Talk]:
    """Return how much was said and how the vote on the latest proposal stands, by application (two statements)."""
    ids = list(application_ids)
    counted = sa.select(Remark.application_id, sa.func.count()).where(Remark.application_id.in_(ids))
    remarks = {row[0]: row[1] for row in db.session.execute(counted.group_by(Remark.application_id))}
    latest = (
        sa.select(sa.func.max(Proposal.id)).where(Proposal.application_id.in_(ids)).group_by(Proposal.application_id)
    )
    cast = (
        sa.select(Proposal.application_id, Vote.choice)
        .join(Vote, Vote.proposal_id == Proposal.id)
        .join(
            Review,
            sa.and_(Review.application_id == Proposal.application_id, Review.reviewer_id == Vote.voter_id),
        )
        .where(Proposal.id.in_(latest), Review.state == ReviewState.SUBMITTED)
    )
    votes = Counter((application_id, choice) for application_id, choice in db.session.execute(cast))
    return {each: Talk(remarks.get(each, 0), {choice: votes[each, choice] for choice in VoteChoice}) for each in ids}


# Written once: every queue asks it.
_OPEN = (
    sa.select(Review.id)
    .join(Review.application)
    .join(Application.round)
    .join(Assessment, Assessment.application_id == Review.application_id)
    .where(
        Review.reviewer_id == sa.bindparam("reviewer_id"),
        Review.state == ReviewState.SUBMITTED,
        Application.state == State.ADMISSIBLE,
        Assessment.needs_consensus,
        Assessment.has_all_reviews,
        Round.results_published_at.is_(None),
    )
)


def list_open_discussions(reviewer_id: int) -> list[Review]:
    """Return a reviewer's reviews whose files are under discussion, with all that their policy asks.

    Most days there are none: only where there are, the wide statement follows the narrow one.
    """
    found = db.session.scalars(_OPEN, {"reviewer_id": reviewer_id}).all()
    if not found:
        return []
    stmt = sa.select(Review).where(Review.id.in_(found)).options(*with_dossier())
    return list(db.session.scalars(stmt.order_by(Review.id)))


def _voters(application_id: int) -> dict[int, str]:
    """Return the names of those whose review of the file counts, by person: whoever was taken off votes no longer."""
    stmt = (
        sa.select(Review)
        .where(Review.application_id == application_id, Review.state == ReviewState.SUBMITTED)
        .options(joinedload(Review.reviewer))
    )
    return {each.reviewer_id: each.reviewer.name for each in db.session.scalars(stmt.order_by(Review.id))}


def _votes_on(proposal: Proposal, voters: Iterable[int]) -> dict[int, Vote]:
    stmt = sa.select(Vote).where(Vote.proposal_id == proposal.id, Vote.voter_id.in_(list(voters)))
    found = db.session.scalars(stmt.options(joinedload(Vote.voter)).order_by(Vote.voted_at, Vote.voter_id))
    return {each.voter_id: each for each in found}
