"""Rounds without a database: applications with their reviews' scores, as a ranking and a what-if read them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st

from portal.calls.catalogue import load_programmes
from portal.calls.states import RankingPolicy
from portal.decisions.rules import Candidate
from portal.decisions.scenarios import Basis, is_weighed_anew, place, scenario_of, terms_under
from portal.decisions.stability import Judged, leave_out
from portal.reviewing.rules import Score, assess
from tests.world.time import moment

NOON = moment("2022-03-30T12:00")
AMPLE = Decimal("50000000.00")
DIGIBANKEN = next(each for each in load_programmes() if each.definition.code == "digibanken")
TERMS = next(each.definition for each in DIGIBANKEN.calls if each.definition.code == "execution")
CODES = [each.code for each in TERMS.criteria]
ANNE, BERT, CHRIS = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Example:
    """A round's applications with their reviews, and the basis that its scenarios start from."""

    judged: Sequence[Judged]
    basis: Basis

    @property
    def present(self):
        return self.basis.present


def scored(points, **others):
    """One review: the same points on every criterion, but those named."""
    return {code: Score(others.get(code, points), reason="Zoals in het dossier.") for code in CODES}


def judged(number, *reviews, requested="400000.00", minimum=None, agreed=None):
    """An application with its reviews, by Anne, Bert and Chris in turn, and the figures they come to."""
    asks = {"requested_amount": Decimal(requested), "minimum_amount": minimum}
    bare = Candidate(number, Decimal(0), Decimal(0), 1, NOON + timedelta(seconds=number), **asks)
    whole = Judged(bare, dict(zip((ANNE, BERT, CHRIS), reviews, strict=False)), agreed)
    return replace(whole, candidate=leave_out(None, whole, TERMS))


def example(*applications, budget="800000.00", policy=RankingPolicy.STRICT):
    candidates = tuple(each.candidate for each in applications)
    return Example(applications, Basis(TERMS, candidates, scenario_of(TERMS, policy, Decimal(budget)), AMPLE))


def placed(given, scenario):
    """The example's ranking under a scenario, with the figures that the scores of what it touches come to."""
    terms, is_all = terms_under(TERMS, scenario), is_weighed_anew(scenario, given.present)
    scored_anew = {
        each.candidate.application_id: assess(
            terms, [scores for reviewer, scores in each.reviews.items() if reviewer != scenario.left_out], each.agreed
        )
        for each in given.judged
        if is_all or scenario.left_out in each.reviews
    }
    return place(given.basis, scenario, scored_anew)


def funded(rows):
    return [each.candidate.application_id for each in rows if each.proposed_amount]


@st.composite
def rounds(draw):
    points = st.integers(3, 10)
    made = []
    for number in range(draw(st.integers(0, 8))):
        requested = draw(st.integers(1, 500_000))
        minimum = draw(st.none() | st.integers(1, requested).map(Decimal))
        reviews = draw(st.lists(points.map(scored), min_size=1, max_size=3))
        made.append(judged(number, *reviews, requested=requested, minimum=minimum))
    return example(*made, budget=draw(st.integers(0, 1_500_000)), policy=draw(st.sampled_from(list(RankingPolicy))))
