"""The five Flemish provinces and the Brussels Region, in the order in which lists show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.core.text import Text


@dataclass(frozen=True, slots=True)
class Province:
    code: str
    name: Text


PROVINCES = (
    Province("30000", Text("West-Vlaanderen", "West Flanders")),
    Province("40000", Text("Oost-Vlaanderen", "East Flanders")),
    Province("10000", Text("Antwerpen", "Antwerp")),
    Province("70000", Text("Limburg", "Limburg")),
    Province("20001", Text("Vlaams-Brabant", "Flemish Brabant")),
    Province("04000", Text("Brussels Hoofdstedelijk Gewest", "Brussels-Capital Region")),
)
PROVINCES_BY_CODE = {province.code: province for province in PROVINCES}


def province_of_most(area: Iterable[str], provinces: Mapping[str, str]) -> str | None:
    """Return the code of the province in which most municipalities of ``area`` (NIS codes) lie, or None for no area.

    Between equals the lower code. ``provinces`` has the province's code by that of the municipality; the rule is ours.
    """
    counted = Counter(provinces[nis] for nis in area if nis in provinces)
    return min(counted, key=lambda code: (-counted[code], code), default=None)
