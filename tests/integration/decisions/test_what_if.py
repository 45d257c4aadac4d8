"""The what-if beside the ranking: both columns, who changes hands, who may look, and that nothing is written."""

import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import grant_right
from portal.calls.queries import terms_of
from portal.core.actor import Right, Role
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.decisions.models import Decision, Ranking, RankingRow
from tests.world.accounts import ctx_for, given_person
from tests.world.decisions import (
    find_reviewer,
    given_administrator,
    given_ranking,
    given_reviewed_round,
    given_scored_application,
)
from tests.world.http import Visitor


def given_line(policy="strict"):
    """Two that fit, and one with less on everything but objective 1 that does not; all at 400,000 euro."""
    round_ = given_reviewed_round(budget="800000.00", policy=policy)
    given_scored_application(round_, 9, 8, 9, name="Digibank Polderlint")
    given_scored_application(round_, 8, 7, 7, name="Digibank Scheldeboord")
    given_scored_application(round_, 8, 7, 6, name="Digibank Leiestreek", costs="300000.00")
    given_ranking(round_)
    return round_


@pytest.fixture
def sofie(app, world):
    return Visitor(app).sign_in(world(given_administrator).email)


def asked(visitor, round_, **choices):
    """The page's text in one line, with its status."""
    answer = visitor.get(f"/desk/rounds/{round_.code}/ranking/what-if", query_string=choices)
    return answer.status_code, " ".join(answer.text.replace("\xa0", " ").split())


def test_without_a_choice_both_columns_are_the_ranking(world, sofie):
    status, text = asked(sofie, world(given_line))
    assert status == 200
    assert "beide kolommen zijn dus gelijk" in text
    assert "0 rijen wijzigen" in text
    assert "zijn gewijzigd sinds rangschikking" not in text


def test_another_budget_shows_who_loses_the_grant_and_what_is_left(world, sofie):
    _, text = asked(sofie, world(given_line), budget="500.000,00")
    assert "Verliezen de subsidie: Digibank Scheldeboord" in text
    assert "Krijgen de subsidie erbij: niemand" in text
    assert "1 rij wijzigt" in text
    assert "€ 100.000,00" in text


def test_another_policy_goes_on_below_what_does_not_fit(world, sofie):
    _, text = asked(sofie, world(given_line), policy="skip", budget="700000")
    assert "Verliezen de subsidie: Digibank Scheldeboord" in text
    assert "Krijgen de subsidie erbij: Digibank Leiestreek" in text


def test_without_one_reviewer_ranks_are_other_ones(world, sofie):
    round_ = world(given_line)
    third = world(find_reviewer, "Beoordelaar 3")
    _, text = asked(sofie, round_, left_out=third.id)
    assert "Rang 2 met 75,00" in text
    assert "Rang 3 met 75,00" in text, "the two that stay equal are parted by the tie keys"


def test_another_threshold_keeps_an_application_out(world, sofie):
    _, text = asked(sofie, world(given_line), threshold="80,00")
    assert "Verliest de subsidie. Mist een drempel." in text


def test_another_threshold_on_a_criterion_keeps_an_application_out(world, sofie):
    _, text = asked(sofie, world(given_line), **{"threshold-objective_1": "7,50"})
    assert "Verliezen de subsidie: Digibank Scheldeboord" in text
    assert "Verliest de subsidie. Mist een drempel." in text


def test_a_criterion_without_its_threshold_lets_an_application_in(world, sofie):
    round_ = world(given_reviewed_round)
    weak = {each.code: 4 if each.code == "objective_1" else 9 for each in terms_of(round_).criteria}
    world(given_scored_application, round_, weak, weak, weak, name="Digibank Leiestreek")
    world(given_ranking, round_)
    _, text = asked(sofie, round_, **{"threshold-objective_1": ""})
    assert "Krijgen de subsidie erbij: Digibank Leiestreek" in text
    assert "Mist geen drempel meer." in text


