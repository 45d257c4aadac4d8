"""Programmes and rounds of a test, made by the portal's own commands, and committed."""

from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from portal.calls.commands.catalogue import load_programmes
from portal.calls.commands.rounds import RoundPlan, announce_round, draft_round
from portal.calls.models import Call
from portal.calls.queries import get_call, get_round
from portal.calls.states import RankingPolicy
from portal.core.db import db
from tests.world.accounts import ctx_for
from tests.world.time import moment


def given_programmes():
    """The three programmes of the plan, as their files say: the tests' own database begins with them."""
    if db.session.scalar(sa.select(Call.id).limit(1)) is None:
        load_programmes(ctx_for(at="2021-09-01T09:00"))
        db.session.commit()


def round_plan(opens_at="2022-06-13T09:00", closes_at="2022-07-29T12:00", **changes):
    """The demo's B-2022-3, with whatever the test changes about it."""
    values = {
        "opens_at": moment(opens_at),
        "closes_at": moment(closes_at),
        "decision_due_on": date(2022, 10, 21),
        "projects_start_on": date(2022, 11, 1),
        "budget_amount": Decimal("4000000.00"),
        "ranking_policy": RankingPolicy.STRICT,
    }
    return RoundPlan(**{**values, **changes})


def given_drafted_round(call="execution", at="2022-01-10T09:00", **plan):
    given_programmes()
    made = draft_round(ctx_for(at=at), get_call("digibanken", call), round_plan(**plan))
    db.session.commit()
    return get_round(made.code)


def given_announced_round(call="execution", at="2022-01-10T09:00", **plan):
    """A round that everybody can see; with the plan's own dates it is open on 20 June 2022."""
    drafted = given_drafted_round(call, at, **plan)
    announce_round(ctx_for(at=at), drafted)
    db.session.commit()
    return get_round(drafted.code)


def given_open_round(call="execution", closes_at="2022-07-29T12:00"):
    closes = moment(closes_at)
    decision = closes.date() + timedelta(weeks=12)
    return given_announced_round(
        call,
        opens_at=(closes - timedelta(weeks=6)).isoformat(),
        closes_at=closes.isoformat(),
        decision_due_on=decision,
        projects_start_on=decision + timedelta(days=10),
        at=(closes - timedelta(weeks=10)).isoformat(),
    )
