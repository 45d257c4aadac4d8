"""What every task shares: an application of its own process, a context, one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import structlog
from celery import Task, current_app, shared_task
from flask import Flask

from portal.core.actor import system_actor
from portal.core.clock import monotonic
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import IllegalTransition, NotFound, RuleViolation
from portal.core.meters import Meters
from workers.queues import CAUSE

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger("portal.task")
_app: Flask | None = None


def flask_app() -> Flask:
    """Return this process's application, built when first needed: no connection crosses the fork."""
    global _app  # noqa: PLW0603 - one per process, forgotten after a fork
    if _app is None:
        from wsgi import app

        _app = app
    return _app


def use_app(app: Flask | None) -> None:
    """Set or forget this process's application (after a fork, and in tests)."""
    global _app  # noqa: PLW0603
    _app = app


def hand_over_counts() -> None:
    """Hand over what this process counted, where it did anything yet."""
    if _app is not None:
        _app.extensions["portal.meters"].flush()


def task_ctx(name: str) -> Ctx:
    """Return the context of a task: it arrived when it started, in domain time, and no person asked for it."""
    clock = flask_app().extensions["portal.clock"]
    request_id = str(getattr(getattr(current_app.current_task, "request", None), "id", "") or "")
    return Ctx(clock.now(), system_actor(name), request_id[:16])


class PortalTask(Task):  # type: ignore[misc]  # celery is untyped
    """Runs inside the application's context; commits when it returns, rolls back when it raises."""

    abstract = True
    # A second run that finds the work done is done; these are not failures.
    throws = (NotFound, IllegalTransition, RuleViolation)
    is_quiet = False  # no line when it went well: a sign of life every ten seconds tells nobody anything

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        app, began, outcome = flask_app(), monotonic(), "failed"
        named = {"task": self.name, "task_id": str(self.request.id or "")}
        if cause := _cause_of(self.request):
            named["request_id"] = cause
        with app.app_context(), structlog.contextvars.bound_contextvars(**named):
            try:
                result = super().__call__(*args, **kwargs)
                db.session.commit()
                app.extensions["portal.after_commit"]()
                outcome = "done"
            except self.throws:
                outcome = "refused"
                db.session.rollback()
                raise
            except BaseException:
                db.session.rollback()
                raise
            finally:
                self._note(app, outcome, monotonic() - began)
            return result

    def _note(self, app: Flask, outcome: str, seconds: float) -> None:
        meters: Meters = app.extensions["portal.meters"]
        meters.count("tasks", self.name, outcome)
        meters.measure("task", self.name, seconds=seconds)
        if outcome != "done" or not self.is_quiet:
            log.info("task", outcome=outcome, ms=round(seconds * 1000, 1))


def _cause_of(request: Any) -> str:
    """Return the id of the web request that woke the task, or that of what woke it; empty for what beat started."""
    headers = getattr(request, "headers", None) or {}
    return str(headers.get(CAUSE) or getattr(request, CAUSE, None) or "")


def task(name: str, **options: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Register a task called ``domain.verb_noun``; keyword-only arguments, ids and ISO strings only."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        registered: Callable[P, R] = shared_task(name=name, base=PortalTask, **options)(function)
        return registered

    return decorate
