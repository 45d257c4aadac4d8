"""The province that a service area counts for."""

import pytest

from portal.places.provinces import province_of_most

OF = {"11001": "10000", "13001": "10000", "31005": "30000", "31006": "30000", "71004": "70000"}


@pytest.mark.parametrize(
    ("area", "province"),
    [
        (["31005", "31006", "11001"], "30000"),
        (["31005", "11001"], "10000"),  # between equals the lower code
        (["71004"], "70000"),
        (["99999"], None),  # no municipality of this code
        ([], None),
    ],
)
def test_an_area_counts_for_the_province_in_which_most_of_it_lies(area, province):
    assert province_of_most(area, OF) == province
    assert province_of_most(reversed(area), OF) == province
