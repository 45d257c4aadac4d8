"""What differs between two frozen versions of an application, question by question, as its reader may see it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from portal.applications.answers_shown import BLANK, ShownAnswer, ShownSection, Value
from portal.core.text import Text


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose answer differs: as it was first, and as it is now."""

    key: str
    label: Text
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class ChangedSection:
    """A section with the questions whose answers differ."""

    code: str
    title: Text
    changes: tuple[Change, ...]


def changed_sections(
    before: Iterable[ShownSection], after: Iterable[ShownSection], *, but: Collection[str] = ()
) -> list[ChangedSection]:
    """Return the sections in which something differs, in the form's order; ``but`` are questions that are told apart.

    Both are read by the same reader, so that what is a total to them differs only by its amount.
    """
    first = {(section.code, each.key): each for section in before for each in section.answers}
    found = []
    for section in after:
        old = {key: each for (code, key), each in first.items() if code == section.code}
        changes = tuple(each for each in _changes(old, section.answers) if each.key not in but)
        if changes:
            found.append(ChangedSection(section.code, section.title, changes))
    return found


def _changes(old: Mapping[str, ShownAnswer], new: Iterable[ShownAnswer]) -> Iterable[Change]:
    now = {each.key: each for each in new}
    for key in dict.fromkeys([*now, *old]):  # a question that the answers hide now was answered before
        shown = now.get(key) or old[key]
        before = old[key].value if key in old else BLANK
        after = now[key].value if key in now else BLANK
        if before != after:
            yield Change(key, shown.label, before, after)
