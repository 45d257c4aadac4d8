"""What can be taken away of an application: PDFs that a worker makes, and the frozen data."""

from __future__ import annotations

import json
from io import BytesIO

from flask import Response, flash, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications import papers as made
from portal.applications import policies
from portal.applications.budget_view import Viewer, viewer_of, wages_of
from portal.applications.commands.papers import ask_paper
from portal.applications.dossiers import dossier_of, list_snapshots
from portal.applications.models import Application, Paper, Snapshot
from portal.applications.papers import Source
from portal.applications.printing import draft_sheets
from portal.applications.queries import get_application
from portal.applications.snapshot import draft_digest
from portal.applications.snapshot_view import viewed
from portal.applications.states import PaperKind
from portal.applications.views.blueprint import bp
from portal.applications.word import MEDIA_TYPE, WORKING_VERSION, write_docx
from portal.core.downloads import download
from portal.core.errors import NotFound
from portal.core.web import ctx, current_actor, render


def _load_for_version(ref: str, *, lock: bool = False, **_version: str) -> Application:
    return get_application(ref, lock=lock)


@bp.page("/applications/<ref>/papers", policy=policies.SEE, load=get_application)
def papers(application: Application) -> Response:
    """Show what can be taken away: each frozen version with its PDFs and data, and the application as it stands."""
    viewer = viewer_of(current_actor(), application)
    return render(
        "applications/papers.html",
        application=application,
        versions=versions_of(application, viewer),
        draft=made.find_paper(_draft(application, viewer)),
        viewer=viewer,
    )


@bp.page("/applications/<ref>/draft.docx", policy=policies.SEE, load=get_application)
def draft_document(application: Application) -> Response:
    """Download the application as it stands as a Word document, to work on outside."""
    viewer = viewer_of(current_actor(), application)
    lines = [f"{application.reference}, {application.round.code}", WORKING_VERSION]
    content = write_docx(application.partnership.name, lines, draft_sheets(application, viewer))
    return send_document(content, f"{application.reference}-werkversie.docx")


@bp.action("/applications/<ref>/draft", policy=policies.SEE, load=get_application, limit="60 per hour")
def ask_for_draft(application: Application) -> Response | BaseResponse:
    """Have a worker make a PDF of the application as it stands."""
    ask_paper(ctx(), _draft(application, viewer_of(current_actor(), application)))
    flash(_("The PDF is being made. It appears here in a moment."), "success")
    return redirect(url_for(".papers", ref=application.reference))


@bp.action(
    "/applications/<ref>/versions/<int:number>/<kind>",
    policy=policies.SEE,
    load=_load_for_version,
    limit="60 per hour",
)
def ask_for_paper(application: Application) -> Response | BaseResponse:
    """Have a worker make a PDF of a frozen version, as the one who asks may see it."""
    kind, snapshot = str((request.view_args or {})["kind"]), _version(application)
    if kind not in (PaperKind.APPLICATION, PaperKind.RECEIPT):
        raise NotFound
    viewer = viewer_of(current_actor(), application)
    ask_paper(ctx(), Source.receipt(snapshot) if kind == PaperKind.RECEIPT else Source.frozen(snapshot, viewer))
    flash(_("The PDF is being made. It appears here in a moment."), "success")
    page = ".receipt" if request.args.get("from") == "receipt" else ".papers"
    return redirect(url_for(page, ref=application.reference))


@bp.page("/applications/<ref>/papers/<int:number>", policy=policies.READ_PAPER, load=made.get_paper)
def paper(paper: Paper) -> Response:
    """Download a PDF; NotFound while it is being made."""
    return download(paper.file)


@bp.page("/applications/<ref>/versions/<int:number>.json", policy=policies.SEE, load=_load_for_version)
def frozen_data(application: Application) -> Response:
    """Download a frozen version: byte for byte, or a view of it for a partner, which says that it is one."""
    snapshot, viewer = _version(application), viewer_of(current_actor(), application)
    name = f"{application.reference}-versie-{snapshot.number}"
    content = snapshot.content
    if not viewer.sees_all:
        numbers = {each.organisation.enterprise_number: each.organisation_id for each in application.parts}
        content, name = (
            viewed(json.loads(content), snapshot.sha256, viewer, numbers, wages_of(application)),
            f"{name}-weergave",
        )
    return send_file(
        BytesIO(content.encode()), mimetype="application/json", as_attachment=True, download_name=f"{name}.json"
    )


def versions_of(
    application: Application, viewer: Viewer
) -> list[tuple[Snapshot, list[tuple[PaperKind, Paper | None]]]]:
    """Return each frozen version, the latest first, with its PDFs as ``viewer`` asks for them (two statements)."""
    asked = {(each.kind, each.source, each.viewer): each for each in made.list_papers(application)}
    return [
        (snapshot, [(each.kind, asked.get((each.kind, each.key, each.viewer.key))) for each in sources])
        for snapshot in reversed(list_snapshots(application))
        for sources in [(Source.frozen(snapshot, viewer), Source.receipt(snapshot))]
    ]


def send_document(content: bytes, name: str) -> Response:
    """Send a Word document."""
    return send_file(BytesIO(content), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)


def _draft(application: Application, viewer: Viewer) -> Source:
    return Source.draft(application, draft_digest(ctx(), application, dossier_of(application)), viewer)


def _version(application: Application) -> Snapshot:
    number = (request.view_args or {})["number"]
    found = next((each for each in list_snapshots(application) if each.number == number), None)
    if found is None:
        raise NotFound
    return found
