"""What this portal awarded before: it counts against de-minimis ceilings, and a strategy is carried out once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.applications.admissibility import aid_counts_from
from portal.applications.models import Application, BudgetLine, PartnerPart
from portal.applications.states import AWARDS
from portal.calls.models import Call, Round
from portal.core.clock import brussels_day, brussels_moment
from portal.core.db import as_json, db
from portal.core.money import ZERO, rounded

_OWN = aliased(PartnerPart)
_IS_AWARDED = sa.and_(Application.outcome.in_(AWARDS), Application.awarded_amount.is_not(None))
_COST = sa.func.sum(sa.func.round(BudgetLine.quantity * BudgetLine.unit_price_amount, 2))

EARLIER_PARTS = as_json(
    sa.select(
        BudgetLine.organisation_id,
        Application.outcome_at,
        sa.cast(Application.awarded_amount, sa.Text).label("awarded"),
        sa.cast(_COST, sa.Text).label("own"),
        sa.cast(sa.func.sum(_COST).over(partition_by=Application.id), sa.Text).label("whole"),
    )
    .join(BudgetLine, BudgetLine.application_id == Application.id)
    .join(Round, Round.id == Application.round_id)
    .join(Call, Call.id == Round.call_id)
    .where(
        _IS_AWARDED,
        Application.id.in_(
            sa.select(PartnerPart.application_id)
            .join(_OWN, _OWN.organisation_id == PartnerPart.organisation_id)
            .where(_OWN.application_id == sa.bindparam("application_id"))
        ),
        Application.id != sa.bindparam("application_id"),
        Application.outcome_at >= sa.bindparam("counts_from"),
        Call.programme_id == sa.bindparam("programme_id"),
        Round.terms["forms_strategy"].as_boolean(),
    )
    .group_by(Application.id, BudgetLine.organisation_id)
)
"""A partner's part of each earlier award, for a statement that asks more; ``asked_of`` gives its values."""

OTHER_AWARD = sa.exists().where(
    _IS_AWARDED,
    Application.partnership_id == sa.bindparam("partnership_id"),
    Application.id != sa.bindparam("application_id"),
    Round.id == Application.round_id,
    Round.terms["needs_strategy"].as_boolean(),
)
"""Whether the partnership carries out a strategy already: with an award in a call of the programme that needs one."""

_EARLIER_PARTS = sa.select(EARLIER_PARTS)  # written once: composing it anew would cost more than asking


def asked_of(application: Application, decided_on: date) -> dict[str, Any]:
    """Return the values of what is asked about earlier awards."""
    return {
        "application_id": application.id,
        "partnership_id": application.partnership_id,
        "counts_from": brussels_moment(aid_counts_from(decided_on)),
        "programme_id": application.round.call.programme_id,
    }


def portal_aid_by_year(application: Application, decided_on: date) -> dict[int, dict[int, Decimal]]:
    """Return each partner's part of earlier awards for forming a strategy, in euro, by organisation and by the year of
    the award (one statement).

    Counted are awards of the programme, in calls with the capability ``forms_strategy`` and to whatever partnership
    the organisation took part in, from the day on which aid counts for a grant decided on ``decided_on``. A partner's
    part of an award is in proportion to its own budget lines, rounded once, half up.
    """
    return aid_by_year(db.session.scalar(_EARLIER_PARTS, asked_of(application, decided_on)) or ())


def aid_by_year(earlier_parts: Iterable[Mapping[str, Any]]) -> dict[int, dict[int, Decimal]]:
    """Return what ``EARLIER_PARTS`` found in euro, by organisation and by the year of the award."""
    found: dict[int, dict[int, Decimal]] = {}
    for each in earlier_parts:
        whole = Fraction(each["whole"])
        if whole:
            of_partner = found.setdefault(each["organisation_id"], {})
            year = brussels_day(datetime.fromisoformat(each["outcome_at"])).year
            part = rounded(Fraction(each["awarded"]) * Fraction(each["own"]) / whole)
            of_partner[year] = of_partner.get(year, ZERO) + part
    return found
