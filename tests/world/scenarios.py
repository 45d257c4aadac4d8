"""Rounds without a database: applications with their reviews' scores, as a ranking and a what-if read them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st

from portal.calls.catalogue import load_programmes
from portal.calls.states import RankingPolicy
from portal.decisions.rules import Candidate
from portal.decisions.scenarios import Basis, Judged, scenario_of, score_anew
from portal.reviewing.rules import Score
from tests.world.time import moment

NOON = moment("2022-03-30T12:00")
AMPLE = Decimal("50000000.00")
DIGIBANKEN = next(each for each in load_programmes() if each.definition.code == "digibanken")
TERMS = next(each.definition for each in DIGIBANKEN.calls if each.definition.code == "execution")
CODES = [each.code for each in TERMS.criteria]
ANNE, BERT, CHRIS = 1, 2, 3


def scored(points, **others):
    """One review: the same points on every criterion, but those named."""
    return {code: Score(others.get(code, points), reason="Zoals in het dossier.") for code in CODES}


def judged(number, *reviews, requested="400000.00", minimum=None, agreed=None):
    """An application with its reviews, by Anne, Bert and Chris in turn, and the figures they come to."""
    asks = {"requested_amount": Decimal(requested), "minimum_amount": minimum}
    bare = Candidate(number, Decimal(0), Decimal(0), 1, NOON + timedelta(seconds=number), **asks)
    whole = Judged(bare, dict(zip((ANNE, BERT, CHRIS), reviews, strict=False)), agreed)
    return replace(whole, candidate=score_anew(whole, TERMS, None))


def basis(*applications, budget="800000.00", policy=RankingPolicy.STRICT):
    return Basis(TERMS, applications, scenario_of(TERMS, policy, Decimal(budget)), AMPLE)


def funded(placed):
    return [each.candidate.application_id for each in placed if each.proposed_amount]


@st.composite
def rounds(draw):
    points = st.integers(3, 10)
    made = []
    for number in range(draw(st.integers(0, 8))):
        requested = draw(st.integers(1, 500_000))
        minimum = draw(st.none() | st.integers(1, requested).map(Decimal))
        reviews = draw(st.lists(points.map(scored), min_size=1, max_size=3))
        made.append(judged(number, *reviews, requested=requested, minimum=minimum))
    return basis(*made, budget=draw(st.integers(0, 1_500_000)), policy=draw(st.sampled_from(list(RankingPolicy))))
