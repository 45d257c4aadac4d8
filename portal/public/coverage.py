"""Which municipalities awards reach: the same figures as a tile map, a table of provinces, and a list of names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.core.text import Msg, _l
from portal.places.models import Municipality
from portal.places.provinces import Province
from portal.places.tiles import ProvinceTiles, Tile, tile_map


class Reach(StrEnum):
    """What an award does for a municipality; the value is the look of its tile."""

    EXECUTED = "covered"
    FORMED = "forming"
    NONE = "none"


REACH_LABELS: dict[Reach, Msg] = {
    Reach.EXECUTED: _l("grant to carry out a project"),
    Reach.FORMED: _l("grant to form a strategy"),
    Reach.NONE: _l("no grant yet"),
}


@dataclass(frozen=True, slots=True)
class ProvinceReach:
    """A province's tiles with what each stands for, and how many of each there are."""

    drawing: ProvinceTiles
    tiles: Sequence[tuple[Tile, str, Reach]]  # the tile, its municipality's name, its reach
    counts: Mapping[Reach, int]

    @property
    def province(self) -> Province:
        return self.drawing.province

    @property
    def total(self) -> int:
        return len(self.tiles)

    @property
    def reached(self) -> int:
        return self.total - self.counts[Reach.NONE]

    @property
    def names(self) -> dict[Reach, list[str]]:
        return {reach: sorted(name for _tile, name, each in self.tiles if each is reach) for reach in Reach}

    @property
    def columns(self) -> int:
        return round(self.drawing.width / 26)


def reach_by_province(existing: Sequence[Municipality], covered: Mapping[str, bool]) -> list[ProvinceReach]:
    """Return each province with its municipalities; ``covered`` says for a code whether a project is carried out."""
    names = {each.nis: each.name for each in existing}
    found = []
    for drawing in tile_map(existing):
        tiles = [(tile, names[tile.nis], _reach(covered.get(tile.nis))) for tile in drawing.tiles]
        found.append(ProvinceReach(drawing, tiles, Counter(reach for _tile, _name, reach in tiles)))
    return found


def _reach(is_executed: bool | None) -> Reach:
    if is_executed is None:
        return Reach.NONE
    return Reach.EXECUTED if is_executed else Reach.FORMED
