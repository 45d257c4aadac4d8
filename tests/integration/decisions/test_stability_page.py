"""How firm a ranking stands, on its page: what one review can turn, agreement, and who may look."""

import pytest

from portal.accounts.commands.organisations import grant_right
from portal.core.actor import Right, Role
from tests.world.accounts import ctx_for, given_person
from tests.world.decisions import (
    given_administrator,
    given_ranking,
    given_reviewed_round,
    given_scored_application,
)
from tests.world.http import Visitor


def given_close_line():
    """One clear winner, two that a single review parts, and money for two of the three."""
    round_ = given_reviewed_round(budget="800000.00", policy="strict")
    given_scored_application(round_, 10, 10, 9, name="Digibank Polderlint")
    given_scored_application(round_, 9, 7, 7, name="Digibank Scheldeboord")
    given_scored_application(round_, 7, 7, 8, name="Digibank Leiestreek")
    given_ranking(round_)
    return round_


@pytest.fixture
def sofie(app, world):
    return Visitor(app).sign_in(world(given_administrator).email)


def opened(visitor, round_):
    answer = visitor.get(f"/desk/rounds/{round_.code}/ranking/stability")
    return answer.status_code, " ".join(answer.text.replace("\xa0", " ").split())


def test_what_one_review_can_turn_is_too_close_to_call(world, sofie):
    status, text = opened(sofie, world(given_close_line))
    assert status == 200
    assert "Bij 2 aanvragen is het te nipt om te zeggen." in text
    winner = text[text.index("Digibank Polderlint") : text.index("Digibank Scheldeboord")]
    assert "9 van 9 keer" in winner
    assert "Staat vast" in winner
    second = text[text.index("Digibank Scheldeboord") : text.index("Digibank Leiestreek")]
    assert "8 van 9 keer" in second
    assert "70,00 tot 80,00" in second
    assert "Te nipt om te zeggen" in second


def test_agreement_stands_beside_words_that_say_what_it_does_not_say(world, sofie):
    _, text = opened(sofie, world(given_close_line))
    assert "Geen van deze cijfers beslist" in text
    assert "het kan betekenen dat alle aanvragen op elkaar lijken" in text
    assert text.count('data-label="Alfa van Krippendorff"') == 9, "the total and eight criteria"
    assert ">niet te zeggen<" not in text


def test_one_application_alone_gives_no_agreement(world, sofie):
    round_ = world(given_reviewed_round)
    world(given_scored_application, round_, 8, 8, 8)
    world(given_ranking, round_)
    assert ">niet te zeggen<" in opened(sofie, round_)[1]


def test_it_costs_the_same_whatever_the_number_of_applications(world, sofie, count_statements):
    def statements(rows):
        round_ = world(given_reviewed_round)
        for number in range(rows):
            world(given_scored_application, round_, 9, 8 - number)
        world(given_ranking, round_)
        with count_statements() as sent:
            assert opened(sofie, round_)[0] == 200
        return len(sent)

    assert statements(1) == statements(3)


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
    assert opened(visitor, world(given_close_line))[0] == status


def test_an_administrator_who_takes_part_in_an_application_stays_out(app, world):
    round_ = world(given_reviewed_round)
    application = world(given_scored_application, round_, 8, 8, 8)
    world(given_ranking, round_)
    conflicted = world(given_administrator, "Karel Maes")
    visitor = Visitor(app).sign_in(conflicted.email)
    assert opened(visitor, round_)[0] == 200
    world(grant_right, ctx_for(), application.promotor, conflicted, Right.READER)
    assert opened(visitor, round_)[0] == 403
