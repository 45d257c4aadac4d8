"""A round is drafted, announced or cancelled by people; open and closed follow from the clock."""

from __future__ import annotations

from enum import StrEnum

from portal.calls.events import AnnouncementWithdrawn, RoundAnnounced, RoundCancelled
from portal.core.text import Msg, _l
from portal.core.workflow import Tone, Words, Workflow, row


class RoundState(StrEnum):
    """What people decided about a round. *In review* and *results out* are told down by other domains."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"


class RoundAction(StrEnum):
    ANNOUNCE = "announce"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"


class RankingPolicy(StrEnum):
    """What happens at the funding line, chosen before opening."""

    STRICT = "strict"  # the first that does not fit ends the list
    SKIP = "skip"  # go on down and take what fits, with what was skipped recorded
    PARTIAL = "partial"  # offer the first that does not fit a reduced amount, within its stated minimum


class Phase(StrEnum):
    """Where a round stands at a moment: what people decided, and what the clock says."""

    DRAFT = "draft"
    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"
    IN_REVIEW = "in_review"
    RESULTS = "results"
    CANCELLED = "cancelled"


POLICY_LABELS: dict[RankingPolicy, Msg] = {
    RankingPolicy.STRICT: _l("In order, and stop at the first that does not fit"),
    RankingPolicy.SKIP: _l("In order, passing over what does not fit"),
    RankingPolicy.PARTIAL: _l("In order, offering the first that does not fit a reduced amount"),
}

PHASES: dict[Phase, Words] = {
    Phase.DRAFT: Words(_l("Draft"), _l("Not announced"), Tone.PROGRESS),
    Phase.COMING: Words(_l("Announced"), _l("Opens later"), Tone.WAIT),
    Phase.OPEN: Words(_l("Open"), _l("Open now"), Tone.OPEN),
    Phase.CLOSED: Words(_l("Closed"), _l("Closed"), Tone.FROZEN),
    Phase.IN_REVIEW: Words(_l("In review"), _l("Being assessed"), Tone.FROZEN),
    Phase.RESULTS: Words(_l("Results published"), _l("Results published"), Tone.DONE),
    Phase.CANCELLED: Words(_l("Cancelled"), _l("Cancelled"), Tone.REFUSED),
}

ROUND = Workflow(
    "round",
    RoundState.DRAFT,
    (
        row(RoundAction.ANNOUNCE, {RoundState.DRAFT}, RoundState.ANNOUNCED, RoundAnnounced, _l("Announce round")),
        row(
            RoundAction.WITHDRAW,
            {RoundState.ANNOUNCED},
            RoundState.DRAFT,
            AnnouncementWithdrawn,
            _l("Withdraw announcement"),
        ),
        row(
            RoundAction.CANCEL,
            {RoundState.DRAFT, RoundState.ANNOUNCED},
            RoundState.CANCELLED,
            RoundCancelled,
            _l("Cancel round"),
        ),
    ),
    {
        RoundState.DRAFT: PHASES[Phase.DRAFT],
        RoundState.ANNOUNCED: PHASES[Phase.COMING],
        RoundState.CANCELLED: PHASES[Phase.CANCELLED],
    },
    phases={str(phase): words for phase, words in PHASES.items()},
)
