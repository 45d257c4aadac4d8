"""The documents of an application: attached where the form asks one, taken away again while it is written."""

from __future__ import annotations

from portal.applications.commands.writing import refuse_unless_writable
from portal.applications.events import AttachmentRemoved, FileAttached
from portal.applications.models import Application, Attachment
from portal.calls.form_definitions import QuestionKind
from portal.calls.queries import form_of
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.event_log import record
from portal.core.files import Storage, store_upload


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
    """Store a document as an answer to the question ``kind``, of a partner where the form asks each one.

    NotFound for a question that asks no document, or a partner where it asks none of it; RuleViolation for a file
    that cannot be taken, and ``round-closed`` after the deadline.
    """
    question = next((each for each in form_of(application.round).questions if each.key == kind), None)
    if question is None or question.kind is not QuestionKind.ATTACHMENT:
        raise NotFound
    partners = {each.organisation_id for each in application.parts} if question.per_partner else {None}
    if organisation_id not in partners:
        raise NotFound
    refuse_unless_writable(ctx, application)
    attachment = Attachment(
        kind=kind,
        organisation_id=organisation_id,
        file=store_upload(ctx, storage, name, content, field=kind),
        attached_at=ctx.now,
    )
    application.attachments.append(attachment)
    db.session.flush()
    record(ctx, FileAttached(application_id=application.id, attachment_id=attachment.id, kind=kind))
    return attachment


def remove_attachment(ctx: Ctx, application: Application, attachment_id: int) -> None:
    """Take a document away; its file stays stored. NotFound for one that is not there; refusals as for attaching."""
    refuse_unless_writable(ctx, application)
    found = next((each for each in application.attachments if each.id == attachment_id and not each.removed_at), None)
    if found is None:
        raise NotFound
    found.removed_at = ctx.now
    record(ctx, AttachmentRemoved(application_id=application.id, attachment_id=found.id, kind=found.kind))
