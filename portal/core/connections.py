"""The portal's connections to PostgreSQL: what was prepared once stays prepared, and a lost one is replaced."""

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

    @property
    def answers(self) -> bool:
        """Whether the server is there (one empty statement)."""
        return self.pgconn.exec_(b"").status == ExecStatus.EMPTY_QUERY


def use_lasting(engine: sa.Engine) -> None:
    """Let the engine connect with ``LastingConnection``, and ask each time it takes one from its pool whether it lasts.

    SQLAlchemy's ``pool_pre_ping`` asks the same with a statement in a mode of its own, at several times the cost.
    """

    @sa.event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> LastingConnection:
        return LastingConnection.connect(*arguments, **options)

    @sa.event.listens_for(engine, "checkout")
    def check(connection: LastingConnection, _record: Any, _proxy: Any) -> None:
        if not connection.answers:
            raise sa.exc.InvalidatePoolError