@pytest.mark.parametrize(
    ("choices", "refusal"),
    [
        ({"weight-objective_1": "16"}, "De wegingen zijn samen 101."),
        ({"weight-objective_1": "veel"}, "Vul een geheel getal van 0 tot 100 in."),
        ({"weight-objective_1": "-5", "weight-objective_2": "35"}, "Vul een geheel getal van 0 tot 100 in."),
        ({"budget": "-1"}, "Een budget is niet lager dan nul."),
        ({"budget": ""}, "Vul een budget in."),
        ({"threshold": "100,01"}, "Vul een score van 0 tot 100 in"),
        ({"threshold": "NaN"}, "Vul een score van 0 tot 100 in"),
        ({"threshold-objective_1": "10,01"}, "Vul een score van 0 tot 10 in"),
        ({"threshold-objective_1": "veel"}, "Vul een score van 0 tot 10 in"),
        ({"policy": "lottery"}, ""),
        ({"left_out": "999999"}, ""),
    ],
)
def test_what_cannot_be_computed_is_refused_and_says_why(world, sofie, choices, refusal):
    status, text = asked(sofie, world(given_line), **choices)
    assert status == 422
    assert refusal in text
    assert "Er is geen vergelijking" in text


def test_weights_that_add_up_are_compared(world, sofie):
    status, text = asked(sofie, world(given_line), **{"weight-objective_1": "20", "weight-objective_2": "10"})
    assert status == 200
    assert "Met deze keuzes wijzigt geen enkele rij." in text, "everybody scored the same on both"


def test_nothing_is_written(app, world, sofie):
    round_ = world(given_line)

    def stored():
        with app.app_context():
            return [db.session.scalar(sa.select(sa.func.count()).select_from(each)) for each in
                    (EventRow, Ranking, RankingRow, Decision)]  # fmt: skip

    before = stored()
    assert asked(sofie, round_, policy="skip", budget="1")[0] == 200
    assert stored() == before


def test_it_costs_the_same_whatever_the_number_of_applications(world, sofie, count_statements):
    def statements(rows):
        round_ = world(given_reviewed_round)
        for number in range(rows):
            world(given_scored_application, round_, 9, 8 - number)
        world(given_ranking, round_)
        with count_statements() as sent:
            assert asked(sofie, round_, budget="500000")[0] == 200
        return len(sent)

    assert statements(1) == statements(3)


def test_scores_that_changed_since_the_ranking_are_said_to_have(world, sofie):
    round_ = world(given_line)
    world(given_scored_application, round_, 9, 9, 9, name="Digibank Maasoever")
    assert "zijn gewijzigd sinds rangschikking 1" in asked(sofie, round_)[1]


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        ((Role.ADMINISTRATOR,), 200),
        ((Role.AUDITOR,), 200),
        ((Role.CASE_OFFICER,), 403),
        ((Role.REVIEWER,), 404),
        ((), 404),
    ],
)
def test_administrators_and_auditors_look(app, world, roles, status):
    visitor = Visitor(app).sign_in(world(given_person, "Nele Peeters", roles=roles).email)
    round_ = world(given_line)
    assert asked(visitor, round_)[0] == status
    board = visitor.get(f"/desk/rounds/{round_.code}/ranking")
    assert ("/ranking/what-if" in board.text) == (status == 200)


def test_an_administrator_who_takes_part_in_an_application_stays_out(app, world):
    round_ = world(given_reviewed_round)
    application = world(given_scored_application, round_, 8, 8, 8)
    world(given_ranking, round_)
    conflicted = world(given_administrator, "Karel Maes")
    visitor = Visitor(app).sign_in(conflicted.email)
    assert asked(visitor, round_)[0] == 200
    world(grant_right, ctx_for(), application.promotor, conflicted, Right.READER)
    assert asked(visitor, round_)[0] == 403


def test_a_round_without_a_ranking_has_none(world, sofie):
    assert asked(sofie, world(given_reviewed_round))[0] == 404


def test_the_board_lists_who_was_passed_over(world, sofie):
    """Under a policy that skips, whoever stands above the last grant without one is named."""
    round_ = world(given_reviewed_round, budget="500000.00", policy="skip")
    world(given_scored_application, round_, 9, 9, 9, name="Digibank Polderlint", costs="300000.00")
    world(given_scored_application, round_, 8, 8, 8, name="Digibank Scheldeboord")
    world(given_scored_application, round_, 7, 7, 7, name="Digibank Leiestreek", costs="200000.00")
    world(given_ranking, round_)
    text = " ".join(sofie.get(f"/desk/rounds/{round_.code}/ranking").text.replace("\xa0", " ").split())
    listed = text[text.index('id="outranked"') :]
    assert "Rang 2, Digibank Scheldeboord" in listed
    assert "met 80,00: vraagt € 400.000,00." in listed
    assert "Rang 3, Digibank Leiestreek" not in listed

    strict = world(given_line)
    assert 'id="outranked"' not in sofie.get(f"/desk/rounds/{strict.code}/ranking").text
