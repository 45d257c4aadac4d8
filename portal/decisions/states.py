"""A decision, from pending to accepted; and the request for its review."""

from __future__ import annotations

from enum import StrEnum

from portal.core.text import Msg, _l
from portal.core.workflow import Tone, Words, Workflow, row
from portal.decisions.events import (
    AwardAccepted,
    AwardDeclined,
    AwardLapsed,
    AwardWithdrawn,
    DecisionConfirmed,
    DecisionPublished,
    DecisionRecalled,
    DecisionReplaced,
    ReviewDismissed,
    ReviewUpheld,
    ReviewWithdrawn,
)


class DecisionState(StrEnum):
    """``pending`` by one person, ``confirmed`` by a second, ``published`` for the whole round at once."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    PUBLISHED = "published"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class DecisionAction(StrEnum):
    CONFIRM = "confirm"
    RECALL = "recall"
    PUBLISH = "publish"
    ACCEPT = "accept"
    DECLINE = "decline"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"
    REPLACE = "replace"


class Place(StrEnum):
    """Where a ranked application stands at the funding line."""

    FUNDED = "funded"
    PARTIAL = "partial"  # offered a reduced amount, within its stated minimum
    RESERVE = "reserve"
    NOT_FUNDABLE = "not_fundable"  # a threshold missed, whatever the rank


_TOLD = _l("Decision published")

DECISION = Workflow(
    "decision",
    DecisionState.PENDING,
    (
        row(
            DecisionAction.CONFIRM,
            {DecisionState.PENDING},
            DecisionState.CONFIRMED,
            DecisionConfirmed,
            _l("Confirm decision"),
        ),
        row(
            DecisionAction.RECALL,
            {DecisionState.CONFIRMED},
            DecisionState.PENDING,
            DecisionRecalled,
            _l("Take decision back"),
        ),
        row(
            DecisionAction.PUBLISH,
            {DecisionState.CONFIRMED},
            DecisionState.PUBLISHED,
            DecisionPublished,
            _l("Publish decision"),
        ),
        row(
            DecisionAction.ACCEPT, {DecisionState.PUBLISHED}, DecisionState.ACCEPTED, AwardAccepted, _l("Accept grant")
        ),
        row(
            DecisionAction.DECLINE,
            {DecisionState.PUBLISHED},
            DecisionState.DECLINED,
            AwardDeclined,
            _l("Decline grant"),
        ),
        row(
            DecisionAction.LAPSE,
            {DecisionState.PUBLISHED, DecisionState.ACCEPTED},
            DecisionState.LAPSED,
            AwardLapsed,
            _l("Let grant lapse"),
        ),
        row(
            DecisionAction.WITHDRAW,
            {DecisionState.PUBLISHED, DecisionState.ACCEPTED},
            DecisionState.WITHDRAWN,
            AwardWithdrawn,
            _l("Withdraw grant"),
        ),
        row(
            DecisionAction.REPLACE,
            {DecisionState.PUBLISHED, DecisionState.ACCEPTED},
            DecisionState.REPLACED,
            DecisionReplaced,
            _l("Take new decision"),
        ),
    ),
    {
        DecisionState.PENDING: Words(_l("Decision to confirm"), _l("In review"), Tone.PROGRESS),
        DecisionState.CONFIRMED: Words(_l("Decision to publish"), _l("In review"), Tone.WAIT),
        DecisionState.PUBLISHED: Words(_TOLD, _TOLD, Tone.DONE),
        DecisionState.ACCEPTED: Words(_l("Grant accepted"), _l("Grant accepted"), Tone.APPROVED),
        DecisionState.DECLINED: Words(_l("Grant declined"), _l("Grant declined"), Tone.NONE),
        DecisionState.LAPSED: Words(_l("Grant lapsed"), _l("Grant lapsed"), Tone.NONE),
        DecisionState.WITHDRAWN: Words(_l("Grant withdrawn"), _l("Grant withdrawn"), Tone.NONE),
        DecisionState.REPLACED: Words(_l("Replaced after a review"), _l("Replaced after a review"), Tone.NONE),
    },
)


class RequestState(StrEnum):
    """A request for review (verzoek tot herziening): asked once, then answered or withdrawn for good."""

    ASKED = "asked"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class RequestAction(StrEnum):
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    WITHDRAW = "withdraw"


class Ground(StrEnum):
    """What a request for review rests on; it decides who answers."""

    TECHNICAL = "technical"
    CONTENT = "content"


GROUND_WORDS: dict[Ground, Msg] = {
    Ground.TECHNICAL: _l("Technical error"),
    Ground.CONTENT: _l("Content of the assessment"),
}

_UPHELD, _DISMISSED, _WITHDRAWN = _l("Review upheld"), _l("Review dismissed"), _l("Request for review withdrawn")

REVIEW_REQUEST = Workflow(
    "review_request",
    RequestState.ASKED,
    (
        row(RequestAction.UPHOLD, {RequestState.ASKED}, RequestState.UPHELD, ReviewUpheld, _l("Uphold request")),
        row(
            RequestAction.DISMISS,
            {RequestState.ASKED},
            RequestState.DISMISSED,
            ReviewDismissed,
            _l("Dismiss request"),
        ),
        row(
            RequestAction.WITHDRAW,
            {RequestState.ASKED},
            RequestState.WITHDRAWN,
            ReviewWithdrawn,
            _l("Withdraw request"),
        ),
    ),
    {
        RequestState.ASKED: Words(_l("Review to answer"), _l("Review asked"), Tone.WAIT),
        RequestState.UPHELD: Words(_UPHELD, _UPHELD, Tone.APPROVED),
        RequestState.DISMISSED: Words(_DISMISSED, _DISMISSED, Tone.REFUSED),
        RequestState.WITHDRAWN: Words(_WITHDRAWN, _WITHDRAWN, Tone.NONE),
    },
)


class LetterKind(StrEnum):
    """What a letter tells. Each programme has one text for each of them."""

    AWARDED = "awarded"
    REDUCED = "reduced"  # awarded, with less than was asked
    CONDITIONAL = "conditional"
    RESERVE = "reserve"
    REFUSED = "refused"
    PROMOTED = "promoted"  # from the reserve list
    UPHELD = "upheld"  # a request for review
    DISMISSED = "dismissed"
    INADMISSIBLE = "inadmissible"  # told by the case officer who judged it: no decision of the round stands behind it


LETTER_WORDS: dict[LetterKind, Msg] = {
    LetterKind.AWARDED: _l("Grant awarded"),
    LetterKind.REDUCED: _l("Lower grant than asked"),
    LetterKind.CONDITIONAL: _l("Grant awarded under conditions"),
    LetterKind.RESERVE: _l("Place on the reserve list"),
    LetterKind.REFUSED: _l("Grant refused"),
    LetterKind.PROMOTED: _l("Grant awarded from the reserve list"),
    LetterKind.UPHELD: _l("Request for review upheld"),
    LetterKind.DISMISSED: _l("Request for review dismissed"),
    LetterKind.INADMISSIBLE: _l("Application declared inadmissible"),
}


class LetterState(StrEnum):
    """How far a worker is with a letter."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class LetterFailure(StrEnum):
    """Why a letter could not be made: the machine cannot, the storage refuses, or the making itself went wrong."""

    NO_LIBRARY = "no_library"
    STORAGE = "storage"
    FAULT = "fault"
