"""The documents of an application: what is asked of whom, attaching, removing, and downloading by policy."""

from __future__ import annotations

from flask import Response, current_app, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from portal.applications import policies, queries
from portal.applications.commands import attachments as commands
from portal.applications.commands.attachments import LARGEST_APPLICATION, Upload
from portal.applications.document_slots import document_key, slots_of, template_for, unasked
from portal.applications.dossiers import dossier_of
from portal.applications.models import Application, Attachment, PartnerPart
from portal.applications.queries import get_application
from portal.applications.views.blueprint import bp
from portal.applications.views.forms_inside import document_form
from portal.applications.views.inside import is_written_now, written_now
from portal.calls.definitions import DocumentDefinition
from portal.calls.form_definitions import Question, QuestionKind
from portal.calls.queries import form_of, terms_of
from portal.core.downloads import download
from portal.core.errors import NotFound
from portal.core.files import NOT_STORED, FileState, may_be_read
from portal.core.forms import ActionForm
from portal.core.scanner import Scanner
from portal.core.scanning import standing
from portal.core.web import ctx, render

LARGEST_BODY = LARGEST_APPLICATION + 4 * 1024 * 1024  # all of an application's documents in one go, without a script


def _load_for_kind(ref: str, *, lock: bool = False, **_kind: str) -> Application:
    return get_application(ref, lock=lock)


def _load_part_for_kind(ref: str, organisation_id: int, *, lock: bool = False, **_kind: str) -> PartnerPart:
    return queries.get_part(ref, organisation_id, lock=lock)


def _load_attachment(ref: str, number: int, *, lock: bool = False) -> Attachment:
    return queries.get_attachment(ref, number, lock=lock)


@bp.page("/applications/<ref>/documents", policy=policies.SEE, load=get_application)
def documents(application: Application) -> Response:
    """List the documents that are asked, and those that are there."""
    slots, scans = slots_of(dossier_of(application), application.attachments), standing(_scanner())
    no_scanner = scans.is_switched_off
    return render(
        "applications/documents.html",
        application=application,
        slots=slots,
        others=unasked(slots, application.attachments),
        parts={each.organisation_id: each for each in application.parts},
        readable={each.id for each in application.attachments if may_be_read(each.file, no_scanner=no_scanner)},
        written=written_now(application),
        document_key=document_key,
        templates={slot.question.key: _template_of(application, slot.question) for slot in slots},
        scans=scans,
        is_held=any(each.file.state is FileState.HELD for each in application.attachments if each.removed_at is None),
    )


@bp.form(
    "/applications/<ref>/documents/<kind>",
    policy=policies.EDIT,
    load=_load_for_kind,
    limit="240 per hour",
    largest_body=LARGEST_BODY,
)
def attach(application: Application) -> Response | BaseResponse:
    """Attach a document of the whole application."""
    return _attach(application, None)


@bp.form(
    "/applications/<ref>/documents/<kind>/<int:organisation_id>",
    policy=policies.EDIT_PART,
    load=_load_part_for_kind,
    limit="240 per hour",
    largest_body=LARGEST_BODY,
)
def attach_for_partner(part: PartnerPart) -> Response | BaseResponse:
    """Attach a document of one partner."""
    return _attach(part.application, part)


@bp.form("/applications/<ref>/attachments/<int:number>/remove", policy=policies.REMOVE_DOCUMENT, load=_load_attachment)
def remove_document(attachment: Attachment) -> Response | BaseResponse:
    """Ask once more, then remove a document."""
    form, application, number = ActionForm(), attachment.application, attachment.id
    reference = application.reference
    if form.validate_on_submit():
        with form.catching_problems():
            commands.remove_attachment(ctx(), application, number)
            flash(_("The document is removed."), "success")
            return redirect(url_for(".documents", ref=reference))
        attachment = queries.get_attachment(reference, number)
    question = form_of(attachment.application.round).question(attachment.kind)
    return render("applications/remove_document.html", attachment=attachment, form=form, question=question)


@bp.page("/applications/<ref>/attachments/<int:number>", policy=policies.READ_DOCUMENT, load=_load_attachment)
def document(attachment: Attachment) -> Response:
    """Download a document; NotFound while it waits for the scanner."""
    return download(attachment.file)


def _scanner() -> Scanner | None:
    scanner: Scanner | None = current_app.extensions["portal.scanner"]
    return scanner


def _attach(application: Application, part: PartnerPart | None) -> Response | BaseResponse:
    question = _question(application)
    reference, form = application.reference, document_form(question)
    uploads = [Upload(each.filename, each.stream) for each in request.files.getlist(question.key) if each.filename]
    if form.validate_on_submit() and uploads:
        with form.catching_problems():
            commands.attach_files(
                ctx(),
                current_app.extensions["portal.storage"],
                application,
                question.key,
                part.organisation_id if part else None,
                uploads=uploads,
            )
            return _attached(reference, len(uploads))
        application = get_application(reference)
    if request.method == "POST" and _is_asked_by_script():
        status = 503 if any(each.code == NOT_STORED for each in form.problems) else 422
        return make_response({"problems": [*form.form_errors, *form.errors.get(question.key, ())]}, status)
    return render(
        "applications/attach.html",
        application=application,
        question=question,
        form=form,
        organisation=part.organisation.name if part else "",
        template=_template_of(application, question),
        is_written=is_written_now(application, document_key(question.key, part.organisation_id if part else None)),
    )


def _attached(reference: str, count: int) -> Response | BaseResponse:
    if _is_asked_by_script():
        return make_response({"attached": count}, 201)
    flash(ngettext("%(num)s document is attached.", "%(num)s documents are attached.", count), "success")
    return redirect(url_for(".documents", ref=reference))


def _is_asked_by_script() -> bool:
    """Whether upload.js asks, one file at a time; a browser's own form wants a page."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _template_of(application: Application, question: Question) -> DocumentDefinition | None:
    """Return the call's template of the document that ``question`` asks, or None."""
    return template_for(terms_of(application.round), question)


def _question(application: Application) -> Question:
    """Return the question that asks this document; NotFound for a key that asks none."""
    kind = (request.view_args or {})["kind"]
    for each in form_of(application.round).questions:
        if each.key == kind and each.kind is QuestionKind.ATTACHMENT:
            return each
    raise NotFound
