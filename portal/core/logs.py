"""One JSON line a fact, with the request's id. A traceback never shows the values of variables: they may be secrets."""

from __future__ import annotations

import logging

import structlog


def configure() -> None:
    """Set up structlog for this process; doing it twice changes nothing."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
