"""The reviewers of a file and its case officer discuss it, until a consensus is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from portal.applications.models import Application
from portal.calls.queries import terms_of
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import Problem, RuleViolation, StaleVersion, refuse_if
from portal.core.event_log import record
from portal.core.text import _l
from portal.reviewing.commands.guarding import refuse_unless_reviewed
from portal.reviewing.discussion import find_proposal, find_vote
from portal.reviewing.discussion_models import Proposal, Remark, Vote
from portal.reviewing.events import ConsensusProposed, RemarkWritten, VoteCast
from portal.reviewing.evidence import agreed_digest
from portal.reviewing.queries import get_assessment
from portal.reviewing.rules import problems_before_recording_consensus, problems_with_remark, rounded, weighted_total
from portal.reviewing.states import VoteChoice

_CLOSED = Problem(
    "discussion-closed", _l("No consensus is open on this application any more: the discussion stays as it is.")
)


def write_remark(ctx: Ctx, application: Application, text: str) -> Remark:
    """Write in the discussion of an application whose consensus is asked and not recorded.

    RuleViolation for an empty or overlong remark, or while no consensus is open (discussion-closed); IllegalTransition
    once results are out; NotFound before a reviewer was assigned.
    """
    _refuse_unless_open(ctx, application)
    refuse_if(problems_with_remark(text))
    remark = Remark(application_id=application.id, author_id=ctx.actor.person_id, written_at=ctx.now, text=text.strip())
    db.session.add(remark)
    db.session.flush()
    record(ctx, RemarkWritten(remark_id=remark.id, application_id=application.id))
    return remark


def propose_consensus(ctx: Ctx, application: Application, scores: Mapping[str, Decimal | int], text: str) -> Proposal:
    """Put scores (whole points, every criterion) and a text before the reviewers of the file, who vote on them.

    A later proposal takes the place of an earlier one, votes and all. RuleViolation for a score or text that could not
    be recorded, or while no consensus is open (discussion-closed); IllegalTransition once results are out; NotFound
    before a reviewer was assigned.
    """
    _refuse_unless_open(ctx, application)
    criteria = terms_of(application.round).criteria
    refuse_if(problems_before_recording_consensus(criteria, scores, text, has_all_reviews=True))
    before = find_proposal(application.id)
    agreed = {each.code: int(scores[each.code]) for each in criteria}
    proposal = Proposal(
        application_id=application.id,
        number=before.number + 1 if before is not None else 1,
        scores=agreed,
        text=text.strip(),
        total=rounded(weighted_total(agreed, criteria)),
        proposed_at=ctx.now,
        proposed_by_id=ctx.actor.person_id,
    )
    db.session.add(proposal)
    db.session.flush()
    record(
        ctx,
        ConsensusProposed(
            proposal_id=proposal.id,
            application_id=application.id,
            total=proposal.total,
            sha256=agreed_digest(proposal),
        ),
    )
    return proposal


def cast_vote(ctx: Ctx, application: Application, number: int, choice: VoteChoice) -> None:
    """Vote on the proposal ``number``, or change one's vote. It advises: the case officer records the consensus.

    StaleVersion where a later proposal stands; RuleViolation where none was made (nothing-proposed), or while no
    consensus is open (discussion-closed); IllegalTransition once results are out.
    """
    _refuse_unless_open(ctx, application)
    proposal = find_proposal(application.id)
    if proposal is None:
        raise RuleViolation([Problem("nothing-proposed", _l("No scores are proposed yet."))])
    if proposal.number != number:
        raise StaleVersion(number, proposal.number)
    assert ctx.actor.person_id is not None  # noqa: S101 - the page asks for a reviewer of the file
    vote = find_vote(proposal.id, ctx.actor.person_id)
    if vote is None:
        vote = Vote(proposal_id=proposal.id, voter_id=ctx.actor.person_id, choice=choice, voted_at=ctx.now)
        db.session.add(vote)
    elif vote.choice is choice:
        return
    vote.choice, vote.voted_at = choice, ctx.now
    db.session.flush()
    record(ctx, VoteCast(proposal_id=proposal.id, application_id=application.id, choice=str(choice)))


def _refuse_unless_open(ctx: Ctx, application: Application) -> None:
    """The lock on the figures keeps a remark, a vote and the recording of the consensus apart."""
    refuse_unless_reviewed(ctx, application)
    if not get_assessment(application.id, lock=True).needs_consensus:
        raise RuleViolation([_CLOSED])
