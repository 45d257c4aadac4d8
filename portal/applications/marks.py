"""Marking where two texts differ: what only the first has, what only the second has, or both in one."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from portal.applications.differences import Piece, Side, pieces_of


def marked_words(mine: str, theirs: str) -> tuple[Markup | None, Markup | None]:
    """Return both texts with what the other does not have marked as inserted; (None, None) for very long texts."""
    pieces = pieces_of(mine, theirs)
    if pieces is None:
        return None, None
    return (
        _joined(_piece(each, "ins") for each in pieces if each.side is not Side.SECOND),
        _joined(_piece(each, "ins") for each in pieces if each.side is not Side.FIRST),
    )


def marked_change(before: str, after: str) -> Markup | None:
    """Return one text in which what went is marked as deleted and what came as inserted; None for very long texts."""
    pieces = pieces_of(before, after)
    if pieces is None:
        return None
    return _joined(_piece(each, "del" if each.side is Side.FIRST else "ins") for each in pieces)


def _joined(marked: Iterable[Markup]) -> Markup:
    return Markup("").join(marked)


def _piece(piece: Piece, tag: str) -> Markup:
    text = Markup("<br>").join(escape(piece.text).split("\n"))
    if piece.side is Side.BOTH or not piece.text.strip():
        return text
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), text)  # noqa: S704 - the tag is one of our two words
