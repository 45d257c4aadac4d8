"""One way for the database to compare names and texts: words of letters and digits, without accents and capitals."""

from __future__ import annotations


def plain_words(column: str) -> str:
    """Return the SQL that makes of ``column`` its words, a space around each: ``Eva Claës`` gives `` eva claes ``.

    Immutable, so that a generated column can hold it. A text that lacks a letter of a-z0-9 gives spaces alone.
    """
    accents = r"'[\u0300-\u036f]+'"
    plain = f"lower(regexp_replace(normalize({column}, NFKD), {accents}, '', 'g'))"
    return f"' ' || btrim(regexp_replace({plain}, '[^a-z0-9]+', ' ', 'g')) || ' '"
