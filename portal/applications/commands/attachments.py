"""The documents of an application: attached where the form asks one, taken away again while it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from portal.applications.closing import closes_at_for
from portal.applications.commands.writing import refuse_unless_being_written, refuse_unless_writable
from portal.applications.document_slots import document_key
from portal.applications.events import AttachmentRemoved, FileAttached
from portal.applications.models import Application, Attachment
from portal.applications.queries import count_attached_bytes
from portal.applications.states import State
from portal.calls.form_definitions import QuestionKind
from portal.calls.queries import form_of
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import NotFound, Problem, RuleViolation, refuse_if
from portal.core.event_log import record
from portal.core.file_content import LARGEST_FILE, problems_with_content
from portal.core.files import Storage, clean_name, store_upload
from portal.core.text import _l

LARGEST_APPLICATION = 100 * 1024 * 1024  # bytes of all documents together


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it came in: read when it is its turn, so that several large ones are never in memory together."""

    name: str
    stream: IO[bytes]

    def read(self) -> bytes:
        """Return the bytes, from the beginning; one more than the limit where there are more, so that it shows."""
        self.stream.seek(0)
        return self.stream.read(LARGEST_FILE + 1)


def attach_file(
    ctx: Ctx,
    storage: Storage,
    application: Application,
    kind: str,
    organisation_id: int | None,
    *,
    name: str,
    content: bytes,
) -> Attachment:
    """Store one document, as ``attach_files`` does."""
    (attached,) = attach_files(
        ctx, storage, application, kind, organisation_id, uploads=[Upload(name, BytesIO(content))]
    )
    return attached


def attach_files(
    ctx: Ctx,
    storage: Storage,
    application: Application,
    kind: str,
    organisation_id: int | None,
    *,
    uploads: Sequence[Upload],
) -> list[Attachment]:
    """Store documents as answers to the question ``kind``, of a partner where the form asks each one: all or none.

    NotFound for a question that asks no document, or a partner where it asks none of it; RuleViolation with each file
    that cannot be taken, with ``application-full`` above 100 MB, and ``round-closed`` after the deadline.
    """
    question = next((each for each in form_of(application.round).questions if each.key == kind), None)
    if question is None or question.kind is not QuestionKind.ATTACHMENT:
        raise NotFound
    partners = {each.organisation_id for each in application.parts} if question.per_partner else {None}
    if organisation_id not in partners:
        raise NotFound
    _refuse_slow_upload(ctx, application)
    refuse_unless_writable(ctx, application, document_key(kind, organisation_id))
    refuse_if(_problems_with(application, kind, uploads))
    return [_attach(ctx, storage, application, each, kind=kind, organisation_id=organisation_id) for each in uploads]


def _attach(
    ctx: Ctx, storage: Storage, application: Application, upload: Upload, *, kind: str, organisation_id: int | None
) -> Attachment:
    attachment = Attachment(
        kind=kind,
        organisation_id=organisation_id,
        file=store_upload(ctx, storage, upload.name, upload.read(), field=kind),
        attached_at=ctx.now,
    )
    application.attachments.append(attachment)
    db.session.flush()
    record(ctx, FileAttached(application_id=application.id, attachment_id=attachment.id, kind=kind))
    return attachment


def _problems_with(application: Application, kind: str, uploads: Sequence[Upload]) -> Iterator[Problem]:
    """Yield why nothing is attached. The application is locked, so that two uploads cannot both take the last room."""
    size = count_attached_bytes(application.id)
    for upload in uploads:
        content = upload.read()
        size += len(content)
        yield from problems_with_content(clean_name(upload.name), content, field=kind)
    if size > LARGEST_APPLICATION:
        message = _l(
            "The documents of an application may be 100 MB together. Remove one, or make this one smaller: a scan at 150 dots per inch is enough."
        )
        yield Problem("application-full", message, kind)


def _refuse_slow_upload(ctx: Ctx, application: Application) -> None:
    """A body that takes over two minutes counts as late. Before the deadline that is no reason to speak of deadlines."""
    refuse_unless_being_written(application)
    if ctx.is_overdue and application.state == State.DRAFT and ctx.now <= closes_at_for(application):
        message = _l(
            "Sending took more than two minutes, so nothing was attached. Send fewer or smaller files at a time."
        )
        raise RuleViolation([Problem("upload-too-slow", message)])


def remove_attachment(ctx: Ctx, application: Application, attachment_id: int) -> None:
    """Take a document away; its file stays stored. NotFound for one that is not there; refusals as for attaching."""
    found = next((each for each in application.attachments if each.id == attachment_id and not each.removed_at), None)
    if found is None:
        raise NotFound
    refuse_unless_writable(ctx, application, document_key(found.kind, found.organisation_id))
    found.removed_at = ctx.now
    record(ctx, AttachmentRemoved(application_id=application.id, attachment_id=found.id, kind=found.kind))
