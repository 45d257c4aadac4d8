"""The equal-area tile map: one hexagon of the same size for each municipality, laid out per province.

It is a count per province, not a geography: pages say so under the map. Units are those of the SVG's viewBox.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from portal.places.provinces import PROVINCES, Province

RADIUS = 12.2
TILE_WIDTH = 26.0
ROW_HEIGHT = 22.5
COLUMNS = {"20001": 12, "04000": 6}
USUAL_COLUMNS = 8
# Per province, roughly north to south and west to east; an arrondissement is the first two digits of the code.
ARRONDISSEMENTS = {
    "30000": ("35", "31", "38", "32", "37", "36", "33", "34"),
    "40000": ("43", "44", "46", "42", "41", "45"),
    "10000": ("13", "11", "12"),
    "70000": ("72", "71", "73"),
    "20001": ("23", "24"),
    "04000": ("21",),
}


class Place(Protocol):
    @property
    def nis(self) -> str: ...
    @property
    def province_code(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Tile:
    nis: str
    x: float
    y: float

    @property
    def points(self) -> str:
        """The corners for an SVG polygon, from the top clockwise."""
        half, side = RADIUS * 0.866, RADIUS / 2
        corners = ((0, -RADIUS), (half, -side), (half, side), (0, RADIUS), (-half, side), (-half, -side))
        return " ".join(f"{self.x + dx:.1f},{self.y + dy:.1f}" for dx, dy in corners)


@dataclass(frozen=True, slots=True)
class ProvinceTiles:
    province: Province
    width: float
    height: float
    tiles: tuple[Tile, ...]


def tile_map(places: Iterable[Place]) -> tuple[ProvinceTiles, ...]:
    """One map for each province that has places, in the order of PROVINCES.

    Raises ValueError for an arrondissement that stands in no province's order.
    """
    by_province: dict[str, list[str]] = {}
    for place in places:
        by_province.setdefault(place.province_code, []).append(place.nis)
    return tuple(
        _lay_out(province, by_province[province.code]) for province in PROVINCES if province.code in by_province
    )


def _lay_out(province: Province, codes: list[str]) -> ProvinceTiles:
    order = ARRONDISSEMENTS[province.code]
    columns = COLUMNS.get(province.code, USUAL_COLUMNS)
    tiles: list[Tile] = []
    row = column = 0
    for nis in sorted(codes, key=lambda nis: (order.index(nis[:2]), nis)):
        is_odd = row % 2
        tiles.append(Tile(nis, TILE_WIDTH * (column + 0.5 + is_odd / 2), ROW_HEIGHT * row + 15))
        column += 1
        if column == columns - is_odd:
            row, column = row + 1, 0
    rows = row + (column > 0)
    return ProvinceTiles(province, TILE_WIDTH * columns, ROW_HEIGHT * rows + 7.5, tuple(tiles))
