"""What an administrator did about messages: tried again, sent again, held back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.core.events import Event


@dataclass(frozen=True)
class DeliveryRetried(Event, topic="delivery.retried"):
    delivery_id: int


@dataclass(frozen=True)
class OutboxRowRetried(Event, topic="outbox.retried"):
    outbox_id: int


@dataclass(frozen=True)
class DeliveryCopied(Event, topic="delivery.copied"):
    """An administrator had a message sent again: ``delivery_id`` is the new one, ``original_id`` the one it repeats."""

    delivery_id: int
    original_id: int


@dataclass(frozen=True)
class StopOrdered(Event, topic="stop.ordered"):
    """Messages were held back: one (``delivery_id``), or ``count`` of what ``event_id`` caused; the stop has the reason."""

    stop_id: int
    count: int
    delivery_id: int | None = None
    event_id: int | None = None


@dataclass(frozen=True)
class MailChosen(Event, topic="person.mail-chosen"):
    """A person chose how to get the messages of a category; ``by_link``: by the link in one of them, without signing in."""

    person_id: int
    category: str
    choice: str
    by_link: bool = False


@dataclass(frozen=True)
class DigestMade(Event, topic="person.digest-made"):
    """What somebody had gathered until the morning of ``day`` is told in one message; the deliveries name this event."""

    person_id: int
    day: date


@dataclass(frozen=True)
class MessageTextSaved(Event, topic="text.saved"):
    """A text of a message was changed or put back; the digest is of its subject and body, null where it is as shipped."""

    text_id: int
    programme_id: int | None
    kind: str
    language: str
    number: int
    sha256: str


@dataclass(frozen=True)
class TextTried(Event, topic="trial.asked"):
    """An administrator sent a text to their own address to see it."""

    trial_id: int
    programme_id: int | None
    kind: str
    language: str
    sha256: str


@dataclass(frozen=True)
class DeliveryBounced(Event, topic="delivery.bounced"):
    """A message came back after it had left; ``code`` is the status of RFC 3463."""

    delivery_id: int
    code: str


@dataclass(frozen=True)
class MailingDrafted(Event, topic="mailing.drafted"):
    mailing_id: int
    kind: str


@dataclass(frozen=True)
class MailingScheduled(Event, topic="mailing.scheduled"):
    mailing_id: int
    due_at: datetime


@dataclass(frozen=True)
class MailingPostponed(Event, topic="mailing.postponed"):
    mailing_id: int


@dataclass(frozen=True)
class MailingReleased(Event, topic="mailing.released"):
    """The mailing leaves: the notification ``mailing`` tells its audience of this moment."""

    mailing_id: int


@dataclass(frozen=True)
class MailingDropped(Event, topic="mailing.dropped"):
    mailing_id: int
