"""A review, from invitation to submission."""

from __future__ import annotations

from enum import StrEnum

from portal.core.text import Msg, _l
from portal.core.workflow import Tone, Words, Workflow, row
from portal.reviewing.events import (
    ConflictConfirmed,
    ConflictDismissed,
    ConflictReconsidered,
    ConflictWaived,
    ReviewAccepted,
    ReviewBegun,
    ReviewDeclined,
    ReviewExpired,
    ReviewReopened,
    ReviewSealed,
    ReviewSubmitted,
)


class ReviewState(StrEnum):
    """``sealed``: a conflict was found or the reviewer was taken off; what was written is kept, unread and uncounted."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"  # nobody answered in time
    DRAFTING = "drafting"
    SUBMITTED = "submitted"
    REOPENED = "reopened"
    SEALED = "sealed"


class ReviewAction(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"  # the day after its last day, by the portal itself
    BEGIN = "begin"  # the first save
    SUBMIT = "submit"
    REOPEN = "reopen"
    SEAL = "seal"


class ConflictKind(StrEnum):
    """Why a person may not, or perhaps should not, review an application (issue 4, ``reviewing`` A3)."""

    MEMBER = "member"  # member or mandate holder of a partner organisation, now or since the round before
    PARENT = "parent"  # the same of its parent, of an organisation under it, or of one under the same parent
    SAME_ROUND = "same_round"  # own organisation takes part in another application of this round
    NAMED = "named"  # the name or address stands in the application as it was handed in
    DECLARED = "declared"  # the reviewer said so
    LOCAL_GOVERNMENT = "local_government"  # works for a local government in the service area
    MAIL_DOMAIN = "mail_domain"  # has the e-mail domain of a partner's member or contact
    ADVISED = "advised"  # advised the partnership (procesbegeleiding)
    NAMESAKE = "namesake"  # has the family name of a partner's member, and lives in the same municipality


BLOCKING = frozenset(
    {
        ConflictKind.MEMBER,
        ConflictKind.PARENT,
        ConflictKind.SAME_ROUND,
        ConflictKind.NAMED,
        ConflictKind.DECLARED,
    }
)
"""What blocks by being found; the other kinds ask a case officer, who confirms or dismisses."""

WAIVABLE = frozenset({ConflictKind.PARENT, ConflictKind.SAME_ROUND})
"""What an administrator may set aside: a tie between organisations, never one of the person."""


class ConflictState(StrEnum):
    """What people decided; what the portal computes is a candidate until then, or blocks by its kind."""

    CANDIDATE = "candidate"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    WAIVED = "waived"


class ConflictAction(StrEnum):
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    WAIVE = "waive"
    RECONSIDER = "reconsider"


class ConsensusCause(StrEnum):
    """Why consensus is asked."""

    SPREAD = "spread"  # highest − lowest reviewer's total above the call's limit
    THRESHOLD = "threshold"  # one total on the other side of the threshold
    UNJUDGED = "unjudged"  # fewer than two judged a criterion


class VoteChoice(StrEnum):
    """What a reviewer thinks of proposed scores."""

    AGREE = "agree"
    DISAGREE = "disagree"
    ABSTAIN = "abstain"


VOTES: dict[VoteChoice, Msg] = {
    VoteChoice.AGREE: _l("Agree"),
    VoteChoice.DISAGREE: _l("Disagree"),
    VoteChoice.ABSTAIN: _l("Abstain"),
}

CAUSES: dict[ConsensusCause, Msg] = {
    ConsensusCause.SPREAD: _l("The totals of the reviewers lie further apart than the call allows."),
    ConsensusCause.THRESHOLD: _l("The totals lie on both sides of the threshold."),
    ConsensusCause.UNJUDGED: _l("Fewer than two reviewers judged one of the criteria."),
}


class Confidence(StrEnum):
    """How sure a reviewer is of the whole review. It is shown, and weighs nothing in the total."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


CONFIDENCES: dict[Confidence, Msg] = {
    Confidence.LOW: _l("Less sure than usual"),
    Confidence.NORMAL: _l("As sure as usual"),
    Confidence.HIGH: _l("Surer than usual"),
}

