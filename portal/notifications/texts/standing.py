"""Which edited text a message is made of: looked up once for many messages."""

from __future__ import annotations

import sqlalchemy as sa

from portal.core.clock import monotonic
from portal.core.db import db
from portal.notifications.texts.models import MessageText
from portal.notifications.texts.wording import Wording

KEPT_SECONDS = 5.0  # a text that was saved counts for every message that is made later than this
_STATEMENT = (
    sa.select(MessageText.number, MessageText.subject, MessageText.body)
    .where(
        MessageText.programme_id.is_not_distinct_from(sa.bindparam("programme_id", type_=sa.BigInteger())),
        MessageText.notification == sa.bindparam("notification"),
        MessageText.language == sa.bindparam("language"),
    )
    .order_by(MessageText.number.desc())
    .limit(1)
)


class Wordings:
    """The texts that stand, for one run of a worker: a lookup for each programme, notification and language."""

    def __init__(self) -> None:
        self._found: dict[tuple[int | None, str, str], Wording | None] = {}
        self._since = monotonic()

    def of(self, programme_id: int | None, notification: str, language: str) -> Wording | None:
        """Return the edited text that stands; None where the one that is shipped does."""
        if monotonic() - self._since > KEPT_SECONDS:
            self._found, self._since = {}, monotonic()
        key = (programme_id, notification, language)
        if key not in self._found:
            self._found[key] = find_wording(*key)
        return self._found[key]


def find_wording(programme_id: int | None, notification: str, language: str) -> Wording | None:
    """Return the edited text that stands; None where the one that is shipped does."""
    asked = {"programme_id": programme_id, "notification": notification, "language": language}
    row = db.session.execute(_STATEMENT, asked).one_or_none()
    return Wording(row.number, row.subject, row.body) if row is not None and row.subject is not None else None
