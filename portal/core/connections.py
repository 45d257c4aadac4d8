"""The portal's connections to PostgreSQL: what was prepared once stays prepared."""

from __future__ import annotations

from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import ExecStatus, TransactionStatus

IN_TRANSACTION = frozenset({TransactionStatus.INTRANS, TransactionStatus.INERROR})


class LastingConnection(psycopg.Connection[Any]):
    """A connection that keeps its prepared statements through a rollback, with which every page that only shows ends.

    psycopg forgets them there, because a rollback may take back the tables that they name. The portal makes no tables while
    it serves, and PostgreSQL keeps them; without them it plans every statement of every page anew, which takes longer
    than answering.
    """

    def rollback(self) -> None:
        """Roll back; where that does not succeed, psycopg's own says why."""
        is_done = (
            self.pgconn.transaction_status in IN_TRANSACTION
            and self.pgconn.exec_(b"ROLLBACK").status == ExecStatus.COMMAND_OK
        )
        if not is_done:
            super().rollback()


def keep_prepared(engine: sa.Engine) -> None:
    """Let the engine connect with ``LastingConnection``."""

    @sa.event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> LastingConnection:
        return LastingConnection.connect(*arguments, **options)
