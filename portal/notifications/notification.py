"""What a notification is: one class, one folder of templates, and who is told by which address."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from portal.accounts.models import Person
from portal.calls.reminding import end_of
from portal.core.event_log import EventRow
from portal.core.text import Msg
from portal.notifications.categories import CATEGORIES, Category
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.variables import Variable


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to tell. ``key`` names them for ever ("person:12", "invitation:7"), whatever their address becomes."""

    key: str
    address: str
    language: str
    person_id: int | None = None
    is_confirmed: bool = True  # the address is known to be theirs


def to_person(person: Person) -> Recipient:
    """Return ``person`` as a recipient, at the address and in the language of this moment."""
    is_confirmed = person.email_confirmed_at is not None
    return Recipient(f"person:{person.id}", person.email, person.language, person.id, is_confirmed)


class Notification(ABC):
    """One kind of message. ``name`` is kebab-case and the name of its folder under ``templates/emails``."""

    name: ClassVar[str]
    topics: ClassVar[tuple[str, ...]]  # the events that it answers
    reason: ClassVar[Msg]  # "You receive this because …"
    category: ClassVar[Category]
    is_digestible: ClassVar[bool] = False  # it may wait for the daily digest of who asked for one
    is_urgent: ClassVar[bool] = False  # somebody is waiting at a screen for it
    carries_token: ClassVar[bool] = False  # its link stands for its reader: only they ask for another one
    is_read_here: ClassVar[bool] = False  # its words are all there is: opened in the portal, they are shown
    is_of_programme: ClassVar[bool] = True  # each programme may have its own text; False: one text for the whole portal
    variables: ClassVar[tuple[Variable, ...]] = ()  # what its text can hold; without any, nobody edits it
    needed: ClassVar[tuple[Variable, ...]] = ()  # what its text cannot leave out, beside the link

    @property
    def is_mutable(self) -> bool:
        """Whether its reader may keep it to the portal: the rule of its whole category."""
        return CATEGORIES[self.category].is_mutable

    def is_overtaken(self, event: EventRow, at: datetime) -> bool:
        """Whether it has nothing to say any more at ``at`` (domain time): it is then held back instead of sent."""
        del event, at
        return False

    @abstractmethod
    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        """Return who is told of ``event``; the same key twice is told once."""

    def unreached(self, event: EventRow) -> Iterable[str]:
        """Return the names of organisations that should be told of ``event`` and for which nobody may sign."""
        del event
        return ()

    @abstractmethod
    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        """Return the values of the templates, for this recipient."""


class Reminding(Notification):
    """A message that asks for something before a deadline, which stands in its event as ``deadline``.

    Between the clock's look and the mail server's hello lie seconds, or a day when the mail server was away: who did it
    meanwhile has no recipients left, and nobody is reminded of what is past.
    """

    deadline: ClassVar[str]

    def is_overtaken(self, event: EventRow, at: datetime) -> bool:
        text = str(event.payload[self.deadline])
        deadline = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
        return at >= end_of(deadline) or not list(self.recipients(event))
