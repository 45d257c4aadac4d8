"""The pages of docs/workflows: each workflow's table as everybody reads it, drawn by ``make workflows``."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from portal.core.advance import governed
from portal.core.workflow_documents import document_of

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "workflows"


def documents() -> dict[str, str]:
    """Return the page of every workflow that governs a model of the portal, by file name."""
    for path in ROOT.glob("portal/**/*models.py"):
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return {
        f"{name}.md": document_of(workflow)
        for name, (model, workflow) in governed().items()
        if model.__module__.startswith("portal.")  # a test governs models of its own
    }


def draw() -> int:
    """Write every page anew, take away those of workflows that are gone, and return how many there are."""
    drawn = documents()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.md"):
        if path.name not in drawn:
            path.unlink()
    for file, text in drawn.items():
        (FOLDER / file).write_text(text, encoding="utf-8")
    return len(drawn)


if __name__ == "__main__":
    draw()
