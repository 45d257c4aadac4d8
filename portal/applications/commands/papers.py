"""PDFs: asked for by a person, claimed and made by a worker, tried again when the making failed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from portal.applications.events import PaperMade
from portal.applications.models import Paper
from portal.applications.papers import Source, find_paper
from portal.applications.states import PaperFailure, PaperState
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.event_log import record
from portal.core.files import Storage, store_made
from portal.core.leasing import due_again, lease_next
from portal.core.waking import wake_after_commit


def ask_paper(ctx: Ctx, source: Source) -> Paper:
    """Have a PDF made; one that is there or on its way stays as it is, one that failed is tried again."""
    facts = {**source.facts, "state": PaperState.WAITING, "asked_at": ctx.now, "attempts": 0, "due_at": machine_now()}
    stmt = insert(Paper).values(facts)
    again = {"state": PaperState.WAITING, "failure": None, "attempts": 0, "due_at": machine_now()}
    db.session.execute(
        stmt.on_conflict_do_update(
            index_elements=["kind", "source", "viewer"], set_=again, where=Paper.state == PaperState.FAILED
        )
    )
    wake_after_commit("papers.make", queue="files")
    paper = find_paper(source)
    if paper is None:
        raise NotFound
    return paper


def claim_next(at: datetime) -> Paper | None:
    """Lease the next PDF that is due at machine time ``at``; None where none is. Another worker skips it."""
    return lease_next(Paper, Paper.state == PaperState.WAITING, at)


def keep_paper(ctx: Ctx, storage: Storage, paper: Paper, name: str, content: bytes) -> None:
    """Store a PDF that was made. A second worker that made the same one finds it kept, and does nothing."""
    db.session.refresh(paper, ["state"], with_for_update=True)
    if paper.state is PaperState.READY:
        return
    file = store_made(ctx, storage, name, content, "application/pdf")
    paper.file_id, paper.sha256, paper.made_at = file.id, file.sha256, ctx.now
    paper.state = PaperState.READY
    db.session.flush()
    if paper.application_id is not None:
        record(
            ctx,
            PaperMade(application_id=paper.application_id, paper_id=paper.id, kind=str(paper.kind), sha256=file.sha256),
        )


def note_failure(paper: Paper, failure: PaperFailure, at: datetime) -> None:
    """Try again in a minute; after three attempts, or where the machine cannot, say so until somebody asks again."""
    db.session.refresh(paper, with_for_update=True)
    if paper.state is not PaperState.WAITING:
        return
    again = due_again(paper.attempts, at, is_final=failure is PaperFailure.NO_LIBRARY)
    if again is None:
        paper.state, paper.failure = PaperState.FAILED, failure
    else:
        paper.due_at = again
