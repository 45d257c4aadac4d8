"""What counts of an application beside its answers and parts: costs, documents, sign-offs, and how it went before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.applications.awards import EARLIER_PARTS, OTHER_AWARD, aid_by_year, asked_of
from portal.applications.dossier import Line, gathered
from portal.applications.models import Application, Attachment, BudgetLine, SignOff
from portal.applications.states import Outcome
from portal.calls.models import Round
from portal.core.clock import brussels_day
from portal.core.db import as_json, db
from portal.core.files import FileState, StoredFile
from portal.core.money import total
from portal.partnerships.queries import present_state
from portal.partnerships.states import StrategyState

_APPLICATION: sa.BindParameter[int] = sa.bindparam("application_id")
_LINES = (
    sa.select(
        BudgetLine.organisation_id,
        BudgetLine.category,
        BudgetLine.year,
        sa.cast(BudgetLine.quantity, sa.Text).label("quantity"),
        sa.cast(BudgetLine.unit_price_amount, sa.Text).label("unit_price_amount"),
        BudgetLine.explanation,
    )
    .where(BudgetLine.application_id == _APPLICATION)
    .order_by(BudgetLine.id)
)
_DOCUMENTS = (
    sa.select(Attachment.kind, Attachment.organisation_id, StoredFile.name)
    .join(Attachment.file)
    .where(
        Attachment.application_id == _APPLICATION,
        Attachment.removed_at.is_(None),
        StoredFile.state != FileState.REFUSED,
    )
    .order_by(Attachment.id)
)
_SIGNED = sa.select(SignOff.organisation_id, SignOff.sha256).where(
    SignOff.application_id == _APPLICATION, SignOff.cancelled_at.is_(None)
)
_JUDGED_BEFORE = (
    sa.select(Application.reference, Application.feedback)
    .join(Application.round)
    .where(
        Application.partnership_id == sa.bindparam("partnership_id"),
        Application.id < _APPLICATION,
        Round.call_id == sa.bindparam("call_id"),
        Application.outcome.in_([Outcome.REFUSED, Outcome.RESERVE]),
        Application.feedback.is_not(None),
    )
    .order_by(Application.outcome_at.desc(), Application.id.desc())
    .limit(1)
)
# Written once: every page of an application asks it, and composing it anew would cost more than asking.
_COUNTED = sa.select(
    as_json(_LINES).label("lines"),
    as_json(_DOCUMENTS).label("documents"),
    as_json(_SIGNED).label("signed"),
    EARLIER_PARTS.label("earlier_parts"),
    present_state(sa.bindparam("partnership_id")).label("strategy_state"),
    OTHER_AWARD.label("has_award"),
    as_json(_JUDGED_BEFORE).label("judged_before"),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """Plain values, named as in ``Dossier``.

    ``portal_aid`` is each partner's part of earlier awards, by organisation. ``judged_before`` is the reference of the
    partnership's latest application in the same call that got no award, and the feedback on it.
    """

    lines: tuple[Line, ...]
    documents: Mapping[tuple[str, int | None], Sequence[str]]
    signed: Mapping[int, str]
    portal_aid: Mapping[int, Decimal]
    strategy_state: StrategyState | None
    has_award: bool
    judged_before: Mapping[str, Any] | None


def counted_of(application: Application) -> Counted:
    """Return what counts of the application (one statement)."""
    asked = {**asked_of(application, decided_on(application)), "call_id": application.round.call_id}
    found = db.session.execute(_COUNTED, asked).one()
    left_out = application.left_out
    return Counted(
        lines=tuple(
            Line.held(each["organisation_id"], each) for each in found.lines if each["organisation_id"] not in left_out
        ),
        documents=gathered(((each["kind"], each["organisation_id"]), each["name"]) for each in found.documents),
        signed={each["organisation_id"]: each["sha256"] for each in found.signed},
        portal_aid={number: total(years.values()) for number, years in aid_by_year(found.earlier_parts).items()},
        strategy_state=found.strategy_state,
        has_award=found.has_award,
        judged_before=next(iter(found.judged_before), None),
    )


def decided_on(application: Application) -> date:
    """Return the day the grant is decided: while that is not known, the day the round's decision is due."""
    return brussels_day(application.outcome_at) if application.outcome_at else application.round.decision_due_on
