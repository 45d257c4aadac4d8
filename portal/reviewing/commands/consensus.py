"""Recording what the reviewers agreed: scores on every criterion and one text, beside the individual reviews."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from portal.applications.models import Application
from portal.calls.queries import terms_of
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import StaleVersion, refuse_if
from portal.core.event_log import record
from portal.reviewing.commands.assessing import update_assessment
from portal.reviewing.commands.guarding import refuse_unless_reviewed
from portal.reviewing.events import ConsensusRecorded
from portal.reviewing.evidence import agreed_digest
from portal.reviewing.models import Consensus
from portal.reviewing.queries import find_consensus, get_assessment
from portal.reviewing.rules import problems_before_recording_consensus, rounded, weighted_total


def record_consensus(
    ctx: Ctx, application: Application, scores: Mapping[str, Decimal | int], text: str, base_version: int
) -> Consensus:
    """Record the agreed scores (whole points, every criterion) and the text the applicant will read.

    It may be recorded where it was not asked, and again until results are out. ``base_version`` is 0 where there is
    none yet. NotFound before a reviewer was assigned; StaleVersion where somebody recorded since; RuleViolation
    while reviews are outstanding, or for a score or text that will not do; IllegalTransition once results are out.
    """
    refuse_unless_reviewed(ctx, application)
    assessment = get_assessment(application.id, lock=True)
    consensus = find_consensus(application.id)
    version = consensus.version if consensus is not None else 0
    if base_version != version:
        raise StaleVersion(base_version, version)
    criteria = terms_of(application.round).criteria
    refuse_if(problems_before_recording_consensus(criteria, scores, text, has_all_reviews=assessment.has_all_reviews))
    if consensus is None:
        consensus = Consensus(application_id=application.id, causes=[], asked_at=ctx.now)
        db.session.add(consensus)
    consensus.scores = {each.code: int(scores[each.code]) for each in criteria}
    consensus.text = text.strip()
    consensus.total = rounded(weighted_total(consensus.scores, criteria))
    consensus.recorded_at, consensus.recorded_by_id = ctx.now, ctx.actor.person_id
    consensus.version = version + 1
    db.session.flush()
    record(
        ctx,
        ConsensusRecorded(
            consensus_id=consensus.id,
            application_id=application.id,
            total=consensus.total,
            recorded_at=ctx.now,
            sha256=agreed_digest(consensus),
        ),
    )
    update_assessment(ctx, application)
    return consensus
