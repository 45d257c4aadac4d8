"""An amount in Dutch words, as a letter writes it beside the figures."""

from decimal import Decimal

import pytest

from portal.decisions.dutch_amounts import in_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "nul euro"),
        ("1.01", "een euro en een cent"),
        ("15000.00", "vijftienduizend euro"),
        ("1000.00", "duizend euro"),
        ("1100.00", "duizend honderd euro"),
        ("82.93", "tweeëntachtig euro en drieënnegentig cent"),
        ("121.12", "honderdeenentwintig euro en twaalf cent"),
        ("499999.40", "vierhonderdnegenennegentigduizend negenhonderdnegenennegentig euro en veertig cent"),
        ("50000000.00", "vijftig miljoen euro"),
        ("2001014.00", "twee miljoen duizend veertien euro"),
    ],
)
def test_an_amount_is_written_out(amount, words):
    assert in_words(Decimal(amount)) == words
