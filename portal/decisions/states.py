"""A decision, from pending to accepted."""

from __future__ import annotations

from enum import StrEnum

from portal.core.text import _l
from portal.core.workflow import Tone, Words, Workflow, row
from portal.decisions.events import (
    AwardAccepted,
    AwardDeclined,
    AwardLapsed,
    DecisionConfirmed,
    DecisionPublished,
    DecisionRecalled,
)


class DecisionState(StrEnum):
    """``pending`` by one person, ``confirmed`` by a second, ``published`` for the whole round at once."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    PUBLISHED = "published"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"


class DecisionAction(StrEnum):
    CONFIRM = "confirm"
    RECALL = "recall"
    PUBLISH = "publish"
    ACCEPT = "accept"
    DECLINE = "decline"
    LAPSE = "lapse"


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
    ),
    {
        DecisionState.PENDING: Words(_l("Decision to confirm"), _l("In review"), Tone.PROGRESS),
        DecisionState.CONFIRMED: Words(_l("Decision to publish"), _l("In review"), Tone.WAIT),
        DecisionState.PUBLISHED: Words(_TOLD, _TOLD, Tone.DONE),
        DecisionState.ACCEPTED: Words(_l("Grant accepted"), _l("Grant accepted"), Tone.APPROVED),
        DecisionState.DECLINED: Words(_l("Grant declined"), _l("Grant declined"), Tone.NONE),
        DecisionState.LAPSED: Words(_l("Grant lapsed"), _l("Grant lapsed"), Tone.NONE),
    },
)
