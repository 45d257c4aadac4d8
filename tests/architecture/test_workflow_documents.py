"""docs/workflows shows every workflow as its table stands."""

from portal.applications.states import WORKFLOW
from portal.core.workflow_documents import document_of
from portal.workflows import FOLDER, documents


def test_every_workflow_document_is_fresh():
    stored = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    expected = documents()
    stale = sorted(name for name in {*stored, *expected} if stored.get(name) != expected.get(name))
    assert stale == [], "run: make workflows (or: flask --app wsgi workflows)"


def test_a_document_shows_the_moves_and_where_they_end():
    text = document_of(WORKFLOW)
    for line in (
        "[*] --> draft",
        "draft --> submitted: submit",
        "returned --> submitted: complete",
        "withdrawn --> [*]",
    ):
        assert f"  {line}\n" in text
    assert "| complete | returned | submitted | `application.completed` | Hand in completion |" in text
    assert "| submitted | Admissibility to judge | Submitted | done |" in text
    assert "draft --> [*]" not in text
