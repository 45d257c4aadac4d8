"""The years whose de-minimis aid counts: three calendar years up to 2023, three rolling years from 2024."""

from datetime import date
from decimal import Decimal

import pytest

from portal.applications.admissibility import aid_of
from portal.applications.aid_years import aid_years, missing_years
from portal.applications.completeness import problems_with_completeness
from tests.world.dossiers import dossier, part


@pytest.mark.parametrize(
    ("decided", "years"),
    [
        ("2022-10-21", [(2020, None), (2021, None), (2022, None)]),
        ("2023-12-31", [(2021, None), (2022, None), (2023, None)]),
        ("2024-01-01", [(2021, "2021-01-02"), (2022, None), (2023, None), (2024, None)]),
        ("2024-06-14", [(2021, "2021-06-15"), (2022, None), (2023, None), (2024, None)]),
        ("2024-12-31", [(2022, None), (2023, None), (2024, None)]),
    ],
)
def test_the_years_follow_the_day_of_the_decision(decided, years):
    found = [
        (each.year, each.counts_from and each.counts_from.isoformat())
        for each in aid_years(date.fromisoformat(decided))
    ]
    assert found == years


def test_only_aid_of_the_years_that_count_is_counted():
    mine = part(earlier_aid={2020: Decimal(100), 2021: Decimal(20), 2022: Decimal(3)}, earlier_aid_amount=Decimal(123))
    for decided, amount in (("2022-10-21", 123), ("2023-05-01", 23), ("2024-06-14", 23), ("2025-01-01", 3)):
        subject = dossier(parts=(mine,), lines=(), decided_on=date.fromisoformat(decided))
        assert aid_of(subject, mine) == amount


def test_what_was_declared_as_one_amount_stands_until_it_is_divided():
    mine = part(earlier_aid_amount=Decimal("50.00"))
    assert aid_of(dossier(parts=(mine,), lines=()), mine) == Decimal("50.00")
    years = aid_years(date(2022, 10, 21))
    assert missing_years({}, years) == ()
    assert missing_years({"2021": "0.00"}, years) == (2020, 2022)


def test_a_year_without_an_amount_makes_the_declaration_incomplete():
    for missing, found in (((), []), ((2020,), ["earlier_aid"])):
        subject = dossier(parts=(part(missing_aid_years=missing),))
        assert [each.field for each in problems_with_completeness(subject) if each.field == "earlier_aid"] == found
