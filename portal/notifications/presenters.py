"""Deliveries as administrators and auditors read them: states, causes, and the message without its secrets."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from portal.core.event_log import EventRow
from portal.core.text import Msg, _l
from portal.core.workflow import Tone
from portal.notifications.links import MaskedLinks
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.sending.rendering import render_message


@dataclass(frozen=True, slots=True)
class StateWords:
    """A state's name and its look."""

    text: Msg
    tone: Tone


STATES: dict[DeliveryState, StateWords] = {
    DeliveryState.WAITING: StateWords(_l("Waiting"), Tone.WAIT),
    DeliveryState.SENT: StateWords(_l("Sent"), Tone.DONE),
    DeliveryState.PARKED: StateWords(_l("Parked"), Tone.ATTENTION),
    DeliveryState.CANCELLED: StateWords(_l("Held back"), Tone.REFUSED),
    DeliveryState.MUTED: StateWords(_l("Not by mail"), Tone.NONE),
    DeliveryState.GATHERED: StateWords(_l("For the daily summary"), Tone.PROGRESS),
}

CAUSES: dict[str, Msg] = {
    "connection": _l("The mail server could not be reached"),
    "sign-in": _l("The mail server refused our sign-in"),
    "temporary": _l("The mail server put it off time and again"),
    "permanent": _l("The mail server refused it for good"),
    "content": _l("The message could not be made"),
}


def cause_words(cause: str) -> Msg | str:
    """Return what a cause of ``dead_letters`` means; the cause itself where its kind has no words."""
    return CAUSES.get(cause.partition(":")[0], cause)


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as another than its recipient may read it. ``fault``: why it cannot be made now, in the log's words."""

    subject: str = ""
    text: str = ""
    fault: str = ""


def read_masked(delivery: Delivery, event: EventRow) -> Reading:
    """Return the message as it would read now; what stands for a person in its links is neither made nor shown."""
    settings = current_app.extensions["portal.settings"]
    links = MaskedLinks(current_app.url_map, settings.base_url)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - what Flask offers for this
    try:
        message = render_message(app, delivery, event, links)
    except Exception as fault:  # noqa: BLE001 - its subject may be gone, and that is part of its story
        return Reading(fault=type(fault).__name__)
    body = message.get_body(("plain",))
    return Reading(str(message["Subject"]), body.get_content().strip() if body is not None else "")


ANCHORS: dict[str, Msg] = {
    "round.opened": _l("Round %(name)s opened"),
    "round.deadline-moved": _l("Deadline of round %(name)s moved"),
    "round.cancelled": _l("Round %(name)s cancelled"),
    "round.results-published": _l("Results of round %(name)s published"),
    "assignment.released": _l("Reviewers of round %(name)s invited"),
    "mailing.released": _l("Mailing: %(name)s"),
}
"""What one action told many, by the topic of its event; ``name`` is the round's code or the mailing's subject."""


def anchor_words(topic: str, name: str) -> Msg | str:
    """Return what the action was, such as "Results of round B-2022-1 published"."""
    return Msg(ANCHORS[topic], {"name": name}) if topic in ANCHORS else topic
