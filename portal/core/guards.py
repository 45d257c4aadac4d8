"""Does the database still refuse what it should? Constraints and triggers that somebody switched off."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from portal.core.db import db

UNCHECKED = """
SELECT conrelid::regclass || '.' || conname FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND NOT convalidated ORDER BY 1
"""
SWITCHED_OFF = """
SELECT tgrelid::regclass || '.' || tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal AND tgenabled = 'D' ORDER BY 1
"""


def guards_that_are_off() -> Iterator[str]:
    """Yield each constraint that was never checked and each trigger that is switched off, as ``table.name``."""
    for name in db.session.scalars(sa.text(UNCHECKED)):
        yield f"constraint {name} is not validated"
    for name in db.session.scalars(sa.text(SWITCHED_OFF)):
        yield f"trigger {name} is switched off"
