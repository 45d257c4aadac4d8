"""Reading the texts of messages: which stand, their versions, and real messages to try a text on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.calls.models import Programme
from portal.core.db import advisory_lock, db, find_one, get_one
from portal.core.errors import NotFound
from portal.core.event_log import EventRow
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification
from portal.notifications.programmes import is_of_none
from portal.notifications.table import NOTIFICATIONS
from portal.notifications.texts.models import MessageText
from portal.notifications.texts.shipped import shipped_wording
from portal.notifications.texts.wording import Wording

if TYPE_CHECKING:
    from flask import Flask

WHOLE_PORTAL = "whole-portal"  # stands in an address where a programme's code would
LANGUAGES = ("nl", "en")
MOST_CASES = 12
Place = tuple[str, str]  # (notification, language)


@dataclass(frozen=True, slots=True)
class StandingText:
    """The text of a notification that stands in a language, in a programme or (None) in the whole portal.

    ``number`` is its version; ``version`` None: nobody ever changed it.
    """

    programme: Programme | None
    notification: Notification
    language: str
    number: int
    wording: Wording
    version: MessageText | None

    __tablename__: ClassVar[str] = MessageText.__tablename__

    @property
    def id(self) -> int | None:
        return self.version.id if self.version else None

    @property
    def scope(self) -> str:
        """The code in an address: a programme's, or that of the whole portal."""
        return self.programme.code if self.programme else WHOLE_PORTAL

    @property
    def is_shipped(self) -> bool:
        return self.version is None or self.version.subject is None


@dataclass(frozen=True, slots=True)
class Case:
    """A message that was made, to try a text on: its number, when, for whom, and its subject where it is known."""

    number: int
    made_at: datetime
    recipient: str
    subject: str


def editable(programme: Programme | None) -> list[Notification]:
    """Return the notifications whose text a programme, or the whole portal, has of its own."""
    return [each for each in NOTIFICATIONS if each.variables and each.is_of_programme is (programme is not None)]


def find_scope(code: str) -> Programme | None:
    """Return the programme that an address names, None for the whole portal; NotFound for neither."""
    return None if code == WHOLE_PORTAL else get_one(sa.select(Programme).where(Programme.code == code))


def count_edited() -> dict[int | None, int]:
    """Return how many texts differ from the shipped ones, by programme; None is the whole portal."""
    latest = _latest().subquery()
    stmt = sa.select(latest.c.programme_id, sa.func.count()).where(latest.c.subject.is_not(None))
    return dict(db.session.execute(stmt.group_by(latest.c.programme_id)).all())


def list_edited(programme: Programme | None) -> dict[Place, MessageText]:
    """Return the latest version of each text that somebody changed (one statement)."""
    number = programme.id if programme else None
    stmt = _latest().where(MessageText.programme_id.is_not_distinct_from(number))
    found = db.session.scalars(stmt.options(joinedload(MessageText.written_by)))
    return {(each.notification, each.language): each for each in found}


def _latest() -> sa.Select[MessageText]:
    keys = (MessageText.programme_id, MessageText.notification, MessageText.language)
    return sa.select(MessageText).ext(distinct_on(*keys)).order_by(*keys, MessageText.number.desc())


def get_standing(app: Flask, scope: str, name: str, language: str, *, lock: bool = False) -> StandingText:
    """Return the text that stands; NotFound where there is no such text to edit. ``lock``: nobody saves one meanwhile."""
    programme = find_scope(scope)
    notification = next((each for each in editable(programme) if each.name == name), None)
    if notification is None or language not in LANGUAGES:
        raise NotFound
    if lock:
        advisory_lock(f"message-text:{scope}:{name}:{language}")
    latest = find_one(_versions(programme, name, language).limit(1))
    shipped = shipped_wording(app, notification, language)
    return StandingText(
        programme, notification, language, latest.number if latest else 0, _wording(latest, shipped), latest
    )


def list_versions(standing: StandingText) -> list[MessageText]:
    """Return the versions of a text, the latest first, with who wrote each."""
    stmt = _versions(standing.programme, standing.notification.name, standing.language)
    return list(db.session.scalars(stmt))


def get_version(app: Flask, standing: StandingText, number: int) -> tuple[Wording, MessageText | None]:
    """Return what version ``number`` says, and its row (None for 0, the shipped one); NotFound where there is none."""
    shipped = shipped_wording(app, standing.notification, standing.language)
    if number == 0:
        return shipped, None
    stmt = _versions(standing.programme, standing.notification.name, standing.language)
    row = get_one(stmt.where(MessageText.number == number))
    return _wording(row, shipped), row


def _versions(programme: Programme | None, name: str, language: str) -> sa.Select[MessageText]:
    stmt = sa.select(MessageText).where(
        MessageText.programme_id.is_not_distinct_from(programme.id if programme else None),
        MessageText.notification == name,
        MessageText.language == language,
    )
    return stmt.options(joinedload(MessageText.written_by)).order_by(MessageText.number.desc())


def _wording(row: MessageText | None, shipped: Wording) -> Wording:
    if row is None or row.subject is None or row.body is None:
        return Wording(row.number if row else 0, shipped.subject, shipped.body)
    return Wording(row.number, row.subject, row.body)


def list_cases(standing: StandingText, own: Iterable[int]) -> list[Case]:
    """Return the latest messages of this kind in the programme, one for each event, the latest first.

    None of a partnership or a round in which one of the organisations ``own`` takes part.
    """
    stmt = _cases(standing, own).ext(distinct_on(Delivery.event_id)).order_by(Delivery.event_id.desc(), Delivery.id)
    rows = db.session.execute(stmt.limit(MOST_CASES))
    return [Case(each.id, each.made_at, name or each.address, each.subject) for each, name in rows]


def get_case(standing: StandingText, number: int, own: Iterable[int]) -> tuple[Delivery, EventRow]:
    """Return a message to try a text on, with its event; NotFound for one that ``list_cases`` would never offer."""
    row = db.session.execute(_cases(standing, own).where(Delivery.id == number)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], db.session.get_one(EventRow, row[0].event_id)


def _cases(standing: StandingText, own: Iterable[int]) -> sa.Select[Delivery, str]:
    mine = list(own)
    subjects = {each.partition(".")[0] for each in standing.notification.topics}
    allowed = [sa.and_(EventRow.subject == each, is_of_none(each, mine)) for each in sorted(subjects)]
    return (
        sa.select(Delivery, Person.name)
        .join(EventRow, EventRow.id == Delivery.event_id)
        .outerjoin(Person, Person.id == Delivery.person_id)
        .where(
            Delivery.notification == standing.notification.name,
            Delivery.programme_id.is_not_distinct_from(standing.programme.id if standing.programme else None),
            Delivery.copy == 0,
            sa.or_(*allowed),
        )
    )
