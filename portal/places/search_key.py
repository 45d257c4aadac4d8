"""One way to compare Dutch names: without accents, capitals and punctuation."""

from __future__ import annotations

import re
import unicodedata


def search_key(text: str) -> str:
    """`Sint-Pieters-Leeuw` → `sint pieters leeuw`, `’s Gravenvoeren` → `s gravenvoeren`; also a key to sort by."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", " ", plain.lower()).strip()
