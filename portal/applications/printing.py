"""From a PDF that was asked for to its bytes: what stands in it, in Dutch, as its viewer may see it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import joinedload

from portal.applications.budget_view import Viewer
from portal.applications.commands.papers import MOST_ATTEMPTS, claim_next, keep_paper, note_failure
from portal.applications.dossiers import dossier_of
from portal.applications.models import Application, Paper
from portal.applications.queries import get_application
from portal.applications.reading import read_snapshot
from portal.applications.states import PaperFailure, PaperKind
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db, get_one
from portal.core.pdf import NoPdfLibrary, write_pdf
from portal.core.requests import LOCALES

log = structlog.get_logger(__name__)
FILE_NAMES = {PaperKind.APPLICATION: "aanvraag", PaperKind.RECEIPT: "ontvangstbewijs"}


def make_next(app: Flask, ctx: Ctx) -> bool:
    """Make the next PDF that is due, and commit; return whether there was one. A failure is noted and logged."""
    claimed = claim_next(machine_now())
    if claimed is None:
        return False
    number, attempts = claimed.id, claimed.attempts
    db.session.commit()
    try:
        _make(app, ctx, number, attempts)
    except Exception as fault:
        log.exception("paper not made", paper_id=number)
        db.session.rollback()
        note_failure(_get(number), _kind_of(fault), machine_now())
    db.session.commit()
    return True


def as_html(app: Flask, paper: Paper) -> str:
    """Return the page that is printed, in the language of administration."""
    template = app.jinja_env.get_template(f"papers/{paper.kind}.html")
    with force_locale(LOCALES["nl"]):
        context = _context(paper)
        return template.render(verify_url=f"{app.extensions['portal.settings'].base_url}/verify", **context)


def file_name(paper: Paper) -> str:
    """Return what the file is called when somebody saves it."""
    snapshot = paper.snapshot
    reference = paper.application.reference if paper.application else ""
    version = f"-versie-{snapshot.number}" if snapshot else ""
    return f"{reference}-{FILE_NAMES[paper.kind]}{version}.pdf"


def _make(app: Flask, ctx: Ctx, number: int, attempts: int) -> None:
    if attempts > MOST_ATTEMPTS:
        raise RuntimeError(f"paper {number} ended its worker {MOST_ATTEMPTS} times")
    paper = _get(number)
    name, content = file_name(paper), write_pdf(as_html(app, paper))
    keep_paper(ctx, app.extensions["portal.storage"], paper, name, content)


def _get(number: int) -> Paper:
    stmt = sa.select(Paper).where(Paper.id == number)
    return get_one(stmt.options(joinedload(Paper.application), joinedload(Paper.snapshot)))


def _context(paper: Paper) -> dict[str, Any]:
    assert paper.application is not None  # noqa: S101 - by ck_paper_application_when
    assert paper.snapshot is not None  # noqa: S101 - by ck_paper_snapshot_when
    application = get_application(paper.application.reference)
    content: dict[str, Any] = json.loads(paper.snapshot.content)
    viewer = Viewer.named(paper.viewer)
    return {
        "application": application,
        "snapshot": paper.snapshot,
        "content": content,
        "amounts": {name: _amount(content, name) for name in ("costs", "other_income", "requested", "minimum")},
        "sees_all": viewer.sees_all,
        "sections": _sections(application, content, viewer) if paper.kind is PaperKind.APPLICATION else [],
    }


def _sections(application: Application, content: Mapping[str, Any], viewer: Viewer) -> list[Any]:
    return list(read_snapshot(application, dossier_of(application), content, viewer))


def _amount(content: Mapping[str, Any], name: str) -> Decimal | None:
    held = content.get(f"{name}_amount")
    return None if held is None else Decimal(held)


def _kind_of(fault: Exception) -> PaperFailure:
    if isinstance(fault, NoPdfLibrary):
        return PaperFailure.NO_LIBRARY
    return PaperFailure.STORAGE if isinstance(fault, OSError) else PaperFailure.FAULT
