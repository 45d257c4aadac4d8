"""The guides under Help: Markdown in ``docs/guides``, one file for each language, read with the code they describe."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

from portal.core.errors import NotFound
from portal.core.text import Text
from portal.public.markdown import as_html

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "guides"


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide for one kind of reader; ``slug`` names its address and its files."""

    slug: str
    title: Text
    about: Text


GUIDES = (
    Guide(
        "applicants",
        Text("Gids voor aanvragers", "Guide for applicants"),
        Text(
            "Van registratie tot beslissing: samen schrijven, nakijken, indienen, opvolgen.",
            "From registration to decision: writing together, checking, submitting, following up.",
        ),
    ),
    Guide(
        "reviewers",
        Text("Gids voor beoordelaars", "Guide for reviewers"),
        Text(
            "Van uitnodiging tot consensus: belangenconflicten, lezen, scoren, indienen.",
            "From invitation to consensus: conflicts of interest, reading, scoring, submitting.",
        ),
    ),
    Guide(
        "department",
        Text("Gids voor het departement", "Guide for the department"),
        Text(
            "Voor dossierbehandelaars, beheerders en auditors: van een ronde aankondigen tot de beslissing nagaan.",
            "For case officers, administrators and auditors: from announcing a round to verifying its decisions.",
        ),
    ),
)


def get_guide(slug: str, *, lock: bool = False) -> Guide:
    """Return the guide; NotFound for a name that is none's."""
    del lock  # read only
    for guide in GUIDES:
        if guide.slug == slug:
            return guide
    raise NotFound


@cache
def body_of(slug: str, language: str) -> Markup:
    """Return the guide's text as clean HTML, in ``nl`` or ``en``."""
    return as_html((FOLDER / f"{slug}.{language}.md").read_text(encoding="utf-8"))
