"""Two people in one section: what each changed is merged question by question, and what both changed is asked.

Pure: the answers as they stand, as one person sends them, and as that person started from them come in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.calls.answers import is_blank


@dataclass(frozen=True, slots=True)
class Conflict:
    """One question that both changed, to different answers; ``theirs`` is what stands."""

    key: str
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merge:
    """What is to be written over the answers that stand, and what is to be asked first."""

    changed: Mapping[str, Any]
    conflicts: tuple[Conflict, ...] = ()


def merge(stored: Mapping[str, Any], mine: Mapping[str, Any], started_from: Mapping[str, Any]) -> Merge:
    """Return what ``mine`` changes in ``stored``, question by question, and where both changed the same.

    ``started_from`` holds for each question the answer that the person began with. A question that is not in it began
    with something unknown: any difference is then asked, so that no text is written over unseen.
    """
    changed: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for key, answer in mine.items():
        theirs = stored.get(key)
        if is_same(answer, theirs):
            continue
        if key not in started_from:
            conflicts.append(Conflict(key, answer, theirs))
        elif is_same(answer, started_from[key]):
            continue  # only they changed it: theirs stays
        elif is_same(theirs, started_from[key]):
            changed[key] = answer
        else:
            conflicts.append(Conflict(key, answer, theirs))
    return Merge(changed, tuple(conflicts))


def is_same(one: Any, other: Any) -> bool:
    """Return whether two answers say the same: blanks are one, and codes that were ticked have no order."""
    return bool(_canonical(one) == _canonical(other))


def _canonical(answer: Any) -> Any:
    if is_blank(answer):
        return None
    if isinstance(answer, Mapping):
        # A cell or a year without an answer may be left out or stand there blank.
        filled = {str(key): _canonical(each) for key, each in answer.items()}
        return {key: each for key, each in filled.items() if each is not None} or None
    if isinstance(answer, list | tuple):
        listed = [_canonical(each) for each in answer]
        return sorted(listed) if all(isinstance(each, str) for each in listed) else listed
    return answer
