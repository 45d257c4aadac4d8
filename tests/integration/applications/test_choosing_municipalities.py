"""Choosing municipalities by name or postal code, without a script: as they stood when the round opened."""

import re
from datetime import date

import pytest

from portal.core.db import db
from portal.places.models import Municipality, PostalCode
from tests.world.sections import typed

SINCE, NEW_SINCE = date(2019, 1, 1), date(2025, 1, 1)


def given_neighbours():
    """Arendonk has a postal code of Hoogstraten too; a merged municipality comes years after the round, with its own."""
    db.session.merge(PostalCode(nis="13001", postal_code="2322", valid_from=SINCE))
    db.session.merge(PostalCode(nis="13001", postal_code="2399", valid_from=NEW_SINCE))
    merged = Municipality(
        nis="73111",
        name="Tongeren-Borgloon",
        search_key="tongeren borgloon",
        province_code="70000",
        valid_from=NEW_SINCE,
    )
    db.session.merge(merged)
    db.session.merge(PostalCode(nis="73111", postal_code="3700", valid_from=NEW_SINCE))
    db.session.commit()


@pytest.fixture
def searching(desk, world):
    """Search on the page of the service area, as the button does: what is found, and the page that comes back."""
    world(given_neighbours)

    def search(words, **changed):
        changed = {"find__service_area": words, **changed}
        answer = desk.save("B7", find="service_area", **changed)
        assert answer.status_code == 200
        return found_on(answer.text), answer.text

    return search


def found_on(page):
    """The names that stand before the provinces, with their postal codes."""
    before = page[page.index('id="service_area"') : page.index("<details", page.index('id="service_area"'))]
    labels = re.findall(r'<label class="govuk-label govuk-checkboxes__label"[^>]*>(.*?)</label>', before, re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", "", each).split()) for each in labels]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("2321", ["Hoogstraten 2320, 2321, 2322, 2323"]),
        ("232", ["Arendonk 2322, 2370", "Hoogstraten 2320, 2321, 2322, 2323"]),
        ("2322", ["Arendonk 2322, 2370", "Hoogstraten 2320, 2321, 2322, 2323"]),
        ("sint niklaas", ["Sint-Niklaas 9100, 9111, 9112"]),
        ("HOOG", ["Hoogstraten 2320, 2321, 2322, 2323"]),
        ("3700", []),
        ("2399", []),
        ("tongeren", []),
        ("%", []),
    ],
)
def test_what_is_found_stands_first_each_municipality_once(searching, words, found):
    names, page = searching(words)
    assert names == found
    assert f"Gemeenten met deze naam of postcode: {len(found)}<" in page
    assert len(re.findall('value="13014"', page)) == 1


def test_a_search_saves_nothing_and_keeps_what_was_ticked_and_typed(searching, desk):
    before = desk.stored("B7")
    ticked = ["", "13001", "46021"]
    _names, page = searching("2321", service_area=ticked, unique_users__2023__jobseekers="77")
    assert desk.stored("B7") == before
    fields = typed(page)
    assert (sorted(fields["service_area"]), fields["unique_users-2023-jobseekers"]) == (ticked, ["77"])
    assert fields["find-service_area"] == ["2321"]
    saved = desk.save("B7", page=page, service_area=["", "13001", "13014"])
    assert saved.status_code == 302
    assert sorted(desk.stored("B7")[0]["service_area"]) == ["13001", "13014"]


def test_a_search_in_another_question_is_none(desk):
    answer = desk.save("B7", find="unique_users")
    assert answer.status_code == 200
    assert found_on(answer.text) == []


def test_an_access_point_is_placed_by_name_or_postal_code_and_a_shared_one_asks_for_the_name(desk, world):
    world(given_neighbours)
    assert desk.save("B6", access_points__0__municipality="9112").status_code == 302
    assert desk.stored("B6")[0]["access_points"][0]["municipality"] == ["46021"]
    assert typed(desk.page("B6"))["access_points-0-municipality"] == ["Sint-Niklaas"]
    shared = desk.save("B6", access_points__0__municipality="2322")
    assert shared.status_code == 422
    assert "Meerdere gemeenten hebben deze postcode: Arendonk en Hoogstraten. Typ een naam." in shared.text
    assert typed(shared.text)["access_points-0-municipality"] == ["2322"]
    assert desk.save("B6", access_points__0__municipality="2322 Hoogstraten").status_code == 302
    assert desk.stored("B6")[0]["access_points"][0]["municipality"] == ["13014"]
    assert desk.save("B6", access_points__0__municipality="3700").status_code == 422
    assert 'label="Hoogstraten, 2320, 2321, 2322, 2323"' in desk.page("B6")
