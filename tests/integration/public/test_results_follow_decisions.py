"""The whole way: ranked, decided, published and answered; the public page follows each step and tells no more."""

from portal.decisions.commands.answering import decline_award
from portal.places.commands import load_places
from tests.world.accounts import ctx_for
from tests.world.decisions import (
    given_confirmed,
    given_published,
    given_ranked_application,
    given_reviewed_round,
    reload,
)

AWARD, RESERVE, BELOW = "Digibank Kempen", "Digibank Westhoek", "Digibank Haspengouw"


def given_line(finish):
    """A round in which one application is awarded, one is kept in reserve and one misses the threshold."""
    load_places(ctx_for())
    round_ = given_reviewed_round(budget="500000.00", policy="strict")
    given_ranked_application(round_, "90.00", name=AWARD, area=["13001"])
    given_ranked_application(round_, "80.00", name=RESERVE, area=["33011"])
    given_ranked_application(round_, "40.00", name=BELOW, area=["73083"], missed=["total"])
    return round_, finish(round_)


def shown(visitor, round_):
    page = visitor.get(f"/results/{round_.code}").text
    return [name for name in (AWARD, RESERVE, BELOW) if name in page]


def test_what_is_confirmed_but_not_published_stays_unseen(visitor, world):
    round_, _decisions = world(given_line, given_confirmed)
    assert shown(visitor, round_) == []


def test_a_declined_award_is_no_longer_public_and_the_promoted_reserve_is(visitor, world):
    round_, decisions = world(given_line, given_published)
    assert shown(visitor, round_) == [AWARD]
    assert "€\xa0400.000,00" in visitor.get("/").text

    def decline():
        award = next(each for each in decisions if each.application.partnership.name == AWARD)
        decline_award(ctx_for(at="2022-10-20T10:00"), reload(award), "Een partner haakte af.")

    world(decline)
    assert shown(visitor, round_) == [RESERVE]
    page = visitor.get("/results").text
    assert "Ieper: subsidie om een project uit te voeren" in page
    assert "Arendonk: nog geen subsidie" in page
    assert "1 van 1 getoond" in page
