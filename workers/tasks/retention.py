"""What is kept no longer than it is of use."""

from __future__ import annotations

from portal.applications.commands.thin_revisions import thin_revisions
from workers.base import task, task_ctx


@task("retention.thin_revisions")
def thin_old_revisions() -> int:
    """Take the steps out of old stretches of writing; return how many. A second run finds none left."""
    return thin_revisions(task_ctx("retention"))
