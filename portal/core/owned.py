"""What one row owns, loaded by statements that are written once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, lazyload
from sqlalchemy.orm.attributes import set_committed_value

from portal.core.db import db


class Owned:
    """A relationship to many of a single row, with the statement that loads it: ``Owned(Application.sections)``.

    ``selectinload`` composes its statement anew each time, and that costs twice what asking does. It is for lists;
    this is for the one row that a page is about.
    """

    def __init__(self, relationship: InstrumentedAttribute[Any], *options: Any) -> None:
        self._relationship = relationship
        self._options = options

    @property
    def again(self) -> Any:
        """Return the option for the statement that loads the owner: what a rollback takes away is loaded when it is asked."""
        return lazyload(self._relationship).options(*self._options)

    def is_loaded(self, owner: Any) -> bool:
        """Return whether ``owner`` holds it already."""
        return self._relationship.key not in sa.inspect(owner).unloaded

    def load(self, owner: Any, *, fresh: bool = False) -> None:
        """Load what ``owner`` has (one statement). What is held already stays, unless ``fresh``: the owner is locked."""
        found = db.session.scalars(
            self._statement, {"owner": owner.id}, execution_options={"populate_existing": fresh}
        ).all()
        # Asked in any case: rows that are held already may miss what the options load beside them.
        if fresh or not self.is_loaded(owner):
            set_committed_value(owner, self._relationship.key, found)

    @cached_property
    def _statement(self) -> sa.Select[Any]:
        # At the first use: what the relationship leads to is known once every model is imported.
        of: Any = self._relationship.property
        ((_, owner_column),) = of.local_remote_pairs
        stmt = sa.select(of.mapper.class_).where(owner_column == sa.bindparam("owner"))
        return stmt.order_by(*of.order_by).options(*self._options)
