"""A workflow's page in the documents, drawn from its table: the diagram, the moves, and what its states are called."""

from __future__ import annotations

from collections.abc import Iterable

from portal.core.workflow import A, S, Workflow


def document_of(workflow: Workflow[S, A]) -> str:
    """Return the workflow as Markdown with a Mermaid state diagram; the same table gives the same text."""
    where = type(workflow.initial).__module__.replace(".", "/")
    parts = (
        f"# Workflow: {workflow.name}",
        f"Drawn by `make workflows` from the table in `{where}.py`: change it there.",
        _diagram(workflow),
        "## Moves",
        _table(("Action", "From", "To", "Event", "Words on the button"), _moves(workflow)),
        "## States",
        _table(("State", "Staff read", "Applicants read", "Tone"), _states(workflow)),
    )
    return "\n\n".join(parts) + "\n"


def _diagram(workflow: Workflow[S, A]) -> str:
    lines = [f"[*] --> {workflow.initial}"]
    lines += [
        f"{source} --> {row.target}: {row.action}"
        for source in workflow.states
        for row in workflow.actions_from(source)
    ]
    lines += [f"{state} --> [*]" for state in workflow.states if not workflow.actions_from(state)]
    return "\n".join(["```mermaid", "stateDiagram-v2", *(f"  {line}" for line in lines), "```"])


def _moves(workflow: Workflow[S, A]) -> Iterable[tuple[str, ...]]:
    for row in workflow.transitions:
        sources = ", ".join(state for state in workflow.states if state in row.sources)
        yield row.action, sources, row.target, f"`{row.event.topic}`", str(row.button)


def _states(workflow: Workflow[S, A]) -> Iterable[tuple[str, ...]]:
    for state in workflow.states:
        words = workflow.words[state]
        yield state, str(words.staff), str(words.applicant), words.tone


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
