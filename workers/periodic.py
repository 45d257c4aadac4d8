"""What a periodic run writes into its row: when it began, how it ended, how long it took.

Only what the dispatcher sent says so: the same task woken by a page is nobody's period.
"""

from __future__ import annotations

from typing import Any

from celery.signals import task_postrun, task_prerun

from portal.core.clock import monotonic
from portal.core.db import db
from portal.core.periodic import Ended, note_begun, note_ended
from workers.base import PortalTask, flask_app

HEADER = "portal_period"

_began: dict[str, float] = {}


def is_periodic(task: Any) -> bool:
    """Return whether the dispatcher sent the run that ``task`` is at."""
    request = task.request
    return bool(getattr(request, HEADER, None) or (getattr(request, "headers", None) or {}).get(HEADER))


@task_prerun.connect  # type: ignore[untyped-decorator]  # celery is untyped
def note_begin(task_id: str = "", task: Any = None, **_: Any) -> None:
    """Write that a periodic run begins, in a transaction of its own."""
    if not is_periodic(task):
        return
    _began[task_id] = monotonic()
    with flask_app().app_context():
        note_begun(task.name)
        db.session.commit()


@task_postrun.connect  # type: ignore[untyped-decorator]
def note_end(task_id: str = "", task: Any = None, retval: Any = None, state: str | None = None, **_: Any) -> None:
    """Write how a periodic run ended. Work that another run had done already is done."""
    began = _began.pop(task_id, None)
    if began is None:
        return
    is_done = state == "SUCCESS" or isinstance(retval, PortalTask.throws)
    handled = retval if isinstance(retval, int) and not isinstance(retval, bool) else None
    with flask_app().app_context():
        note_ended(
            task.name,
            Ended.DONE if is_done else Ended.FAILED,
            duration_ms=round((monotonic() - began) * 1000),
            handled=handled,
            error="" if is_done else repr(retval),
        )
        db.session.commit()
