"""What a form must know beside its definition to ask its questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from portal.calls.answers import Known
from portal.core.text import Text
from portal.places.provinces import PROVINCES, Province
from portal.places.search_key import search_key


@dataclass(frozen=True)
class Town:
    """A municipality that can be chosen. It has several postal codes, and may share one with its neighbours."""

    nis: str
    name: str
    province: str
    postal_codes: tuple[str, ...] = ()


def is_postal_code(text: str) -> bool:
    """Return whether the text is written as a postal code: four digits."""
    return len(text) == 4 and text.isascii() and text.isdigit()


@dataclass(frozen=True)
class Setting:
    """The choices that depend on the application: municipalities, partners (number as text: name), cost categories, years."""

    towns: tuple[Town, ...] = ()
    partners: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, Text] = field(default_factory=dict)
    years: tuple[int, ...] = ()

    @cached_property
    def known(self) -> Known:
        """Return what an answer may name."""
        return Known(frozenset(each.nis for each in self.towns), frozenset(self.partners), frozenset(self.categories))

    @cached_property
    def town_names(self) -> dict[str, str]:
        """Return the names by NIS code."""
        return {each.nis: each.name for each in self.towns}

    @cached_property
    def towns_by_key(self) -> dict[str, str]:
        """Return the NIS codes by the name as people type it: without accents, case and hyphens."""
        return {search_key(each.name): each.nis for each in self.towns}

    def towns_typed(self, typed: str) -> list[Town]:
        """Return what somebody may mean who types a NIS code, a postal code, a name, or `2000 Antwerpen`: one, several or none."""
        words = typed.strip()
        code, _space, name = words.partition(" ")
        if is_postal_code(code):
            sharing = [each for each in self.towns if code in each.postal_codes]
            return [each for each in sharing if not name or search_key(each.name) == search_key(name)]
        nis = words if words in self.town_names else self.towns_by_key.get(search_key(words))
        return [each for each in self.towns if each.nis == nis]

    def provinces(self) -> Iterator[tuple[Province, list[Town]]]:
        """Yield each province that has municipalities, with them."""
        for province in PROVINCES:
            towns = [each for each in self.towns if each.province == province.code]
            if towns:
                yield province, towns
