"""Every page of rankings and decisions in a real browser, in both languages: axe finds nothing, a phone is wide enough."""

from decimal import Decimal

import pytest

from portal.applications.states import Outcome
from portal.core.actor import Role
from portal.core.db import db
from portal.decisions.commands.preparing import change_decision, confirm_decisions
from portal.decisions.commands.publishing import publish_round
from portal.decisions.commands.withdrawing import propose_withdrawal
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.services import cloned_database
from tests.world.accounts import PASSWORD, ctx_for, given_organisation, given_person
from tests.world.browser import in_languages, look_at
from tests.world.decisions import (
    CONDITION,
    RANKING_DAY,
    RESULTS_DAY,
    SIGNER,
    given_administrator,
    given_confirmed,
    given_prepared,
    given_ranked_application,
    given_reviewed_round,
    reload,
)
from tests.world.serving import served_alone


def given_line(**facts):
    """A round with an award, a partial offer, a tie, and one below a threshold."""
    round_ = given_reviewed_round(budget="700000.00")
    given_ranked_application(round_, "100.00", name="Digibank Polderlint", **facts)
    given_ranked_application(round_, "71.00", name="Digibank Scheldeboord", minimum="250000.00")
    given_ranked_application(round_, "71.00", name="Digibank Leiestreek", criteria={"objective_3": "7.00"})
    given_ranked_application(round_, "66.17", name="Digibank Maasoever", missed=["objective_2"])
    return round_


def given_conditional_award(eva):
    """A published round whose first award has a condition and waits for Eva's answer."""
    round_, sofie = given_line(promotor=given_organisation(eva)), given_administrator()
    [award, *_] = given_prepared(round_, sofie)
    facts = {"amount": Decimal("400000.00"), "reason": "", "conditions": [CONDITION]}
    change_decision(ctx_for(sofie, RANKING_DAY), award, outcome=Outcome.CONDITIONAL, **facts)
    desk = ctx_for(given_administrator("Karel Maes"), RESULTS_DAY)
    confirm_decisions(desk, round_)
    publish_round(desk, round_, SIGNER)
    return award


def given_pages():
    """People with the pages each of them opens: a round not ranked, one prepared, one confirmed, one published."""
    eva, dirk = given_person("Eva Claes"), given_administrator("Dirk Lambrechts")
    nele = given_person("Nele Peeters", roles=[Role.CASE_OFFICER])
    waiting = given_reviewed_round()
    given_ranked_application(waiting, "80.00", is_complete=False)
    prepared, confirmed = given_line(), given_line()
    [pending, *_] = given_prepared(prepared, given_administrator())
    [sure, *_] = given_confirmed(confirmed)
    award = given_conditional_award(eva)
    decision = f"/applications/{award.application.reference}/decision"
    desk = [f"/desk/rounds/{each.code}/ranking" for each in (waiting, prepared, award.round)]
    desk += [f"/desk/rounds/{prepared.code}/confirm", f"/desk/rounds/{confirmed.code}/publish", "/desk/rankings"]
    desk += [
        f"/desk/rounds/{prepared.code}/ranking/{each}" for each in ("what-if?policy=skip&budget=500000", "stability")
    ]
    desk += [f"/desk/decisions/{each.id}" for each in (pending, sure)]
    proposing = ctx_for(given_administrator("Jan Roels"), RESULTS_DAY)
    propose_withdrawal(proposing, reload(award), "De promotor is ontbonden.")
    withdrawing = [f"/desk/decisions/{award.id}/{each}" for each in ("award", "withdraw", "withdraw/confirm")]
    following = [f"/desk/decisions/{award.id}/award", f"/desk/decisions/{award.id}/lapse"]
    return {
        dirk.email: [*desk, *withdrawing, "/my-work"],
        nele.email: following,
        eva.email: [decision, f"{decision}/accept", f"{decision}/decline", "/my-work"],
    }


@pytest.fixture(scope="module")
def site(services, tmp_path_factory):
    """The portal on a database of its own, served, and who opens what."""
    with cloned_database(services, "portal_decisions", migrate) as database:
        folder = tmp_path_factory.mktemp("decisions")
        app = app_for_tests(settings_for_tests(database, redis_url="redis://127.0.0.1:9/0", storage=folder))
        with app.app_context():
            db.session().expire_on_commit = False
            pages = given_pages()
            db.session.commit()
        with served_alone(app) as address:
            yield address, pages


def test_the_pages_of_deciding_are_accessible(site, chromium):
    address, pages = site
    wrong = []
    for person, opened in pages.items():
        tab = chromium.new_page(viewport={"width": 1280, "height": 900})
        tab.goto(f"{address}/sign-in")
        tab.fill("#email", person)
        tab.fill("#password", PASSWORD)
        tab.press("#password", "Enter")
        tab.wait_for_selector(".dp-who")
        for language, axe_at, visits in in_languages(opened):
            tab.goto(f"{address}/language/{language}?next=/about")
            for page in visits:
                answer = tab.goto(address + page)
                assert answer.status == 200, page
                wrong += [f"{page} ({language}): {each}" for each in look_at(tab, answer.text(), axe_at=axe_at)]
        tab.close()
    assert not wrong, "\n".join(wrong)
