"""Results show awards of published rounds, and not a trace of what was refused, kept in reserve or withdrawn."""

import pytest

from portal.applications.models import Application
from portal.applications.states import Outcome
from portal.core.db import db
from portal.core.paging import encode_cursor
from portal.places.commands import load_places
from tests.world.accounts import ctx_for
from tests.world.applications_models import given_open_round
from tests.world.results import given_outcome, publish_results
from tests.world.time import moment

BAIT = "Digibank Lokaas"
PUBLIC = ("/", "/calls", "/results", "/results?programme=&round=", "/results/{code}", "/rounds/{code}")


@pytest.fixture
def places(world):
    world(load_places, world(ctx_for))


def plain(answer):
    return answer.text.replace("\xa0", " ")


def given_round_with_everything():
    """One round: two awards, and one application of every kind that nobody else may hear of."""
    round_ = given_open_round()
    given_outcome("Digibank Kempen", round_=round_, amount="499999.40", area=["13001", "13002"])
    given_outcome("Digibank Westhoek", Outcome.CONDITIONAL, round_=round_, amount="100000.60", area=["33011"])
    for outcome in (Outcome.REFUSED, Outcome.RESERVE, None):
        given_outcome(f"{BAIT} {outcome}", outcome, round_=round_, area=["44021"])
    withdrawn = given_outcome(f"{BAIT} ingetrokken", round_=round_, area=["44021"])
    table = Application.__table__
    gone = {"state": "withdrawn", "withdrawn_at": moment("2022-10-21T09:00")}
    db.session.execute(table.update().where(table.c.id == withdrawn.id).values(**gone))
    publish_results(round_)
    return round_


def test_an_award_is_listed_with_its_municipalities_and_its_grant(visitor, world, places):
    round_ = world(given_round_with_everything)
    for path in ("/results", f"/results/{round_.code}"):
        page = plain(visitor.get(path))
        for shown in ("Digibank Kempen", "Arendonk en Baarle-Hertog", "€ 499.999,40", "Digibank Westhoek", round_.code):
            assert shown in page, shown
        assert "€ 600.000,00" in page, "the sum of the two awards"
        assert "2 van 2 getoond" in page
    assert "€ 600.000,00" in plain(visitor.get("/"))


@pytest.mark.parametrize("path", PUBLIC)
def test_nothing_tells_of_an_application_that_was_not_awarded(visitor, world, places, path):
    round_ = world(given_round_with_everything)
    page = plain(visitor.get(path.format(code=round_.code)))
    assert BAIT not in page
    assert f"DB-{round_.code}" not in page, "numbers of applications tell how many there were"
    assert "Gent: subsidie" not in page, "their municipality is not reached"


def test_an_award_stays_unseen_until_the_results_of_its_round_are_out(visitor, world, places):
    application = world(given_outcome, "Digibank Kempen", is_published=False)
    code = application.round.code
    for path in ("/results", f"/results/{code}", "/"):
        assert "Digibank Kempen" not in visitor.get(path).text
        assert "250.000" not in visitor.get(path).text
    assert "De beslissing valt ten laatste op 21 oktober 2022" in visitor.get(f"/results/{code}").text
    world(publish_results, application.round)
    assert "Digibank Kempen" in visitor.get("/results").text


def test_the_filter_narrows_list_counts_and_totals_and_forgets_what_it_does_not_know(visitor, world, places):
    kempen = world(given_outcome, "Digibank Kempen", amount="1000.00")
    world(given_outcome, "Digibank Westhoek", amount="2000.00")
    page = plain(visitor.get(f"/results?round={kempen.round.code}"))
    assert "Digibank Kempen" in page
    assert "Digibank Westhoek" not in page
    assert "€ 1.000,00" in page
    assert "€ 3.000,00" not in page
    page = plain(visitor.get("/results?round=nowhere&programme=%27%22&after=zzz"))
    assert "€ 3.000,00" in page


@pytest.mark.parametrize("cursor", ["zzz", encode_cursor(["x", "y"]), encode_cursor(["2022-06-20", "9" * 30])])
def test_a_cursor_that_somebody_typed_is_no_failure(visitor, world, places, cursor):
    round_ = world(given_outcome, "Digibank Kempen").round
    for path in ("/results", f"/results/{round_.code}"):
        assert visitor.get(f"{path}?after={cursor}").status_code == 200


def test_a_municipality_is_covered_or_only_being_prepared(visitor, world, places):
    world(given_outcome, "Digibank Kempen", area=["13001"])
    page = visitor.get("/results").text
    assert "Arendonk: subsidie om een project uit te voeren" in page
    assert "Balen: nog geen subsidie" in page


def test_more_awards_than_a_page_holds_come_each_once(visitor, world, places):
    round_ = world(given_open_round)
    for number in range(26):
        world(given_outcome, f"Digibank nummer {number:02d}.", round_=round_)
    world(publish_results, round_)
    first = visitor.get("/results").text
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = visitor.get(following).text
    for number in range(26):
        assert (first + second).count(f"Digibank nummer {number:02d}.") == 1


def test_the_results_take_as_many_statements_with_one_award_as_with_three(
    app, visitor, world, places, count_statements
):
    world(given_outcome, "Digibank Kempen")
    with count_statements() as one:
        visitor.get("/results")
    world(given_outcome, "Digibank Westhoek")
    world(given_outcome, "Digibank Haspengouw")
    with app.app_context():
        db.session.remove()
    with count_statements() as three:
        visitor.get("/results")
    assert len(one) == len(three) == 7


def test_before_any_result_the_page_says_what_will_stand_there(visitor):
    assert "Nog geen resultaten" in visitor.get("/results").text
    assert visitor.get("/results/B-1999-1").status_code == 404
