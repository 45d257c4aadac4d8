"""A round with budgets for provinces, from the ranking to the reserve list: what is stored, refused, shown and promoted."""

from decimal import Decimal

import pytest

from portal.applications.states import Outcome
from portal.core.db import db
from portal.core.errors import RuleViolation
from portal.decisions.candidates import list_candidates
from portal.decisions.check import altered_decisions
from portal.decisions.commands.answering import decline_award
from portal.decisions.commands.preparing import change_decision, confirm_decisions
from portal.decisions.commands.publishing import publish_round
from portal.decisions.commands.renewing import propose_new_decision
from portal.decisions.models import Ranking
from portal.decisions.queries import list_decisions, list_kept, list_ranking_rows, provinces_left
from portal.decisions.renewing import NewDecision
from portal.decisions.request_queries import get_desk_request
from portal.decisions.verification import verify_round
from tests.world.accounts import ctx_for, given_person
from tests.world.decisions import (
    RANKING_DAY,
    RESULTS_DAY,
    SIGNER,
    given_administrator,
    given_prepared,
    given_published,
    given_ranked_application,
    given_ranking,
    given_reviewed_round,
    given_upheld_request,
    reload,
)
from tests.world.http import Visitor

WEST, ANTWERP = "30000", "10000"
BRUGES, ARENDONK = "31005", "13001"
WHY = "Een partner haakte af."


def given_provinces(policy="strict", west="500000.00"):
    """Two of West Flanders and one of Antwerp, at 400,000 euro each; the second does not fit its province."""
    round_ = given_reviewed_round(policy=policy, budget="2000000.00", provinces={WEST: west, ANTWERP: "900000.00"})
    given_ranked_application(round_, "90.00", name="Digibank Zwinstreek", area=(BRUGES,))
    given_ranked_application(round_, "80.00", name="Digibank Houtland", area=(BRUGES,))
    given_ranked_application(round_, "70.00", name="Digibank Noordheide", area=(ARENDONK,))
    return round_


@pytest.fixture
def desk(inside):
    return ctx_for(given_administrator(), RESULTS_DAY)


@pytest.fixture
def lead(inside):
    return ctx_for(given_person("Eva Claes"), "2022-10-20T10:00")


def test_the_ranking_stores_the_province_each_row_counts_for_and_the_budgets_it_was_drawn_with(inside):
    round_ = given_provinces()
    ranking = given_ranking(round_)
    rows = list_ranking_rows(ranking.id)
    assert [(each.place, each.reason["province"]) for each in rows] == [
        ("funded", WEST),
        ("reserve", WEST),
        ("funded", ANTWERP),
    ]
    assert rows[1].reason["limit"] == "province"
    assert ranking.province_budgets == {WEST: Decimal("500000.00"), ANTWERP: Decimal("900000.00")}
    read = list_candidates(round_, ranking.computed_at)
    assert set(list_candidates(round_, ranking.computed_at, ranking)) == set(read)
    assert list(altered_decisions()) == []


def test_a_budget_that_is_changed_behind_the_ranking_shows(inside):
    round_ = given_provinces()
    ranking = given_ranking(round_)
    budgets = {WEST: Decimal("500000.01"), ANTWERP: Decimal("900000.00")}
    db.session.execute(Ranking.__table__.update().values(province_budgets=budgets).where(Ranking.id == ranking.id))
    db.session.expire_all()
    assert list(altered_decisions()) == [f"ranking 1 of {round_.code}: its rows were altered"]


def test_a_round_without_such_budgets_reads_no_province(inside, count_statements):
    round_ = given_reviewed_round()
    given_ranked_application(round_, "90.00", area=(BRUGES,))
    with count_statements() as sent:
        [candidate] = list_candidates(round_, ctx_for(at=RANKING_DAY).now)
    assert candidate.province is None
    assert not [each for each in sent if "municipality" in each]


def test_what_a_province_gets_above_its_budget_is_not_published(desk):
    round_ = given_provinces()
    first, second, _third = given_prepared(round_, given_administrator("Karel Maes"))
    change_decision(
        ctx_for(given_administrator("Jan Roels"), RANKING_DAY),
        reload(second),
        outcome=Outcome.APPROVED,
        amount=Decimal("400000.00"),
        reason="Deze streek heeft nog geen digibank.",
    )
    confirm_decisions(ctx_for(given_administrator("Nora Adams"), RANKING_DAY), round_)
    with pytest.raises(RuleViolation) as refusal:
        publish_round(desk, round_, SIGNER)
    assert refusal.value.codes == ["over-province"]
    assert first.amount == Decimal("400000.00")


