"""What this portal awarded before: it counts against de-minimis ceilings, and a strategy is carried out once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa

from portal.applications.admissibility import aid_counts_from
from portal.applications.models import Application, BudgetLine, PartnerPart
from portal.applications.states import AWARDS
from portal.calls.models import Call, Round
from portal.core.clock import brussels_day, brussels_moment
from portal.core.db import db
from portal.core.money import ZERO, rounded, total
from portal.partnerships.queries import present_state
from portal.partnerships.states import StrategyState

# Written once: every page of an application asks these, and composing them anew would cost more than asking.
_IS_AWARDED = sa.and_(Application.outcome.in_(AWARDS), Application.awarded_amount.is_not(None))
_COST = sa.func.sum(sa.func.round(BudgetLine.quantity * BudgetLine.unit_price_amount, 2))
_EARLIER_PARTS = (
    sa.select(
        BudgetLine.organisation_id,
        Application.outcome_at,
        Application.awarded_amount,
        _COST,
        sa.func.sum(_COST).over(partition_by=Application.id),
    )
    .join(BudgetLine, BudgetLine.application_id == Application.id)
    .join(Round, Round.id == Application.round_id)
    .join(Call, Call.id == Round.call_id)
    .where(
        _IS_AWARDED,
        Application.id.in_(
            sa.select(PartnerPart.application_id).where(
                PartnerPart.organisation_id.in_(sa.bindparam("present", expanding=True))
            )
        ),
        Application.id != sa.bindparam("application_id"),
        Application.outcome_at >= sa.bindparam("counts_from"),
        Call.programme_id == sa.bindparam("programme_id"),
        Round.terms["forms_strategy"].as_boolean(),
    )
    .group_by(Application.id, BudgetLine.organisation_id)
)
_OTHER_AWARD = sa.exists().where(
    _IS_AWARDED,
    Application.partnership_id == sa.bindparam("partnership_id"),
    Application.id != sa.bindparam("application_id"),
    Round.id == Application.round_id,
    Round.terms["needs_strategy"].as_boolean(),
)
_STRATEGY = sa.select(present_state(sa.bindparam("partnership_id")), _OTHER_AWARD)


def portal_aid_by_year(application: Application, decided_on: date) -> dict[int, dict[int, Decimal]]:
    """Return each partner's part of earlier awards for forming a strategy, in euro, by organisation and by the year of
    the award (one statement).

    Counted are awards of the programme, in calls with the capability ``forms_strategy`` and to whatever partnership
    the organisation took part in, from the day on which aid counts for a grant decided on ``decided_on``. A partner's
    part of an award is in proportion to its own budget lines, rounded once, half up.
    """
    asked = {
        "application_id": application.id,
        "present": [each.organisation_id for each in application.parts],
        "counts_from": brussels_moment(aid_counts_from(decided_on)),
        "programme_id": application.round.call.programme_id,
    }
    found: dict[int, dict[int, Decimal]] = {}
    for organisation_id, at, awarded, own, whole in db.session.execute(_EARLIER_PARTS, asked):
        if whole:
            of_partner, year = found.setdefault(organisation_id, {}), brussels_day(at).year
            part = rounded(Fraction(awarded) * Fraction(own) / Fraction(whole))
            of_partner[year] = of_partner.get(year, ZERO) + part
    return found


def portal_aid(application: Application, decided_on: date) -> dict[int, Decimal]:
    """Return each partner's part of earlier awards for forming a strategy, of all years that count, by organisation."""
    return {number: total(years.values()) for number, years in portal_aid_by_year(application, decided_on).items()}


def strategy_of(application: Application) -> tuple[StrategyState | None, bool]:
    """Return the state of the partnership's present strategy, None without one, and whether it carries one out already:
    with another award, in a call of the programme that needs a strategy (one statement).
    """
    asked = {"application_id": application.id, "partnership_id": application.partnership_id}
    state, has_award = db.session.execute(_STRATEGY, asked).one()
    return state, has_award
