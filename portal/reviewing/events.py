"""What happened to reviews, conflicts and consensus: ids, codes and times only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from portal.core.events import Event


@dataclass(frozen=True)
class ReviewerInvited(Event, topic="review.invited"):
    review_id: int
    application_id: int
    due_on: date


@dataclass(frozen=True)
class ReviewAccepted(Event, topic="review.accepted"):
    review_id: int


@dataclass(frozen=True)
class ReviewDeclined(Event, topic="review.declined"):
    review_id: int


@dataclass(frozen=True)
class ReviewExpired(Event, topic="review.expired"):
    """``next_review_id`` is the invitation of the alternate who is asked instead, where there was one."""

    review_id: int
    next_review_id: int | None


@dataclass(frozen=True)
class ReviewBegun(Event, topic="review.begun"):
    review_id: int


@dataclass(frozen=True)
class ReviewSubmitted(Event, topic="review.submitted"):
    """``total`` is the reviewer's weighted total of 100, as published; ``sha256`` the digest of the kept ``version``."""

    review_id: int
    application_id: int
    total: Decimal
    version: int
    sha256: str


@dataclass(frozen=True)
class ReviewReopened(Event, topic="review.reopened"):
    review_id: int


@dataclass(frozen=True)
class ReviewSealed(Event, topic="review.sealed"):
    review_id: int


@dataclass(frozen=True)
class ReviewDue(Event, topic="review.due"):
    """A review is due within ``days``; natural key ``review-due:<review>:<due_on>:<lead>``."""

    review_id: int
    due_on: date
    days: int


@dataclass(frozen=True)
class InvitationDue(Event, topic="review.answer-due"):
    """An invitation is to be answered within ``days``; natural key ``invitation-due:<review>:<answer_due_on>:<lead>``."""

    review_id: int
    answer_due_on: date
    days: int


@dataclass(frozen=True)
class ConflictFound(Event, topic="conflict.found"):
    conflict_id: int
    application_id: int
    person_id: int
    kind: str


@dataclass(frozen=True)
class ConflictConfirmed(Event, topic="conflict.confirmed"):
    """``sha256`` is the digest of the evidence that was decided on (``conflicts.Case``)."""

    conflict_id: int
    application_id: int
    person_id: int
    kind: str
    sha256: str


@dataclass(frozen=True)
class ConflictDismissed(Event, topic="conflict.dismissed"):
    conflict_id: int
    application_id: int
    person_id: int
    kind: str
    sha256: str


@dataclass(frozen=True)
class ConflictWaived(Event, topic="conflict.waived"):
    conflict_id: int
    application_id: int
    person_id: int
    kind: str
    sha256: str


@dataclass(frozen=True)
class ConflictReconsidered(Event, topic="conflict.reconsidered"):
    conflict_id: int
    application_id: int
    person_id: int
    kind: str
    sha256: str


@dataclass(frozen=True)
class AdviceRecorded(Event, topic="advice.recorded"):
    """A reviewer advised a partnership: a reason to look before they review any of its applications."""

    advice_id: int
    partnership_id: int
    person_id: int


@dataclass(frozen=True)
class ConsensusAsked(Event, topic="consensus.asked"):
    consensus_id: int
    application_id: int


@dataclass(frozen=True)
class ConsensusRecorded(Event, topic="consensus.recorded"):
    """``sha256`` is the digest of the agreed scores, the text and their total (``evidence.agreed_digest``)."""

    consensus_id: int
    application_id: int
    total: Decimal
    recorded_at: datetime
    sha256: str


@dataclass(frozen=True)
class RemarkWritten(Event, topic="remark.written"):
    """Somebody who reviews the file, or its case officer, wrote in its discussion."""

    remark_id: int
    application_id: int


@dataclass(frozen=True)
class ConsensusProposed(Event, topic="proposal.made"):
    """``total`` is what the proposed scores come to, of 100; ``sha256`` the digest of scores, text and total."""

    proposal_id: int
    application_id: int
    total: Decimal
    sha256: str


@dataclass(frozen=True)
class VoteCast(Event, topic="proposal.voted"):
    """``choice`` replaces what the same person chose before."""

    proposal_id: int
    application_id: int
    choice: str


@dataclass(frozen=True)
class AlternatesListed(Event, topic="application.alternates-listed"):
    """Who is asked next for an application where an invitation expires; ``person_ids`` in their order."""

    application_id: int
    person_ids: tuple[int, ...]


@dataclass(frozen=True)
class ReviewerProfileChanged(Event, topic="reviewer.profile-changed"):
    """By the reviewer, or by a case officer on their behalf."""

    reviewer_id: int


@dataclass(frozen=True)
class ReviewerExperienceSet(Event, topic="reviewer.experience-set"):
    """A case officer says whether somebody is an experienced reviewer; ``is_experienced`` None: it is counted again."""

    reviewer_id: int
    is_experienced: bool | None


@dataclass(frozen=True)
class ReviewerDeclared(Event, topic="reviewer.declared"):
    """The yearly declaration of independence and confidentiality; ``sha256`` is the digest of its text."""

    reviewer_id: int
    year: int
    sha256: str


@dataclass(frozen=True)
class VisibilityChanged(Event, topic="round.visibility-changed"):
    """What the round's reviewers see of each other and of applicants, from now on; the reason stands with the row."""

    round_id: int
    reviews: str
    identities: str
    naming: str
    times: str


@dataclass(frozen=True)
class ReviewPreviewed(Event, topic="review.previewed"):
    """Somebody of the department looked at the application as this review's reviewer sees it."""

    review_id: int
    application_id: int
    reviewer_id: int


@dataclass(frozen=True)
class AssignmentRequested(Event, topic="assignment.requested"):
    """A case officer asks a proposal of ``wanted`` reviewers for each application of the round."""

    assignment_id: int
    round_id: int
    wanted: int


@dataclass(frozen=True)
class AssignmentBegun(Event, topic="assignment.begun"):
    assignment_id: int


@dataclass(frozen=True)
class AssignmentProposed(Event, topic="assignment.proposed"):
    """``sha256`` is the digest of everything the solver was given, the seed included."""

    assignment_id: int
    pairs: int
    shortfalls: int
    sha256: str
    solver: str


@dataclass(frozen=True)
class AssignmentFailed(Event, topic="assignment.failed"):
    assignment_id: int
    failure: str


@dataclass(frozen=True)
class AssignmentReleased(Event, topic="assignment.released"):
    """``invited`` reviewers were asked; each invitation has its own event."""

    assignment_id: int
    invited: int


@dataclass(frozen=True)
class AssignmentDiscarded(Event, topic="assignment.discarded"):
    assignment_id: int


@dataclass(frozen=True)
class AssignmentPairLocked(Event, topic="assignment.pair-locked"):
    assignment_id: int
    application_id: int
    person_id: int


@dataclass(frozen=True)
class AssignmentPairUnlocked(Event, topic="assignment.pair-unlocked"):
    assignment_id: int
    application_id: int
    person_id: int


@dataclass(frozen=True)
class AssignmentPairAdded(Event, topic="assignment.pair-added"):
    """By hand, or from a table."""

    assignment_id: int
    application_id: int
    person_id: int


@dataclass(frozen=True)
class AssignmentPairRemoved(Event, topic="assignment.pair-removed"):
    assignment_id: int
    application_id: int
    person_id: int
