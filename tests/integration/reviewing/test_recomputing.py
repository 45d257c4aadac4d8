"""The figures of a whole round in one statement are what ``rules.assess`` gives for each of its applications."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from portal.core.db import db
from portal.reviewing.models import Consensus, Review
from portal.reviewing.recomputing import common_denominator, recompute
from portal.reviewing.rules import Score, assess, write_scores
from tests.world.decisions import (
    find_reviewer,
    given_ranked_application,
    given_reviewed_round,
    given_scored_application,
)
from tests.world.scenarios import CODES, TERMS
from tests.world.time import moment

REVIEWS = (3, 3, 2, 1, 0)  # of each application of the round
AT = moment("2022-09-10T10:00")
points = st.integers(0, 10)
judgements = st.lists(st.one_of(points, points, points, st.none()), min_size=len(CODES), max_size=len(CODES)).map(
    lambda given_: {code: Score(each, each is None, "Daarom.") for code, each in zip(CODES, given_, strict=True)}
)
nobody_can_judge = {code: Score(None, True, "Buiten mijn vak.") for code in CODES}
agreements = st.none() | st.lists(points, min_size=len(CODES), max_size=len(CODES)).map(
    lambda given_: dict(zip(CODES, given_, strict=True))
)


@st.composite
def all_terms(draw):
    """The call's terms with other weights that add up to 100, some of them 0, and other thresholds."""
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=len(CODES) - 1, max_size=len(CODES) - 1)))
    weights = [after - before for before, after in zip([0, *cuts], [*cuts, 100], strict=True)]
    thresholds = draw(st.lists(st.none() | st.decimals(0, 10, places=2), min_size=len(CODES), max_size=len(CODES)))
    criteria = (
        replace(each, weight=weight, threshold=threshold)
        for each, weight, threshold in zip(TERMS.criteria, weights, thresholds, strict=True)
    )
    return replace(TERMS, criteria=tuple(criteria), total_threshold=draw(st.decimals(0, 100, places=2)))


def given_round():
    """A round of five applications with three reviews or fewer, and one review that is not handed in."""
    round_ = given_reviewed_round()
    ids = []
    for reviews in REVIEWS:
        made = given_scored_application(round_, *[7] * reviews) if reviews else given_ranked_application(round_, "70")
        ids.append(made.id)
    late = {"application_id": ids[0], "round_id": round_.id, "reviewer_id": find_reviewer("Beoordelaar 9").id}
    db.session.execute(
        sa.insert(Review.__table__).values(
            **late, invited_at=AT, due_on=AT.date(), state="drafting", scores=write_scores(nobody_can_judge)
        )
    )
    db.session.commit()
    return round_.id, ids


def write(ids, scores, agreed):
    """Give the round these scores, in the order of its reviews; returns each application's, by reviewer."""
    found = defaultdict(dict)
    wanted = sa.select(Review.id, Review.application_id, Review.reviewer_id).where(Review.state == "submitted")
    for (number, application_id, reviewer_id), each in zip(
        db.session.execute(wanted.order_by(Review.id)).all(), scores, strict=True
    ):
        table = Review.__table__
        db.session.execute(table.update().where(table.c.id == number).values(scores=write_scores(each)))
        found[application_id][reviewer_id] = each
    for application_id, each in zip(ids, agreed, strict=True):
        if each is not None:
            facts = {"causes": [], "asked_at": AT, "recorded_at": AT, "total": 0, "version": 1, "text": "Eens."}
            db.session.execute(sa.insert(Consensus).values(application_id=application_id, scores=each, **facts))
    return found


@pytest.fixture
def round_and_ids(app, world):
    made = world(given_round)
    with app.app_context():
        yield made


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],  # what fails is not made smaller: every try writes a round
)
@given(
    terms=all_terms(),
    scores=st.lists(judgements, min_size=sum(REVIEWS), max_size=sum(REVIEWS)),
    agreed=st.lists(agreements, min_size=len(REVIEWS), max_size=len(REVIEWS)),
    without=st.integers(0, 3),
)
@example(TERMS, [nobody_can_judge] * sum(REVIEWS), [None] * len(REVIEWS), 0)
def test_one_statement_gives_what_the_rule_gives(round_and_ids, terms, scores, agreed, without):
    round_id, ids = round_and_ids
    try:
        written = write(ids, scores, agreed)
        reviewers = list(written[ids[0]])
        left_out = reviewers[without - 1] if without else None
        expected = {}
        for application_id, consensus in zip(ids, agreed, strict=True):
            kept = [each for reviewer, each in written[application_id].items() if reviewer != left_out]
            if written[application_id] or consensus is not None:
                figures = assess(terms, kept, consensus)
                expected[application_id] = (figures.total, figures.criteria, figures.missed)
        found = recompute(round_id, terms, without=left_out)
        assert {score.as_tuple().exponent for each in found.values() for score in each.criteria.values()} <= {-2}
        assert {number: (each.total, each.criteria, each.missed) for number, each in found.items()} == expected
        theirs = recompute(round_id, terms, without=left_out, only_theirs=True)
        assert theirs == {number: each for number, each in found.items() if left_out in written[number]}
        of_reach = recompute(round_id, terms, without=left_out, scores_of=["reach"])
        assert of_reach == {
            number: each._replace(criteria={code: score for code, score in each.criteria.items() if code == "reach"})
            for number, each in found.items()
        }
    finally:
        db.session.rollback()


def test_a_figure_is_rounded_once_and_half_up(round_and_ids):
    """72.5, 72.2222… and 74.4444… have a mean of 73.0555…: rounded midway it would be 73.05. And 70.625 goes up."""
    round_id, ids = round_and_ids
    sevens = {code: Score(7) for code in CODES}
    blank = Score(None, True)
    three = [
        sevens | {"objective_3": Score(8), "strategy": blank},
        sevens | {"objective_3": Score(8), "reach": blank},
        sevens | {"objective_3": Score(9), "reach": blank},
    ]
    alone = sevens | {"circularity": Score(8), "strategy": blank}
    write(ids, [*three, *[sevens] * 5, alone], [None] * len(REVIEWS))
    found = recompute(round_id, TERMS)
    assert found[ids[0]].total == Decimal("73.06")
    assert found[ids[3]].total == Decimal("70.63")
    db.session.rollback()


def test_whatever_weights_add_up_to_divides_their_common_denominator():
    assert common_denominator([20, 15, 15, 20, 10, 10, 5, 5]) == 1_163_962_800
    assert common_denominator([50, 50, 0]) == 100
    assert common_denominator([1] * 100) % 97 == 0
