"""Computing a round's ranking: when it can be, what is stored, and that it can be done again."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.calls.queries import get_round
from portal.core.db import db
from portal.core.errors import RuleViolation
from portal.decisions.board_queries import BoardRow, page_ranking_rows
from portal.decisions.candidates import list_candidates, readiness_of
from portal.decisions.commands.preparing import prepare_decisions
from portal.decisions.commands.ranking import compute_ranking, place_rows
from portal.decisions.digest import row_placed, row_stored
from portal.decisions.queries import find_ranking, get_assessment, list_ranking_rows
from portal.decisions.states import Place
from tests.world.accounts import ctx_for
from tests.world.applications_models import given_open_round
from tests.world.decisions import (
    RANKING_DAY,
    given_administrator,
    given_published,
    given_ranked_application,
    given_ranking,
    given_reviewed_round,
    given_submitted_application,
    make_earlier,
)


@pytest.fixture
def desk(inside):
    return ctx_for(given_administrator(), RANKING_DAY)


def refused(desk, round_):
    with pytest.raises(RuleViolation) as refusal:
        compute_ranking(desk, round_)
    return refusal.value.codes


def test_a_ranking_stores_every_row_with_its_place_and_reason(desk):
    round_ = given_reviewed_round(budget="700000.00")
    first = given_ranked_application(round_, "84.17")
    reduced = given_ranked_application(round_, "71.00", minimum="250000.00")
    after = given_ranked_application(round_, "65.00", costs="100000.00")
    out = given_ranked_application(round_, "66.17", missed=["objective_1"])

    ranking = compute_ranking(desk, round_)

    rows = list_ranking_rows(ranking.id)
    assert [(each.application_id, each.rank, each.place) for each in rows] == [
        (first.id, 1, Place.FUNDED),
        (reduced.id, 2, Place.PARTIAL),
        (after.id, 3, Place.RESERVE),
        (out.id, None, Place.NOT_FUNDABLE),
    ]
    assert [each.proposed_amount for each in rows] == [Decimal("400000.00"), Decimal("300000.00"), 0, 0]
    assert [each.cumulative_amount for each in rows[:3]] == [400000, 800000, 900000]
    assert rows[1].reason["code"] == "reduced"
    assert rows[3].reason["missed"] == ["objective_1"]
    assert (ranking.awarded_amount, ranking.award_count, ranking.line_position) == (Decimal("700000.00"), 2, 2)
    assert (ranking.row_count, ranking.fundable_count, ranking.requested_amount) == (4, 3, Decimal("900000.00"))


def test_computing_again_makes_a_new_number_with_the_same_digest(desk):
    round_ = given_reviewed_round()
    given_ranked_application(round_, "84.17")
    given_ranked_application(round_, "84.17")
    first, second = compute_ranking(desk, round_), compute_ranking(desk, round_)
    assert (first.number, second.number) == (1, 2)
    assert first.sha256 == second.sha256
    assert find_ranking(round_.id).id == second.id


def test_a_changed_total_changes_the_digest(desk):
    round_ = given_reviewed_round()
    application = given_ranked_application(round_, "84.17")
    before = compute_ranking(desk, round_)
    db.session.execute(
        sa.text("UPDATE assessment SET total = 84.18 WHERE application_id = :id"), {"id": application.id}
    )
    db.session.expire_all()
    assert compute_ranking(desk, round_).sha256 != before.sha256


def test_a_total_of_nought_reads_the_same_before_and_after_it_is_stored(desk):
    """A recomputation compares both, so that a row would differ from itself."""
    round_ = given_reviewed_round()
    given_ranked_application(round_, "0.00", missed=["total"])
    ranking = compute_ranking(desk, round_)
    (placed,) = place_rows(round_, ranking.envelope_left_amount, desk.now)
    (stored,) = list_ranking_rows(ranking.id)
    assert row_stored(stored, None) == row_placed(placed)


def test_what_a_ranking_holds_on_service_areas_is_what_the_snapshots_say(desk):
    round_ = given_reviewed_round()
    given_ranked_application(round_, "84.17", area=("13001", "13002"))
    ranking = compute_ranking(desk, round_)
    given_ranked_application(round_, "71.00", area=("13001",))  # not in the ranking: it is read from its snapshot
    read = list_candidates(round_, ranking.computed_at)
    assert [each.new_municipalities for each in sorted(read, key=lambda each: each.application_id)] == [2, 1]
    assert set(list_candidates(round_, ranking.computed_at, ranking)) == set(read)


def test_a_round_is_not_ranked_before_it_has_closed(inside):
    round_ = get_round(given_open_round().code, lock=True)
    administrator = given_administrator()
    assert refused(ctx_for(administrator, "2022-07-29T12:00"), round_) == ["round-not-closed"], "to the second"
    assert compute_ranking(ctx_for(administrator, "2022-07-29T12:01"), round_).row_count == 0


def test_a_round_is_not_ranked_while_anything_is_open(desk):
    round_ = given_reviewed_round()
    given_ranked_application(round_, "84.17")
    unreviewed = given_ranked_application(round_, "70.00", is_complete=False)
    disputed = given_ranked_application(round_, "70.00", waits_for_consensus=True)
    unjudged = given_submitted_application(round_)

    assert refused(desk, round_) == ["admissibility-open", "reviews-missing", "consensus-open"]
    waiting = readiness_of(round_, desk.now)
    assert waiting.unjudged == (unjudged.reference,)
    assert waiting.incomplete == (unreviewed.reference,)
    assert waiting.consensus == (disputed.reference,)
    assert find_ranking(round_.id) is None


def test_a_tie_is_parted_by_objective_three_then_by_municipalities_nobody_serves_yet_then_by_time(desk):
    served, round_ = given_reviewed_round(), given_reviewed_round()
    given_ranked_application(served, "80.00", area=["13001", "13002"])
    given_published(served)
    make_earlier(served, than=round_)
    late = given_ranked_application(round_, "71.00", at="2022-07-02T10:00", area=["13003", "13001"])
    early = given_ranked_application(round_, "71.00", at="2022-07-01T10:00", area=["13004", "13002"])
    wide = given_ranked_application(round_, "71.00", at="2022-07-03T10:00", area=["13003", "13004"])
    strong = given_ranked_application(
        round_, "71.00", at="2022-07-04T10:00", area=["13001"], criteria={"objective_3": "7.11"}
    )

    rows = list_ranking_rows(compute_ranking(desk, round_).id)
    assert [each.application_id for each in rows] == [strong.id, wide.id, early.id, late.id]
    assert [each.decided_by for each in rows] == ["total", "criterion", "coverage", "time"]
    assert rows[1].reason["keys"]["coverage"] == 2
    assert rows[2].reason["above"]["coverage"] == 2
    assert rows[2].reason["keys"]["coverage"] == 1


def test_the_envelope_counts_what_other_rounds_awarded(desk):
    """The programme's budget is the second limit, whatever the round's own budget says."""
    earlier = given_reviewed_round()
    round_ = given_reviewed_round(beside=earlier)
    given_ranked_application(earlier, "80.00")
    given_published(earlier)
    given_ranked_application(round_, "80.00")
    programme = round_.call.programme
    db.session.execute(sa.text("UPDATE programme SET budget_amount = 799999.99 WHERE id = :id"), {"id": programme.id})
    db.session.expire_all()

    [row] = list_ranking_rows(compute_ranking(desk, round_).id)
    assert (row.place, row.reason["code"], row.reason["limit"]) == (Place.RESERVE, "no-reduction-accepted", "programme")
    assert row.reason["left"] == "399999.99"


def test_a_row_of_the_board_is_what_stands_stored(inside, desk):
    round_ = given_reviewed_round()
    given_ranked_application(round_, "70.00")
    ranking = compute_ranking(desk, round_)
    [row], [stored] = page_ranking_rows(ranking, None).rows, list_ranking_rows(ranking.id)
    application, assessment = stored.application, get_assessment(stored.application_id)
    assert row == BoardRow(
        position=1,
        rank=1,
        total=Decimal("70.00"),
        place=Place.FUNDED,
        requested_amount=application.requested_amount,
        proposed_amount=stored.proposed_amount,
        cumulative_amount=stored.cumulative_amount,
        decided_by=stored.decided_by,
        reason=stored.reason,
        application_id=application.id,
        reference=application.reference,
        partnership=application.partnership.name,
        promotor=application.promotor.name,
        criteria=assessment.criteria,
        totals=assessment.totals,
        spread=assessment.spread,
        decision_id=None,
        decision_ranking_id=None,
        decision_outcome=None,
        decision_state=None,
    )
    [decision] = prepare_decisions(desk, round_, ranking)
    [row] = page_ranking_rows(ranking, None).rows
    assert (row.decision_id, row.decision_ranking_id) == (decision.id, ranking.id)
    assert (row.decision_outcome, row.decision_state) == (decision.outcome, decision.state)


def test_a_page_of_the_ranking_costs_the_same_whatever_its_length(inside, count_statements):
    def statements(rows):
        round_ = given_reviewed_round()
        for _ in range(rows):
            given_ranked_application(round_, "70.00")
        ranking = given_ranking(round_)
        number = round_.id
        db.session.expunge_all()
        with count_statements() as sent:
            found = page_ranking_rows(find_ranking(number), None)
        assert [each.position for each in found.rows] == list(range(1, rows + 1))
        assert all(each.partnership for each in found.rows)
        assert ranking.row_count == rows
        return len(sent)

    assert statements(1) == statements(3) == 2
