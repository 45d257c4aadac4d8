"""From a PDF that was asked for to its bytes: what stands in it, in Dutch, as its viewer may see it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import joinedload

from portal.applications.answers_shown import ShownSection
from portal.applications.blinding import blind_for, blinded
from portal.applications.budget_view import Viewer, visible_lines, wages_of
from portal.applications.commands.papers import ask_paper, claim_next, keep_paper, note_failure
from portal.applications.dossiers import dossier_of
from portal.applications.models import Application, Paper, Snapshot
from portal.applications.papers import Source
from portal.applications.queries import get_application
from portal.applications.reading import (
    frozen_documents,
    frozen_sign_offs,
    read_application,
    read_snapshot,
    without_contacts,
)
from portal.applications.states import PaperFailure, PaperKind
from portal.applications.worksheet import Sheet, sheets_of
from portal.calls.models import FormVersion
from portal.calls.queries import form_of
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db, get_one
from portal.core.leasing import make_leased, name_of, refuse_worn_out
from portal.core.pdf import write_pdf
from portal.core.requests import LOCALES

FILE_NAMES = {
    PaperKind.APPLICATION: "aanvraag",
    PaperKind.RECEIPT: "ontvangstbewijs",
    PaperKind.DRAFT: "werkversie",
    PaperKind.FORM: "formulier",
}


def make_next(app: Flask, ctx: Ctx) -> bool:
    """Make the next PDF that is due, and commit; return whether there was one. A failure is noted and logged."""
    return make_leased(claim_next(machine_now()), partial(_make, app, ctx), _note_failure, what="paper")


def made_paper(app: Flask, ctx: Ctx, source: Source) -> Paper:
    """Return the PDF of ``source`` with its file, made here and now where it is not there yet; NoPdfLibrary, OSError."""
    paper = ask_paper(ctx, source)
    if paper.file is None:
        paper = _get(paper.id)
        _keep(app, ctx, paper, file_name(paper), as_html(app, paper))
        paper = ask_paper(ctx, source)
    return paper


def as_html(app: Flask, paper: Paper) -> str:
    """Return the page that is printed, in the language of administration."""
    template = app.jinja_env.get_template(f"papers/{paper.kind}.html")
    verify_url = f"{app.extensions['portal.settings'].base_url}/verify"
    with force_locale(LOCALES["nl"]):
        return template.render(verify_url=verify_url, **_context(paper))


def file_name(paper: Paper) -> str:
    """Return what the file is called when somebody saves it."""
    name = FILE_NAMES[paper.kind]
    if paper.application is None:
        return f"{name}.pdf"
    alias = Viewer.named(paper.viewer).alias
    if alias:
        return f"{alias}-{name}.pdf"
    version = f"-versie-{paper.snapshot.number}" if paper.snapshot else ""
    return f"{paper.application.reference}-{name}{version}.pdf"


def draft_sheets(application: Application, viewer: Viewer) -> list[Sheet]:
    """Return the form with the application's answers as they stand, as ``viewer`` may see them (five statements)."""
    dossier = dossier_of(application)
    costs = visible_lines(dossier.lines, viewer, wages_of(application))
    return sheets_of(dossier.form, read_application(application, dossier, costs=costs))


def _make(app: Flask, ctx: Ctx, number: int, attempts: int) -> None:
    refuse_worn_out(attempts, f"paper {number}")
    paper = _get(number)
    name, html = file_name(paper), as_html(app, paper)
    db.session.rollback()  # nothing is held while the pages are drawn
    _keep(app, ctx, paper, name, html)


def _keep(app: Flask, ctx: Ctx, paper: Paper, name: str, html: str) -> None:
    keep_paper(ctx, app.extensions["portal.storage"], paper, name, write_pdf(html))


def _note_failure(number: int, fault: Exception) -> None:
    note_failure(_get(number), PaperFailure(name_of(fault)), machine_now())


def _get(number: int) -> Paper:
    stmt = sa.select(Paper).where(Paper.id == number)
    beside = joinedload(Paper.application), joinedload(Paper.snapshot), joinedload(Paper.form_version)
    return get_one(stmt.options(*beside))


def _context(paper: Paper) -> dict[str, Any]:
    if paper.form_version is not None:
        return _form_context(paper.form_version)
    assert paper.application is not None  # noqa: S101 - by ck_paper_application_when
    application, viewer = get_application(paper.application.reference), Viewer.named(paper.viewer)
    if paper.snapshot is None:
        return {"application": application, "viewer": viewer, "sheets": draft_sheets(application, viewer)}
    return _frozen_context(application, paper.snapshot, viewer, with_answers=paper.kind is PaperKind.APPLICATION)


def _form_context(version: FormVersion) -> dict[str, Any]:
    form = version.definition
    return {"form": form, "version": version, "sheets": sheets_of(form)}


def _frozen_context(
    application: Application, snapshot: Snapshot, viewer: Viewer, *, with_answers: bool
) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(snapshot.content)
    named = {"reference": viewer.alias, "partnership": viewer.alias} if viewer.alias else {}
    return {
        "application": application,
        "snapshot": snapshot,
        "content": content | named,
        "amounts": {name: _amount(content, name) for name in ("costs", "other_income", "requested", "minimum")},
        "documents": frozen_documents(application, form_of(application.round), content),
        "sign_offs": frozen_sign_offs(application, content),
        "viewer": viewer,
        "sections": _sections(application, content, viewer) if with_answers else [],
    }


def _sections(application: Application, content: Mapping[str, Any], viewer: Viewer) -> list[ShownSection]:
    dossier = dossier_of(application)
    shown = read_snapshot(application, dossier, content, viewer)
    if viewer.alias:
        return blinded(shown, dossier.form, blind_for(application, dossier.form, content))
    return without_contacts(shown, dossier.form) if viewer.is_reviewer else shown


def _amount(content: Mapping[str, Any], name: str) -> Decimal | None:
    held = content.get(f"{name}_amount")
    return None if held is None else Decimal(held)
