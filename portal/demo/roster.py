"""The crowd around the named cast: organisations, people and partnerships, read from roster.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.calls import structure
from portal.demo.people import DemoOrganisation, DemoPartnership, DemoPerson


@dataclass(frozen=True, slots=True)
class Roster:
    organisations: tuple[DemoOrganisation, ...]
    people: tuple[DemoPerson, ...]
    partnerships: tuple[DemoPartnership, ...]


@cache
def load_roster() -> Roster:
    """Raises ValueError naming the key that does not fit."""
    text = (Path(__file__).parent / "roster.toml").read_text(encoding="utf-8")
    return structure.read(Roster, tomllib.loads(text), "roster.toml")
