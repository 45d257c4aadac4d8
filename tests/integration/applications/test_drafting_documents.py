"""Documents are attached where the form asks them, and taken away while the application is written."""

import pytest
import sqlalchemy as sa

from portal.applications.commands.attachments import attach_file, remove_attachment
from portal.applications.dossiers import dossier_of
from portal.core.db import db
from portal.core.errors import NotFound, RuleViolation
from portal.core.event_log import EventRow
from portal.core.files import LocalStorage, StoredFile
from tests.world.accounts import ctx_for
from tests.world.applications import given_draft

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TOPICS = ("application.file-attached", "application.file-removed")


@pytest.fixture
def storage(tmp_path):
    return LocalStorage(tmp_path)


def _topics():
    return list(db.session.scalars(sa.select(EventRow.topic).where(EventRow.topic.in_(TOPICS)).order_by(EventRow.id)))


def test_a_document_answers_its_question_until_it_is_removed(inside, storage):
    draft = given_draft()
    attached = attach_file(ctx_for(), storage, draft, "dnsh_analysis", None, name="dnsh.pdf", content=PDF)
    assert ("dnsh_analysis", None) in dossier_of(draft).documents
    remove_attachment(ctx_for(), draft, attached.id)
    assert not dossier_of(draft).documents
    assert _topics() == list(TOPICS)
    with pytest.raises(NotFound):
        remove_attachment(ctx_for(), draft, attached.id)


def test_a_document_per_partner_belongs_to_one_of_them(inside, storage):
    draft = given_draft()
    attach_file(ctx_for(), storage, draft, "vat_proof", draft.promotor_id, name="btw.pdf", content=PDF)
    assert set(dossier_of(draft).documents) == {("vat_proof", draft.promotor_id)}
    for kind, organisation in (("vat_proof", None), ("vat_proof", 0), ("dnsh_analysis", draft.promotor_id)):
        with pytest.raises(NotFound):
            attach_file(ctx_for(), storage, draft, kind, organisation, name="btw.pdf", content=PDF)


def test_what_the_form_does_not_ask_as_a_document_is_not_found(inside, storage):
    draft = given_draft()
    for kind in ("guidance", "nothing"):
        with pytest.raises(NotFound):
            attach_file(ctx_for(), storage, draft, kind, None, name="dnsh.pdf", content=PDF)


def test_nothing_is_attached_after_the_deadline_or_of_another_type(inside, storage):
    draft = given_draft()
    late = ctx_for(at="2022-07-29T12:00:01")
    for ctx, content, code in ((late, PDF, "round-closed"), (ctx_for(), b"MZ\x90 no document", "file-type-refused")):
        with pytest.raises(RuleViolation) as refused:
            attach_file(ctx, storage, draft, "dnsh_analysis", None, name="dnsh.pdf", content=content)
        assert refused.value.codes == [code]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0
