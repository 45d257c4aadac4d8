"""The PDFs of an application: what each is made from, finding what was asked for, and finding what a digest belongs to."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from portal.applications.budget_view import NOBODY, REVIEWER, Viewer, reviewer_who_knows
from portal.applications.models import Application, Paper, Snapshot
from portal.applications.queries import get_application
from portal.applications.states import PaperKind
from portal.calls.models import FormVersion
from portal.core.db import db, find_one, get_one
from portal.core.files import Storage, StoredFile


@dataclass(frozen=True, slots=True)
class Source:
    """What a PDF is made from. `key` and `viewer` find it again; the other facts are its row's."""

    kind: PaperKind
    key: str
    viewer: Viewer
    application_id: int | None = None
    snapshot_id: int | None = None
    form_version_id: int | None = None

    @classmethod
    def frozen(cls, snapshot: Snapshot, viewer: Viewer) -> Source:
        """Return the whole of a frozen version, as `viewer` may see it."""
        return cls(PaperKind.APPLICATION, f"snapshot-{snapshot.id}", viewer, snapshot.application_id, snapshot.id)

    @classmethod
    def receipt(cls, snapshot: Snapshot) -> Source:
        """Return the receipt of a frozen version: the same for everybody, since it holds no costs."""
        return cls(PaperKind.RECEIPT, f"snapshot-{snapshot.id}", NOBODY, snapshot.application_id, snapshot.id)

    @classmethod
    def for_review(cls, snapshot: Snapshot, alias: str = "") -> Source:
        """Return the whole of a frozen version as its reviewers read it: every cost, and nobody's contact or account.

        ``alias``: what it is called where they are not to learn whose it is.
        """
        viewer = reviewer_who_knows(alias) if alias else REVIEWER
        return cls(PaperKind.APPLICATION, f"snapshot-{snapshot.id}", viewer, snapshot.application_id, snapshot.id)

    @classmethod
    def draft(cls, application: Application, sha256: str, viewer: Viewer) -> Source:
        """Return the application as it stands, which gives the digest ``sha256``, as `viewer` may see it."""
        return cls(PaperKind.DRAFT, f"draft-{application.id}-{sha256}", viewer, application.id)

    @classmethod
    def form(cls, version: FormVersion) -> Source:
        """Return a form without answers."""
        return cls(PaperKind.FORM, f"form-{version.id}", NOBODY, form_version_id=version.id)

    @property
    def facts(self) -> dict[str, Any]:
        """The columns that a row of this source has."""
        return {
            "kind": self.kind,
            "source": self.key,
            "viewer": self.viewer.key,
            "application_id": self.application_id,
            "snapshot_id": self.snapshot_id,
            "form_version_id": self.form_version_id,
        }


@dataclass(frozen=True, slots=True)
class Frozen:
    """When something was frozen for a reference; `is_pdf`: the digest is that of a PDF made of it, not of its data."""

    at: datetime
    is_pdf: bool


def find_paper(source: Source) -> Paper | None:
    """Return the PDF of this source, with its file where it is ready, or None where nobody asked for it."""
    stmt = sa.select(Paper).where(
        Paper.kind == source.kind, Paper.source == source.key, Paper.viewer == source.viewer.key
    )
    return find_one(stmt.options(joinedload(Paper.file)).execution_options(populate_existing=True))


def list_papers(application: Application) -> list[Paper]:
    """Return every PDF that was asked for of the application, with the files of those that are ready."""
    stmt = sa.select(Paper).where(Paper.application_id == application.id).options(joinedload(Paper.file))
    return list(db.session.scalars(stmt.order_by(Paper.id)))


def get_paper(ref: str, number: int, *, lock: bool = False) -> Paper:
    """Return an application's PDF with its whole application; NotFound otherwise."""
    application = get_application(ref)
    paper = get_one(
        sa.select(Paper)
        .where(Paper.id == number, Paper.application_id == application.id)
        .options(joinedload(Paper.file)),
        lock=lock,
    )
    set_committed_value(paper, "application", application)
    return paper


def find_frozen(reference: str, sha256: str) -> Frozen | None:
    """Return when ``sha256`` was frozen for ``reference``, or None: an unknown reference costs what a wrong digest does.

    The digest may be that of a snapshot or that of a PDF which the portal made of one (one statement either way).
    """
    data = sa.select(Application.reference, Snapshot.taken_at, sa.literal(False).label("is_pdf"))
    data = data.join(Application, Application.id == Snapshot.application_id).where(Snapshot.sha256 == sha256)
    pdf = (
        sa.select(Application.reference, Snapshot.taken_at, sa.literal(True))
        .join(Application, Application.id == Snapshot.application_id)
        .join(Paper, Paper.snapshot_id == Snapshot.id)
        .where(Paper.sha256 == sha256)
    )
    wanted = reference.encode()
    found = [
        Frozen(taken_at, is_pdf)
        for known, taken_at, is_pdf in db.session.execute(sa.union_all(data, pdf))
        if hmac.compare_digest(known.encode(), wanted)
    ]
    return min(found, key=lambda each: each.at, default=None)


def altered_papers(storage: Storage) -> Iterator[str]:
    """Yield a line for each PDF whose bytes are gone or no longer give the digest that was kept when it was made."""
    stmt = sa.select(Paper.id, Paper.sha256, StoredFile.key).join(StoredFile, StoredFile.id == Paper.file_id)
    for number, sha256, key in db.session.execute(stmt.order_by(Paper.id).execution_options(yield_per=100)):
        try:
            with storage.open(str(key)) as content:
                found = hashlib.sha256(content.read()).hexdigest()
        except OSError as fault:
            yield f"paper {number}: its file cannot be read ({type(fault).__name__})"
            continue
        if found != sha256:
            yield f"paper {number}: its file was altered"
