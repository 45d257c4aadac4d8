"""Every place at the line has its sentence, with the figures that it names."""

from datetime import timedelta
from decimal import Decimal

import pytest

from portal.calls.catalogue import load_programmes
from portal.calls.states import RankingPolicy
from portal.decisions.reasons import at_the_line, missed_thresholds
from portal.decisions.rules import Candidate, draw_line, rank
from tests.world.time import moment

NOON = moment("2022-03-30T12:00")
DIGIBANKEN = next(each for each in load_programmes() if each.definition.code == "digibanken")
EXECUTION = next(each.definition for each in DIGIBANKEN.calls if each.definition.code == "execution")


def said(policy, *, envelope="9000000.00", minimum=None, requests=("400000.00", "500000.00", "100000.00")):
    """The sentences of a round of 800,000 euro, in the order of its ranking, with their figures filled in."""
    candidates = [
        Candidate(place, Decimal(90 - place), Decimal(7), 1, NOON + timedelta(seconds=place), Decimal(each), minimum)
        for place, each in enumerate(requests)
    ]
    placed = draw_line(rank(candidates), Decimal("800000.00"), Decimal(envelope), policy)
    reasons = [
        {"code": str(each.code), "limit": each.limit, **{name: str(one) for name, one in each.figures.items()}}
        for each in placed
    ]
    return [str(each) % each.params for each in map(at_the_line, reasons)]


@pytest.mark.parametrize(
    ("policy", "facts", "sentence"),
    [
        (RankingPolicy.STRICT, {}, "Does not fit: the round has 400000.00 left."),
        (RankingPolicy.STRICT, {"envelope": "500000.00"}, "Does not fit: the programme has 100000.00 left."),
        (RankingPolicy.SKIP, {}, "Did not fit (400000.00 left) and was passed over for one below that does."),
        (RankingPolicy.PARTIAL, {}, "Does not fit (400000.00 left), and states no lower amount to go on with."),
        (
            RankingPolicy.PARTIAL,
            {"minimum": Decimal("450000.00"), "requests": ("400000.00", "500000.00")},
            "Does not fit: 400000.00 is left, less than its stated minimum of 450000.00.",
        ),
        (
            RankingPolicy.PARTIAL,
            {"minimum": Decimal("300000.00")},
            "Fits in part: what is left is offered; its stated minimum is 300000.00.",
        ),
    ],
)
def test_what_does_not_fit_says_why(policy, facts, sentence):
    first, second, *_ = said(policy, **facts)
    assert first.startswith("Fits: ")
    assert second == sentence


def test_what_follows_the_line_says_so():
    assert said(RankingPolicy.STRICT)[-1] == "Comes after the line."


def test_a_missed_threshold_is_named_with_its_score():
    told = list(missed_thresholds(["total", "objective_2"], Decimal("52.33"), {"objective_2": "4.30"}, EXECUTION, str))
    assert str(told[0]) % told[0].params == "The total, 52.33, is below the threshold of 60.00."
    assert told[1].params["score"] == "4.30"
    assert told[1].params["label"].nl == "Doelstelling 2: vaardigheden"
