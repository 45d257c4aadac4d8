"""What everybody may read of the outcomes: awards of rounds whose results are out, and nothing of the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.orm import joinedload

from portal.applications.models import Application, Section
from portal.applications.states import AWARDS, State
from portal.calls.models import Call, FormVersion, Programme, Round
from portal.calls.states import RoundState
from portal.core.db import db
from portal.core.paging import Page, page

AREA_KEYS = sa.cast('$.sections[*].questions[*] ? (@.kind == "municipalities").key', JSONPATH)


@dataclass(frozen=True, slots=True)
class AwardFilter:
    """Which awards: of one programme, of one round, or of all (None)."""

    programme: str | None = None
    round: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many awards there are, and the sum of what they grant in euro."""

    count: int
    amount: Decimal


def _public(stmt: Any, asked: AwardFilter) -> Any:
    """Narrow a statement over applications to what is public; every statement of this file passes through here."""
    stmt = (
        stmt.join(Round, Round.id == Application.round_id)
        .join(Call, Call.id == Round.call_id)
        .join(Programme, Programme.id == Call.programme_id)
        .where(
            Round.state == RoundState.ANNOUNCED,
            Round.results_published_at.is_not(None),
            Application.outcome.in_(AWARDS),
            Application.state != State.WITHDRAWN,
        )
    )
    if asked.programme is not None:
        stmt = stmt.where(Programme.code == asked.programme)
    return stmt if asked.round is None else stmt.where(Round.code == asked.round)


def page_awards(asked: AwardFilter, cursor: str | None) -> Page[Application]:
    """Return public awards with round, call, partnership and lead partner; the latest published first."""
    stmt = _public(sa.select(Application), asked).options(
        joinedload(Application.round).joinedload(Round.call).joinedload(Call.programme),
        joinedload(Application.partnership),
        joinedload(Application.promotor),
    )
    return page(
        stmt,
        by=[(Round.results_published_at, True), (Application.id, True)],
        key=lambda each: [each.round.results_published_at, each.id],
        cursor=cursor,
        size=25,
    )


def count_awards(asked: AwardFilter) -> Totals:
    """Return how many public awards there are and what they grant."""
    figures = sa.func.count(Application.id), sa.func.coalesce(sa.func.sum(Application.awarded_amount), 0)
    count, amount = db.session.execute(_public(sa.select(*figures), asked)).one()
    return Totals(count, Decimal(amount))


def list_published_rounds() -> list[Round]:
    """Return the rounds whose results are out, with call and programme; the latest published first."""
    stmt = (
        sa.select(Round)
        .where(Round.state == RoundState.ANNOUNCED, Round.results_published_at.is_not(None))
        .options(joinedload(Round.call).joinedload(Call.programme))
    )
    return list(db.session.scalars(stmt.order_by(Round.results_published_at.desc(), Round.code)))


def areas_of(applications: Iterable[Application]) -> dict[int, list[str]]:
    """Return the NIS codes each application was awarded for, by its id: the area as it was handed in."""
    ids = [each.id for each in applications]
    nis, stmt = _areas(AwardFilter(), Application.id)
    found: dict[int, list[str]] = {}
    for application_id, code in db.session.execute(stmt.where(Application.id.in_(ids)).order_by(nis)):
        found.setdefault(application_id, []).append(code)
    return found


def covered_municipalities(asked: AwardFilter) -> dict[str, bool]:
    """Return each NIS code that an award covers, and whether a strategy is carried out there (else only formed)."""
    forms = Round.terms["forms_strategy"].as_boolean()
    nis, stmt = _areas(asked, sa.func.bool_or(~forms))
    return {code: bool(is_executed) for is_executed, code in db.session.execute(stmt.group_by(nis))}


def _areas(asked: AwardFilter, figure: Any) -> tuple[Any, sa.Select[Any]]:
    """Select ``figure`` and each code of the awards' service areas: the questions that ask for municipalities.

    Which questions do so stands in the form that the round froze, so no key is known here.
    """
    keys = sa.func.jsonb_path_query(FormVersion.definition, AREA_KEYS).table_valued(sa.column("key", JSONB))
    asked_by = keys.render_derived(name="asked_by")
    answer = Section.answers.op("->")(asked_by.c.key.op("#>>")(sa.text("'{}'")))
    is_list = sa.func.jsonb_typeof(answer) == "array"
    codes = sa.func.jsonb_array_elements_text(sa.case((is_list, answer), else_=sa.text("'[]'::jsonb")))
    area = codes.table_valued(sa.column("nis", sa.Text)).render_derived(name="area")
    stmt = _public(sa.select(figure, area.c.nis).select_from(Application), asked)
    stmt = (
        stmt.join(FormVersion, FormVersion.id == Round.form_version_id)
        .join(Section, Section.application_id == Application.id)
        .join(asked_by, sa.true())
        .join(area, sa.true())
    )
    return area.c.nis, stmt
