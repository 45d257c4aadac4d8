"""What happened to a section's answers, read from its versions: who changed which question, and when. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from portal.applications.merging import is_same
from portal.applications.states import RevisionKind

if TYPE_CHECKING:
    from portal.applications.models import SectionRevision


def last_change(revisions: Sequence[SectionRevision], key: str) -> SectionRevision | None:
    """Return the latest of these versions (oldest first) that changed the answer to `key`; None where none did."""
    standing = [each for each in revisions if each.kind is not RevisionKind.SET_ASIDE]
    for before, after in zip(reversed(standing[:-1]), reversed(standing[1:]), strict=True):
        if not is_same(before.answers.get(key), after.answers.get(key)):
            return after
    return None