def test_within_the_budgets_it_is_published_and_verified_from_its_evidence(desk):
    round_ = given_provinces()
    given_published(round_)
    assert [each.outcome for each in list_decisions(round_.id)] == [Outcome.APPROVED, Outcome.RESERVE, Outcome.APPROVED]
    assert provinces_left(round_) == {WEST: Decimal("100000.00"), ANTWERP: Decimal("500000.00")}
    brought = {each.application_id: each.province for each in list_candidates(round_, desk.now)}
    assert set(brought.values()) == {WEST, ANTWERP}
    *_, decisions = verify_round(round_)
    assert [each for each in decisions.differences if "West" in str(each.params)] == []


def test_what_one_province_frees_goes_to_a_reserve_of_that_province_alone(lead):
    first, reserve, third = given_published(given_provinces())
    decline_award(lead, reload(third), WHY)
    assert (reserve.outcome, reserve.promoted_at) == (Outcome.RESERVE, None), "Antwerp's money is not West Flanders'"
    [(reason, _at)] = list_kept(reload(reserve))
    assert (reason["limit"], reason["province"], reason["left"]) == ("province", WEST, "100000.00")
    decline_award(lead, reload(first), WHY)
    assert (reload(reserve).outcome, reserve.amount) == (Outcome.APPROVED, Decimal("400000.00"))


def test_a_new_decision_after_a_review_stays_within_the_province(inside):
    _first, reserve, _third = given_published(given_provinces())
    request = given_upheld_request(reserve, given_person("Eva Claes"))
    administrator = ctx_for(given_administrator("Nora Adams"), "2022-11-03T10:00")
    new = NewDecision(Outcome.APPROVED, Decimal("400000.00"), "De herziening is gegrond.")
    with pytest.raises(RuleViolation) as refusal:
        propose_new_decision(administrator, get_desk_request(request.id, [], lock=True), new)
    assert refusal.value.codes == ["over-province"]


def test_the_board_shows_each_province_and_who_is_outranked(app, visitor, world):
    round_ = world(given_provinces)
    world(given_ranking, round_)
    visitor.sign_in(world(given_administrator).email)
    text = " ".join(visitor.get(f"/desk/rounds/{round_.code}/ranking").text.replace("\xa0", " ").split())
    assert "Budget per provincie" in text
    assert "Past niet: voor West-Vlaanderen is nog € 100.000,00 over." in text
    outranked = text.split('id="outranked"', 1)[1].split("</section>", 1)[0]
    assert "Digibank Houtland" in outranked
    assert "Digibank Noordheide" not in outranked


def test_what_if_a_province_had_more(app, visitor, world):
    round_ = world(given_provinces)
    world(given_ranking, round_)
    visitor.sign_in(world(given_administrator).email)
    page = f"/desk/rounds/{round_.code}/ranking/what-if"
    same = visitor.get(page).text
    assert 'name="province-30000"' in same
    assert 'value="500000,00"' in same
    assert "beide kolommen zijn dus gelijk" in " ".join(same.split())
    more = " ".join(visitor.get(page, query_string={"province-30000": "800.000"}).text.split())
    assert "Krijgen de subsidie erbij: Digibank Houtland" in more
    without = " ".join(visitor.get(page, query_string={"province-30000": ""}).text.split())
    assert "Krijgen de subsidie erbij: Digibank Houtland" in without
    assert visitor.get(page, query_string={"province-30000": "veel"}).status_code == 422


def test_the_ranking_of_a_round_costs_the_board_one_statement_for_its_provinces(app, world, count_statements):
    sofie = Visitor(app).sign_in(world(given_administrator).email)

    def statements(**facts):
        round_ = world(given_reviewed_round, **facts)
        world(given_ranked_application, round_, "70.00", area=(BRUGES,))
        world(given_ranking, round_)
        with count_statements() as sent:
            assert sofie.get(f"/desk/rounds/{round_.code}/ranking").status_code == 200
        return len(sent)

    statements()  # whatever a first visit prepares
    assert statements(policy="skip", provinces={WEST: "500000.00"}) == statements(policy="skip") + 1
