"""Municipalities as they stand on a day, found by name or postal code."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core.actor import system_actor
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import NotFound
from portal.places import queries
from portal.places.commands import load_places
from portal.places.models import Municipality, PostalCode

IN_2022 = date(2022, 6, 20)
LAST_DAY_OF_2024 = date(2024, 12, 31)
FIRST_DAY_OF_2025 = date(2025, 1, 1)
CTX = Ctx(datetime(2022, 6, 20, 12, tzinfo=UTC), system_actor("cli"))


@pytest.fixture(autouse=True)
def places(app: Flask, savepoint: None) -> Iterator[None]:
    with app.app_context():
        load_places(CTX)
        yield


def names(found):
    return [municipality.name for municipality in found]


def count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_loading_twice_changes_nothing():
    before = (count(Municipality), count(PostalCode))
    assert load_places(CTX) == before[0] == 331
    assert (count(Municipality), count(PostalCode)) == before


def test_loading_mends_a_name_that_was_changed():
    queries.get_municipality("13014").name = "Elders"
    db.session.flush()
    load_places(CTX)
    db.session.expire_all()
    assert queries.get_municipality("13014").name == "Hoogstraten"


def test_the_mergers_take_effect_on_the_first_day_of_2025():
    assert len(queries.list_municipalities(on=LAST_DAY_OF_2024)) == 319
    assert len(queries.list_municipalities(on=FIRST_DAY_OF_2025)) == 304
    assert queries.find_municipality("73083", on=LAST_DAY_OF_2024) is not None
    assert queries.find_municipality("73083", on=FIRST_DAY_OF_2025) is None
    successor = queries.get_municipality("73083").successor_nis
    assert successor is not None
    assert queries.get_municipality(successor).name == "Tongeren-Borgloon"


@pytest.mark.parametrize(
    ("words", "on", "found"),
    [
        ("SINT-PIETERS", IN_2022, ["Sint-Pieters-Leeuw", "Sint-Pieters-Woluwe"]),
        ("lier", IN_2022, ["Lier", "Lierde"]),
        ("laar", IN_2022, ["Laarne", "Aartselaar", "Berlaar", "Hoeilaart", "Rotselaar", "Vorselaar", "Vosselaar"]),
        ("2150", IN_2022, ["Borsbeek"]),
        ("2150", FIRST_DAY_OF_2025, ["Antwerpen"]),
        ("%", IN_2022, []),
        ("", IN_2022, []),
        ("9999", IN_2022, []),
    ],
)
def test_searching_by_name_or_postal_code_puts_names_that_begin_so_first(words, on, found):
    assert names(queries.search_municipalities(words, on=on)) == found


def test_a_municipality_has_the_postal_codes_of_the_day():
    in_2022 = {each.name: codes for each, codes in queries.list_municipalities_with_codes(on=IN_2022)}
    in_2025 = {each.name: codes for each, codes in queries.list_municipalities_with_codes(on=FIRST_DAY_OF_2025)}
    assert (len(in_2022), len(in_2025)) == (319, 304)
    assert in_2022["Borsbeek"] == ["2150"]
    assert "2150" not in in_2022["Antwerpen"]
    assert in_2025["Antwerpen"] == sorted([*in_2022["Antwerpen"], "2150"])
    assert all(in_2022.values())


def test_a_postal_code_may_be_of_several_and_a_municipality_has_several():
    assert names(queries.search_municipalities("1804", on=IN_2022)) == ["Vilvoorde", "Zemst"]
    codes = {each.name: held for each, held in queries.list_municipalities_with_codes(on=IN_2022)}
    assert codes["Sint-Niklaas"] == ["9100", "9111", "9112"]
    assert names(queries.search_municipalities("911", on=IN_2022)) == ["Sint-Niklaas"]


def test_an_unknown_code_is_not_found():
    assert queries.find_municipality("99999") is None
    with pytest.raises(NotFound):
        queries.get_municipality("99999")
    assert names(queries.list_municipalities_by_nis(["99999", "13014", "11007"])) == ["Borsbeek", "Hoogstraten"]
