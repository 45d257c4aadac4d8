"""Beginning an application in an open round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.applications.beginning import problems_with_partnership, problems_with_round
from portal.applications.commands.parts import new_part
from portal.applications.events import ApplicationBegun
from portal.applications.models import Application, Section
from portal.applications.queries import list_live, next_number
from portal.applications.states import State
from portal.calls.form_definitions import FormDefinition, QuestionKind
from portal.calls.models import Round
from portal.calls.queries import form_of, terms_of
from portal.core.context import Ctx
from portal.core.db import advisory_lock, db
from portal.core.errors import Forbidden, Problem, RuleViolation, refuse_if
from portal.core.event_log import record
from portal.core.text import _l
from portal.partnerships.models import Partnership, Strategy
from portal.partnerships.queries import list_service_area, present_strategy
from portal.partnerships.states import PartnerRole


def start_application(ctx: Ctx, round_: Round, partnership: Partnership) -> Application:
    """Begin the partnership's draft, with its reference, the form's sections and a part for each present partner.

    Forbidden where the actor does not write for the lead partner; RuleViolation ``round-closed``, ``other-programme``,
    ``no-promotor``, ``applicant-of-other-kind``, ``application-exists`` or ``promotor-applies-already``.
    """
    present = [each for each in partnership.partners if each.ended_on is None]
    promotor = next((each.organisation_id for each in present if each.role == PartnerRole.PROMOTOR), None)
    if promotor is None:
        raise RuleViolation([Problem("no-promotor", _l("The partnership has no lead partner."), "partnership")])
    if not ctx.actor.is_system and not ctx.actor.may_write_for([promotor]):
        raise Forbidden("application.begin")
    advisory_lock(f"application-number:{round_.id}")
    refuse_if(_problems(ctx, round_, partnership, promotor))
    number = next_number(round_.id)
    form, strategy = form_of(round_), _strategy(round_, partnership)
    application = Application(
        round=round_,
        partnership=partnership,
        promotor_id=promotor,
        strategy_id=strategy.id if strategy else None,
        number=number,
        reference=f"{round_.call.programme.prefix}-{round_.code}-{number:04d}",
        state=State.DRAFT,
        begun_at=ctx.now,
        begun_by_id=ctx.actor.person_id,
        sections=_sections(form, strategy, partnership),
        parts=[new_part(each, form) for each in present],
    )
    db.session.add(application)
    db.session.flush()
    record(ctx, ApplicationBegun(application_id=application.id, round_id=round_.id, partnership_id=partnership.id))
    return application


def _problems(ctx: Ctx, round_: Round, partnership: Partnership, promotor: int) -> Iterator[Problem]:
    if ctx.is_overdue:
        yield Problem("round-closed", _l("This round is not open."), "round")
    else:
        yield from problems_with_round(round_, ctx.now)
    yield from problems_with_partnership(round_, terms_of(round_), partnership, promotor, list_live(round_.id))


def _strategy(round_: Round, partnership: Partnership) -> Strategy | None:
    leans = any(each.kind is QuestionKind.STRATEGY for each in form_of(round_).questions)
    carries = any((each.carry_from or "").startswith("strategy.") for each in form_of(round_).questions)
    return present_strategy(partnership.id) if leans or carries else None


def _sections(form: FormDefinition, strategy: Strategy | None, partnership: Partnership) -> list[Section]:
    area = list_service_area(partnership.id)
    return [
        Section(
            code=section.code,
            version=0,
            answers={
                each.key: value
                for each in section.questions
                if (value := _carried(each.carry_from or "", strategy, area))
            },
        )
        for section in form.sections
    ]


def _carried(source: str, strategy: Strategy | None, area: list[str]) -> Any:
    """Return what a new draft takes over from the partnership and its strategy; None where there is nothing."""
    owner, _, key = source.partition(".")
    if source == "partnership.service_area":
        return area
    return strategy.topics.get(key) if owner == "strategy" and strategy else None
