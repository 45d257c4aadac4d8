"""A change of lead partner, or a partner that leaves, between the deadline and the award: asked, agreed, decided.

What was handed in is never rewritten: the request stands beside it, and what it grants changes the partnership.
"""

from __future__ import annotations

from portal.applications.change_models import ChangeRequest
from portal.applications.change_requests import has_open_change, list_drafts_beside, list_led_by_others
from portal.applications.changing import problems_before_asking_change, problems_before_granting
from portal.applications.dossiers import dossier_of
from portal.applications.events import ChangeAsked
from portal.applications.models import Application
from portal.applications.states import CHANGE, OPEN_CHANGES, ChangeAction, ChangeKind, ShareGoes
from portal.calls.queries import terms_of
from portal.core.advance import advance
from portal.core.clock import brussels_day
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import Forbidden, IllegalTransition, Problem, RuleViolation, refuse_if
from portal.core.event_log import record
from portal.core.money import ZERO
from portal.core.text import _l
from portal.partnerships.commands import change_promotor, end_partner


def ask_promotor_change(ctx: Ctx, application: Application, organisation_id: int, reason: str) -> ChangeRequest:
    """Ask that a core partner leads from now on; the side that does not ask has to agree.

    Forbidden for whoever may sign for neither side; RuleViolation outside its time, while another one is open, for an
    organisation that cannot lead, or without a reason.
    """
    return _ask(ctx, application, ChangeRequest(kind=ChangeKind.PROMOTOR, organisation_id=organisation_id), reason)


def ask_leaving(
    ctx: Ctx, application: Application, organisation_id: int, share_goes: ShareGoes, reason: str
) -> ChangeRequest:
    """Ask that a partner leaves, and say what happens with its share; raises as `ask_promotor_change` does."""
    dossier = dossier_of(application)
    part = next((each for each in dossier.parts if each.organisation_id == organisation_id), None)
    change = ChangeRequest(
        kind=ChangeKind.LEAVING,
        organisation_id=organisation_id,
        share_goes=share_goes,
        share_amount=dossier.share_of(part) if part else ZERO,
    )
    return _ask(ctx, application, change, reason)


def _ask(ctx: Ctx, application: Application, change: ChangeRequest, reason: str) -> ChangeRequest:
    is_open = has_open_change(application.id, change.kind)
    refuse_if(
        problems_before_asking_change(
            application, change.kind, change.organisation_id, reason, ctx.now, has_open=is_open
        )
    )
    change.application_id, change.promotor_id = application.id, application.promotor_id
    change.asked_at, change.reason = ctx.now, reason.strip()
    change.asked_by_id, change.asked_for_id = _person(ctx), _side_of(ctx, change)
    db.session.add(change)
    db.session.flush()
    record(
        ctx,
        ChangeAsked(
            change_id=change.id,
            application_id=application.id,
            kind=str(change.kind),
            organisation_id=change.organisation_id,
        ),
    )
    return change


def agree(ctx: Ctx, change: ChangeRequest) -> None:
    """Agree for the other side; IllegalTransition where it was answered or withdrawn."""
    _refuse_where_nobody_answers(change)
    advance(ctx, change, ChangeAction.AGREE, application_id=change.application_id)


def decline(ctx: Ctx, change: ChangeRequest) -> None:
    """Do not agree, which ends the request; IllegalTransition where it was answered or withdrawn."""
    _refuse_where_nobody_answers(change)
    advance(ctx, change, ChangeAction.DECLINE, application_id=change.application_id)


def withdraw(ctx: Ctx, change: ChangeRequest) -> None:
    """Take a request back; IllegalTransition once it is decided."""
    advance(ctx, change, ChangeAction.WITHDRAW, application_id=change.application_id)


def grant(ctx: Ctx, change: ChangeRequest, reason: str) -> None:
    """Grant a change and carry it out, on the day of the decision; the change comes with its application locked.

    A new lead partner leads this application and the partnership's drafts. RuleViolation without a reason, outside its
    time, before the other side agreed, or where the rules for beginning an application would refuse that lead partner.
    """
    _refuse_unless_open(change, ChangeAction.GRANT, reason)
    application = change.application
    drafts = list_drafts_beside(application) if change.kind is ChangeKind.PROMOTOR else []
    led = list_led_by_others(application, change.organisation_id)
    terms = [(each, terms_of(each.round)) for each in (application, *drafts)]
    refuse_if(problems_before_granting(change, terms, led, ctx.now))
    _decide(ctx, change, ChangeAction.GRANT, reason)
    today = brussels_day(ctx.now)
    if change.kind is ChangeKind.LEAVING:
        left = (each for each in application.partnership.partners if each.ended_on is None)
        end_partner(ctx, next(each for each in left if each.organisation_id == change.organisation_id), today)
        return
    change_promotor(ctx, application.partnership, change.organisation, today)
    for each in (application, *drafts):
        each.promotor = change.organisation
    db.session.flush()


def refuse(ctx: Ctx, change: ChangeRequest, reason: str) -> None:
    """Refuse a change; nothing of the partnership changes. RuleViolation without a reason, or before the other side agreed."""
    _refuse_unless_open(change, ChangeAction.REFUSE, reason)
    if change.waits_for_agreement:
        raise RuleViolation([Problem("not-agreed", _l("The other organisation has not agreed yet."))])
    _decide(ctx, change, ChangeAction.REFUSE, reason)


def _refuse_unless_open(change: ChangeRequest, action: ChangeAction, reason: str) -> None:
    if change.state not in OPEN_CHANGES:
        raise IllegalTransition(CHANGE.name, action, change.state, getattr(change, f"{change.state}_at"))
    if not reason.strip():
        raise RuleViolation([Problem("reason-missing", _l("Give a reason for your decision."), "reason")])


def _decide(ctx: Ctx, change: ChangeRequest, action: ChangeAction, reason: str) -> None:
    change.judgement, change.decided_by_id = reason.strip(), _person(ctx)
    advance(ctx, change, action, application_id=change.application_id)


def _refuse_where_nobody_answers(change: ChangeRequest) -> None:
    if change.kind is ChangeKind.LEAVING:
        message = _l("A partner that leaves needs nobody’s agreement: a case officer decides.")
        raise RuleViolation([Problem("no-answer-asked", message)])


def _side_of(ctx: Ctx, change: ChangeRequest) -> int:
    """Return for which side the actor asks: the lead partner first, for somebody who may sign for both."""
    for each in (change.promotor_id, change.organisation_id):
        if ctx.actor.may_bind(each):
            return each
    raise Forbidden("application.ask-change")


def _person(ctx: Ctx) -> int:
    if ctx.actor.person_id is None:
        raise Forbidden("application.ask-change")
    return ctx.actor.person_id
