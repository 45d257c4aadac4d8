"""Who is told what the scanner found in a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.applications.models import Application, Attachment
from portal.core.db import db, find_one, get_one
from portal.core.event_log import EventRow
from portal.core.files import StoredFile
from portal.core.text import _l
from portal.notifications import variables as v
from portal.notifications.categories import Category
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient, to_person

_DOCUMENT = v.sentence("document", "document", _l("Of which application it was a document, and what to do"))


class FileInfected(Notification):
    """A virus was found in a file; whoever uploaded it attaches another one."""

    name = "file-infected"
    topics = ("file.found-infected",)
    reason = _l("You receive this because you uploaded this file.")
    category = Category.APPLICATIONS
    variables = (v.FILE, v.SIGNATURE, v.UPLOADED_AT, _DOCUMENT, v.LINK)
    needed = (v.FILE, _DOCUMENT)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        uploader = db.session.get(Person, event.payload["uploaded_by_id"] or 0)
        return [to_person(uploader)] if uploader is not None else []

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        file = get_one(sa.select(StoredFile).where(StoredFile.id == event.subject_id))
        stmt = sa.select(Application).join(Attachment).where(Attachment.file_id == file.id)
        application = find_one(stmt.options(joinedload(Application.partnership)))
        facts = {"file_name": file.name, "signature": file.signature, "uploaded_at": file.uploaded_at}
        if application is None:
            return {**facts, "document": "", "link": links.to("desk.my_work")}
        link = links.to("applications.documents", ref=application.reference)
        document = _l(
            "It was a document of application %(reference)s of %(partnership)s. Remove it and attach a clean one. If the application was handed in already, the case officer sees this too and can ask for it.",
            reference=application.reference,
            partnership=application.partnership.name,
        )
        return {**facts, "document": document, "link": link}