UNDER_WAY = frozenset({ReviewState.ACCEPTED, ReviewState.DRAFTING, ReviewState.REOPENED})
COUNTED = frozenset({ReviewState.INVITED, ReviewState.SUBMITTED, *UNDER_WAY})  # neither declined, expired nor sealed

REVIEW = Workflow(
    "review",
    ReviewState.INVITED,
    (
        row(ReviewAction.ACCEPT, {ReviewState.INVITED}, ReviewState.ACCEPTED, ReviewAccepted, _l("Accept review")),
        row(
            ReviewAction.DECLINE,
            {ReviewState.INVITED, ReviewState.ACCEPTED, ReviewState.DRAFTING},
            ReviewState.DECLINED,
            ReviewDeclined,
            _l("Decline review"),
        ),
        row(
            ReviewAction.EXPIRE, {ReviewState.INVITED}, ReviewState.EXPIRED, ReviewExpired, _l("Let invitation expire")
        ),
        row(ReviewAction.BEGIN, {ReviewState.ACCEPTED}, ReviewState.DRAFTING, ReviewBegun, _l("Begin review")),
        row(
            ReviewAction.SUBMIT,
            {ReviewState.DRAFTING, ReviewState.REOPENED},
            ReviewState.SUBMITTED,
            ReviewSubmitted,
            _l("Submit review"),
        ),
        row(ReviewAction.REOPEN, {ReviewState.SUBMITTED}, ReviewState.REOPENED, ReviewReopened, _l("Reopen review")),
        row(ReviewAction.SEAL, COUNTED, ReviewState.SEALED, ReviewSealed, _l("Take reviewer off")),
    ),
    {
        ReviewState.INVITED: Words(_l("Invited"), _l("In review"), Tone.WAIT),
        ReviewState.ACCEPTED: Words(_l("Accepted"), _l("In review"), Tone.PROGRESS),
        ReviewState.DECLINED: Words(_l("Declined"), _l("In review"), Tone.NONE),
        ReviewState.EXPIRED: Words(_l("Expired"), _l("In review"), Tone.NONE),
        ReviewState.DRAFTING: Words(_l("Being written"), _l("In review"), Tone.PROGRESS),
        ReviewState.SUBMITTED: Words(_l("Review submitted"), _l("In review"), Tone.DONE),
        ReviewState.REOPENED: Words(_l("Reopened"), _l("In review"), Tone.ATTENTION),
        ReviewState.SEALED: Words(_l("Sealed"), _l("In review"), Tone.FROZEN),
    },
)

_DECIDED = _l("In review")
CONFLICT = Workflow(
    "conflict",
    ConflictState.CANDIDATE,
    (
        row(
            ConflictAction.CONFIRM,
            {ConflictState.CANDIDATE, ConflictState.DISMISSED, ConflictState.WAIVED},
            ConflictState.CONFIRMED,
            ConflictConfirmed,
            _l("Confirm conflict of interest"),
        ),
        # Again once the evidence changed: a dismissal or a waiver stands for what was seen then.
        row(
            ConflictAction.DISMISS,
            {ConflictState.CANDIDATE, ConflictState.DISMISSED},
            ConflictState.DISMISSED,
            ConflictDismissed,
            _l("Dismiss"),
        ),
        row(
            ConflictAction.WAIVE,
            {ConflictState.CANDIDATE, ConflictState.WAIVED},
            ConflictState.WAIVED,
            ConflictWaived,
            _l("Waive conflict of interest"),
        ),
        row(
            ConflictAction.RECONSIDER,
            {ConflictState.WAIVED},
            ConflictState.CANDIDATE,
            ConflictReconsidered,
            _l("Take waiver back"),
        ),
    ),
    {
        ConflictState.CANDIDATE: Words(_l("To be looked into"), _DECIDED, Tone.WAIT),
        ConflictState.CONFIRMED: Words(_l("Blocks"), _DECIDED, Tone.REFUSED),
        ConflictState.DISMISSED: Words(_l("Dismissed"), _DECIDED, Tone.NONE),
        ConflictState.WAIVED: Words(_l("Waived"), _DECIDED, Tone.ATTENTION),
    },
)
