"""One JSON line a fact, with the id of the request that caused it, in the web process and in the tasks it woke.

A traceback never shows the values of variables: they may be secrets. A line that cannot be written (a full disk) is lost,
and nothing else.
"""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import Any

import structlog

LINE = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


class Lines:
    """Writes lines to standard output; what the system refuses to take is dropped."""

    def msg(self, line: str) -> None:
        """Write ``line`` whole, so that two threads do not mix theirs."""
        with suppress(OSError, ValueError):  # ValueError: the output was closed
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()

    debug = info = warning = error = critical = exception = msg


def configure() -> None:
    """Set up structlog for this process; doing it twice changes nothing."""
    structlog.configure(
        processors=[
            *LINE,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_names: Lines(),
        cache_logger_on_first_use=True,
    )


def formatter() -> logging.Formatter:
    """Return what writes the lines of libraries (gunicorn, Celery, SQLAlchemy) in the same form."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*LINE, structlog.stdlib.add_logger_name],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def configure_libraries(level: int) -> None:
    """Let the lines of libraries from ``level`` on go to standard error, as JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)


def begin(**facts: Any) -> None:
    """Forget what the last request of this thread left, and let every further line carry ``facts``."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**facts)


def cause() -> str:
    """Return the id of the request that is being answered, or whose task is being done; empty where there is none."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
