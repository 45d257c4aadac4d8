"""Beginning an application in an open round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from portal.applications.beginning import problems_with_partnership, problems_with_round
from portal.applications.carrying import Sources, carried_answers
from portal.applications.commands.copying import copy_parts_and_costs, may_be_copied_from
from portal.applications.commands.parts import new_part
from portal.applications.events import ApplicationBegun
from portal.applications.models import Application, Section
from portal.applications.queries import answers_of, find_application, list_live, next_number
from portal.applications.states import State
from portal.calls.answers import Known, municipalities_in
from portal.calls.form_definitions import QuestionKind
from portal.calls.models import Round
from portal.calls.queries import form_of, terms_of
from portal.core.context import Ctx
from portal.core.db import advisory_lock, db
from portal.core.errors import Forbidden, NotFound, Problem, RuleViolation, refuse_if
from portal.core.event_log import record
from portal.core.text import _l
from portal.partnerships.models import Partner, Partnership, Strategy
from portal.partnerships.queries import list_service_area, present_strategy
from portal.partnerships.states import PartnerRole
from portal.places.queries import list_municipalities_by_nis


def start_application(
    ctx: Ctx, round_: Round, partnership: Partnership, earlier: Application | None = None
) -> Application:
    """Begin the partnership's draft, with its reference, the form's sections and a part for each present partner.

    Answers are taken over from its strategy and area, and from ``earlier``: an application of the same partnership in
    the same call, NotFound otherwise. Of it tasks and costs are copied too, but no document and no declaration.
    Forbidden where the actor does not write for the lead partner; RuleViolation ``round-closed``, ``other-programme``,
    ``no-promotor``, ``applicant-of-other-kind``, ``application-exists`` or ``promotor-applies-already``.
    """
    present = [each for each in partnership.partners if each.ended_on is None]
    promotor = _promotor_of(present)
    if not ctx.actor.is_system and not ctx.actor.may_write_for([promotor]):
        raise Forbidden("application.begin")
    advisory_lock(f"application-number:{round_.id}")
    refuse_if(_problems(ctx, round_, partnership, promotor))
    number = next_number(round_.id)
    if earlier is not None and not may_be_copied_from(earlier, round_, partnership):
        raise NotFound
    form, strategy = form_of(round_), _strategy(round_, partnership)
    application = Application(
        round=round_,
        partnership=partnership,
        promotor_id=promotor,
        strategy_id=strategy.id if strategy else None,
        number=number,
        reference=f"{round_.call.programme.prefix}-{round_.code}-{number:04d}",
        state=State.DRAFT,
        copied_from_id=earlier.id if earlier else None,
        begun_at=ctx.now,
        begun_by_id=ctx.actor.person_id,
        sections=_sections(round_, _sources(strategy, partnership, earlier), partnership),
        parts=[new_part(each, form) for each in present],
    )
    if earlier is not None:
        copy_parts_and_costs(ctx, earlier, application)
    db.session.add(application)
    db.session.flush()
    record(ctx, ApplicationBegun(application_id=application.id, round_id=round_.id, partnership_id=partnership.id))
    return application


def _promotor_of(present: Iterable[Partner]) -> int:
    for each in present:
        if each.role == PartnerRole.PROMOTOR:
            return each.organisation_id
    raise RuleViolation([Problem("no-promotor", _l("The partnership has no lead partner."), "partnership")])


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


def _sources(strategy: Strategy | None, partnership: Partnership, earlier: Application | None) -> Sources:
    formation = find_application(strategy.award_reference) if strategy and strategy.award_reference else None
    return Sources(
        topics=strategy.topics if strategy else {},
        area=list_service_area(partnership.id),
        formation=answers_of(formation) if formation else {},
        earlier=answers_of(earlier) if earlier else {},
    )


def _sections(round_: Round, sources: Sources, partnership: Partnership) -> list[Section]:
    known = _known(round_, sources, partnership)
    carried = {each.code: carried_answers(each, sources, known) for each in form_of(round_).sections}
    return [
        Section(
            code=code,
            version=0,
            answers={key: each.answer for key, each in of.items()},
            carried={key: each.as_json() for key, each in of.items()},
        )
        for code, of in carried.items()
    ]


def _known(round_: Round, sources: Sources, partnership: Partnership) -> Known:
    """Return what a carried answer may name: the towns there are, the partners of today, the call's cost categories."""
    named = municipalities_in(form_of(round_).questions, sources.earlier) | set(sources.area)
    return Known(
        municipalities={each.nis for each in list_municipalities_by_nis(named)} if named else (),
        partners={str(each.organisation_id) for each in partnership.partners if each.ended_on is None},
        categories={each.code for each in terms_of(round_).cost_categories},
    )
