"""Where two texts differ, word by word. Pure; the page marks the pieces."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum

MOST_WORDS = 6000  # comparing word by word is quadratic; longer texts are shown whole


class Side(StrEnum):
    """Which of the two texts has a piece."""

    BOTH = "both"
    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row, and which of the two texts has them."""

    side: Side
    text: str


def pieces_of(first: str, second: str) -> list[Piece] | None:
    """Return both texts woven together, in their order, with their white space; None where they are too long for it.

    The pieces of BOTH and FIRST are the first text, those of BOTH and SECOND the second.
    """
    ours, others = _words(first), _words(second)
    if len(ours) + len(others) > MOST_WORDS:
        return None
    found: list[Piece] = []
    gone = come = ""
    for tag, start, end, from_, to in difflib.SequenceMatcher(None, ours, others, autojunk=False).get_opcodes():
        first_words, second_words = "".join(ours[start:end]), "".join(others[from_:to])
        if tag != "equal" or not first_words.strip():
            # A space that both have between two changed words belongs to the change: else every word would be a piece.
            gone, come = gone + first_words, come + second_words
            continue
        found += [*_changed(gone, come), Piece(Side.BOTH, first_words)]
        gone = come = ""
    return found + _changed(gone, come)


def _changed(gone: str, come: str) -> list[Piece]:
    if gone == come:
        return [Piece(Side.BOTH, gone)] if gone else []
    pieces = (Piece(Side.FIRST, gone), Piece(Side.SECOND, come))
    return [each for each in pieces if each.text]


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\S+", text)
