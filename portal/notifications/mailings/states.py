"""A mailing: drafted, sent now or at its moment, or dropped; what has left is followed as messages."""

from __future__ import annotations

from enum import StrEnum

from portal.core.text import Msg, _l
from portal.core.workflow import Tone, Words, Workflow, row
from portal.notifications.events import (
    MailingDropped,
    MailingPostponed,
    MailingReleased,
    MailingScheduled,
)


class MailingState(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RELEASED = "released"
    DROPPED = "dropped"


class MailingAction(StrEnum):
    SCHEDULE = "schedule"
    POSTPONE = "postpone"
    RELEASE = "release"
    DROP = "drop"


class Audience(StrEnum):
    """Whom a mailing is for."""

    DRAFTS = "drafts"
    SUBMITTED = "submitted"
    REVIEWERS = "reviewers"
    PROGRAMME = "programme"


AUDIENCES: dict[Audience, Msg] = {
    Audience.DRAFTS: _l("Leads with a draft in a round"),
    Audience.SUBMITTED: _l("Leads with a submitted application in a round"),
    Audience.REVIEWERS: _l("Reviewers of a round"),
    Audience.PROGRAMME: _l("Leads of all partnerships of a programme"),
}

_D, _S, _R, _X = MailingState.DRAFT, MailingState.SCHEDULED, MailingState.RELEASED, MailingState.DROPPED

MAILING: Workflow[MailingState, MailingAction] = Workflow(
    name="mailing",
    initial=_D,
    transitions=(
        row(MailingAction.SCHEDULE, [_D], _S, MailingScheduled, _l("Send at this moment")),
        row(MailingAction.POSTPONE, [_S], _D, MailingPostponed, _l("Do not send it then")),
        row(MailingAction.RELEASE, [_D, _S], _R, MailingReleased, _l("Send mailing")),
        row(MailingAction.DROP, [_D, _S], _X, MailingDropped, _l("Drop mailing")),
    ),
    words={
        _D: Words(_l("Draft"), _l("Draft"), Tone.PROGRESS),
        _S: Words(_l("To be sent"), _l("To be sent"), Tone.WAIT),
        _R: Words(_l("Sent"), _l("Sent"), Tone.DONE),
        _X: Words(_l("Dropped"), _l("Dropped"), Tone.REFUSED),
    },
)
