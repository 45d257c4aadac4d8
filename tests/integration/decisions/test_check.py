"""``flask check`` on rankings and outcomes: what somebody changed behind the portal's back is found."""

import pytest
import sqlalchemy as sa

from portal.core.db import db
from portal.decisions.check import altered_decisions
from portal.decisions.commands.answering import decline_award
from tests.world.accounts import ctx_for, given_person
from tests.world.decisions import given_published, given_ranked_application, given_reviewed_round, reload


@pytest.fixture
def decisions(inside):
    """A published round: an award, a partial one, a reserve, and one below a threshold; the first is declined."""
    round_ = given_reviewed_round(budget="700000.00", policy="strict")
    given_ranked_application(round_, "84.17")
    given_ranked_application(round_, "71.00", costs="300000.00", minimum="250000.00")
    given_ranked_application(round_, "65.00", costs="450000.00")
    given_ranked_application(round_, "52.33", missed=["total"])
    made = given_published(round_)
    decline_award(ctx_for(given_person("Eva Claes"), "2022-10-20T10:00"), reload(made[0]), "Een partner haakte af.")
    db.session.commit()
    return made


def faults(sql, **values):
    db.session.execute(sa.text(sql), values)
    db.session.expire_all()
    return list(altered_decisions())


def test_what_the_commands_wrote_holds(decisions):
    assert list(altered_decisions()) == []


def test_an_altered_row_of_a_ranking_is_found(decisions):
    found = faults("UPDATE ranking_row SET total = 99.00 WHERE rank = 3")
    assert found == [f"ranking 1 of {decisions[0].round.code}: its rows were altered"]


def test_an_outcome_that_is_not_its_decisions_is_found(decisions):
    number, reference = decisions[1].application_id, decisions[1].application.reference
    found = faults("UPDATE application SET awarded_amount = 300000.01 WHERE id = :id", id=number)
    assert found == [f"application {reference}: its outcome is not that of its decision"]


def test_an_outcome_told_before_publication_is_found(decisions):
    round_ = given_reviewed_round()
    early = given_ranked_application(round_, "80.00")
    assert list(altered_decisions()) == []
    assert faults("UPDATE application SET outcome = 'approved' WHERE id = :id", id=early.id) == [
        f"application {early.reference}: its outcome is not that of its decision"
    ]


def test_awards_above_the_programmes_budget_are_found(decisions):
    programme = decisions[0].round.call.programme
    found = faults("UPDATE programme SET budget_amount = 299999.99 WHERE id = :id", id=programme.id)
    assert found == [f"programme {programme.code}: its awards exceed its budget by 0.01"]
