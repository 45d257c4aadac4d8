"""Taking the steps out of a stretch of writing once nobody can have started from them any more."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.applications.history import PAUSE, WRITING
from portal.applications.models import SectionRevision
from portal.applications.states import RevisionKind
from portal.core.context import Ctx
from portal.core.db import db

# Far longer than a session lasts. A page that is older still is asked about every difference: nothing is written over.
KEPT_WHOLE = timedelta(days=7)


def thin_revisions(ctx: Ctx) -> int:
    """Delete the autosaves that the same person went on from within one stretch; return how many.

    The last version of every stretch stays, and so does everything that somebody saved, set aside or put back.
    """
    after = aliased(SectionRevision)
    goes_on = (
        sa.select(sa.literal(1))
        .where(
            after.section_id == SectionRevision.section_id,
            after.version == SectionRevision.version + 1,
            after.saved_by_id == SectionRevision.saved_by_id,
            after.kind.in_(WRITING),
            after.saved_at - SectionRevision.saved_at <= PAUSE,
        )
        .exists()
    )
    stmt = sa.delete(SectionRevision).where(
        SectionRevision.kind == RevisionKind.AUTOSAVED, SectionRevision.saved_at < ctx.now - KEPT_WHOLE, goes_on
    )
    gone = db.session.scalars(stmt.returning(SectionRevision.id), execution_options={"synchronize_session": False})
    return len(gone.all())
