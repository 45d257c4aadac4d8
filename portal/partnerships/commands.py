"""What people do with partnerships, invitations and strategies; the only code that writes them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa

from portal.accounts.models import Organisation
from portal.calls.models import Programme
from portal.core.advance import advance
from portal.core.clock import BRUSSELS
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import Forbidden, IllegalTransition, NotFound, Problem, RuleViolation, StaleVersion, refuse_if
from portal.core.event_log import record
from portal.core.files import StoredFile
from portal.core.text import _l
from portal.partnerships import queries
from portal.partnerships.events import (
    PartnerInvited,
    PartnerJoined,
    PartnerLeft,
    PartnershipBegun,
    PromotorChanged,
    StrategyBegun,
)
from portal.partnerships.models import Partner, PartnerInvitation, Partnership, ServiceArea, Strategy
from portal.partnerships.rules import (
    INVITATION_LASTS,
    may_be_written,
    problems_before_hand_in,
    problems_with_answering,
    problems_with_days,
    problems_with_ending,
    problems_with_joining,
    problems_with_texts,
)
from portal.partnerships.states import (
    InvitationAction,
    InvitationState,
    PartnerRole,
    StrategyAction,
    StrategyOrigin,
    StrategyState,
)
from portal.places.queries import list_municipalities_by_nis


def begin_partnership(
    ctx: Ctx, *, programme: Programme, promotor: Organisation, name: str, summary: str
) -> Partnership:
    """Begin a partnership in a programme, led by ``promotor``. Forbidden where the actor does not write for it."""
    _refuse_stranger(ctx, promotor.id, "partnership.begin")
    partnership = Partnership(programme=programme, name=name, summary=summary, begun_at=ctx.now, partners=[])
    db.session.add(partnership)
    db.session.flush()
    record(ctx, PartnershipBegun(partnership_id=partnership.id))
    _join(ctx, partnership, promotor, PartnerRole.PROMOTOR)
    return partnership


def add_partner(ctx: Ctx, partnership: Partnership, organisation: Organisation, role: PartnerRole) -> Partner:
    """Let an organisation join. RuleViolation ``already-a-partner`` or ``one-promotor``."""
    refuse_if(problems_with_joining(queries.organisation_ids_of(partnership), organisation.id, role))
    return _join(ctx, partnership, organisation, role)


def end_partner(ctx: Ctx, partner: Partner, ended_on: date) -> None:
    """End a partner; its row stays. RuleViolation ``promotor-must-stay``, ``ends-before-start``."""
    refuse_if(problems_with_ending(partner, ended_on))
    partner.ended_on = ended_on
    record(
        ctx,
        PartnerLeft(
            partner_id=partner.id, partnership_id=partner.partnership_id, organisation_id=partner.organisation_id
        ),
    )


def change_promotor(ctx: Ctx, partnership: Partnership, organisation: Organisation, on: date) -> None:
    """Let a present partner lead from ``on``; who led until then goes on as a core partner. Each role is a row with its
    dates, so that the earlier ones stay. Nothing happens where it leads already; NotFound where it is no partner.
    """
    present = {each.organisation_id: each for each in partnership.partners if each.ended_on is None}
    if organisation.id not in present:
        raise NotFound
    chosen = present[organisation.id]
    if chosen.role == PartnerRole.PROMOTOR:
        return
    before = next(each for each in present.values() if each.role == PartnerRole.PROMOTOR)
    for each in (before, chosen):
        refuse_if(problems_with_days(each, on))
        each.ended_on = on
    db.session.flush()
    for each, role in ((before, PartnerRole.CORE), (chosen, PartnerRole.PROMOTOR)):
        partnership.partners.append(Partner(organisation=each.organisation, role=role, started_on=on))
    record(ctx, PromotorChanged(partnership_id=partnership.id, organisation_id=organisation.id))


def set_service_area(_ctx: Ctx, partnership: Partnership, nis_list: Iterable[str]) -> None:
    """Replace the service area. RuleViolation ``municipality-unknown`` for a code that no municipality has."""
    wanted = set(nis_list)
    if wanted - {each.nis for each in list_municipalities_by_nis(wanted)}:
        raise RuleViolation(
            [Problem("municipality-unknown", _l("Choose a municipality from the list."), "municipality")]
        )
    present = set(queries.list_service_area(partnership.id))
    db.session.execute(
        sa.delete(ServiceArea).where(
            ServiceArea.partnership_id == partnership.id, ServiceArea.nis.in_(present - wanted)
        )
    )
    db.session.add_all(ServiceArea(partnership_id=partnership.id, nis=nis) for nis in sorted(wanted - present))
    db.session.flush()


def invite_partner(
    ctx: Ctx, partnership: Partnership, *, email: str, organisation_name: str, role: PartnerRole, note: str
) -> PartnerInvitation:
    """Invite somebody by e-mail; the mail carries the link. RuleViolation where the role is the promotor's."""
    refuse_if(problems_with_joining((), 0, role))
    if ctx.actor.person_id is None:
        raise Forbidden("partnership.write")
    invitation = PartnerInvitation(
        partnership=partnership,
        email=email.strip().lower(),
        organisation_name=organisation_name,
        role=role,
        note=note,
        nonce=secrets.token_hex(16),
        state=InvitationState.SENT,
        sent_at=ctx.now,
        sent_by_id=ctx.actor.person_id,
        expires_at=ctx.now + INVITATION_LASTS,
    )
    db.session.add(invitation)
    db.session.flush()
    record(ctx, PartnerInvited(invitation_id=invitation.id, partnership_id=partnership.id))
    return invitation


def hand_over_invitations(_ctx: Ctx, invitations: Iterable[PartnerInvitation], person_id: int) -> None:
    """Let another person stand as who invited: the one who did leaves the organisation."""
    for each in invitations:
        each.sent_by_id = person_id


def accept_invitation(ctx: Ctx, invitation: PartnerInvitation, organisation: Organisation) -> Partner:
    """Join with ``organisation``, for which the actor must be able to sign.

    IllegalTransition where it was answered or withdrawn; RuleViolation ``invitation-expired``, ``already-a-partner``.
    """
    _refuse_answered(invitation, InvitationAction.ACCEPT)
    refuse_if(problems_with_answering(invitation, ctx.now))
    if not ctx.actor.may_bind(organisation.id):
        message = _l("Only somebody who may sign for the organisation accepts. Ask your colleague.")
        raise RuleViolation([Problem("lead-must-accept", message, "organisation")])
    partner = add_partner(ctx, invitation.partnership, organisation, invitation.role)
    invitation.organisation_id = organisation.id
    advance(
        ctx,
        invitation,
        InvitationAction.ACCEPT,
        partnership_id=invitation.partnership_id,
        organisation_id=organisation.id,
    )
    return partner


def decline_invitation(ctx: Ctx, invitation: PartnerInvitation) -> None:
    """Say no. IllegalTransition where it was answered; RuleViolation ``invitation-expired``."""
    _refuse_answered(invitation, InvitationAction.DECLINE)
    refuse_if(problems_with_answering(invitation, ctx.now))
    advance(ctx, invitation, InvitationAction.DECLINE, partnership_id=invitation.partnership_id)


def withdraw_invitation(ctx: Ctx, invitation: PartnerInvitation) -> None:
    """Take an invitation back, also an expired one."""
    advance(ctx, invitation, InvitationAction.WITHDRAW, partnership_id=invitation.partnership_id)


def resend_invitation(ctx: Ctx, invitation: PartnerInvitation) -> PartnerInvitation:
    """Send a new invitation with a new link; the old one is withdrawn."""
    withdraw_invitation(ctx, invitation)
    return invite_partner(
        ctx,
        invitation.partnership,
        email=invitation.email,
        organisation_name=invitation.organisation_name,
        role=invitation.role,
        note=invitation.note,
    )


def begin_strategy(ctx: Ctx, partnership: Partnership, award_reference: str, due_on: date) -> Strategy:
    """Begin the strategy that an awarded formation phase leads to; decisions tells it."""
    return _begin(ctx, partnership, StrategyOrigin.AWARD, award_reference, due_on)


def register_strategy(ctx: Ctx, partnership: Partnership) -> Strategy:
    """Begin a strategy of an existing partnership, which shows its own with evidence.

    RuleViolation ``strategy-exists`` while another one is formed, judged or recognised.
    """
    if queries.present_strategy(partnership.id) is not None:
        raise RuleViolation([Problem("strategy-exists", _l("This partnership has a strategy already."))])
    return _begin(ctx, partnership, StrategyOrigin.REGISTERED, None, None)


def save_strategy(
    _ctx: Ctx, strategy: Strategy, *, topics: Mapping[str, str], budget_and_planning: str, base_version: int
) -> None:
    """Save the texts. StaleVersion where somebody else saved since ``base_version``; RuleViolation for a long one."""
    _refuse_frozen(strategy)
    if base_version != strategy.version:
        raise StaleVersion(base_version, strategy.version)
    refuse_if(problems_with_texts(topics, queries.topics_of(strategy.partnership.programme.code), budget_and_planning))
    strategy.topics = {**strategy.topics, **topics}
    strategy.budget_and_planning = budget_and_planning
    strategy.version += 1
    db.session.flush()


def attach_agreement(_ctx: Ctx, strategy: Strategy, file: StoredFile) -> None:
    """Keep the signed cooperation agreement; a new one takes its place."""
    _refuse_frozen(strategy)
    strategy.agreement_file_id = file.id
    db.session.flush()


def attach_evidence(_ctx: Ctx, strategy: Strategy, file: StoredFile) -> None:
    """Keep the evidence of a registered strategy; a new one takes its place."""
    _refuse_frozen(strategy)
    strategy.evidence_file_id = file.id
    db.session.flush()


def hand_in_strategy(ctx: Ctx, strategy: Strategy) -> None:
    """Hand the strategy in. IllegalTransition where it was; RuleViolation with everything that is missing."""
    _refuse_frozen(strategy)
    refuse_if(problems_before_hand_in(strategy, queries.topics_of(strategy.partnership.programme.code)))
    advance(ctx, strategy, StrategyAction.HAND_IN, partnership_id=strategy.partnership_id)


def recognise_strategy(ctx: Ctx, strategy: Strategy, reason: str = "") -> None:
    """Recognise the strategy: what rule OV-15 asks of an execution application."""
    _judge(ctx, strategy, StrategyAction.RECOGNISE, reason)


def return_strategy(ctx: Ctx, strategy: Strategy, reason: str) -> None:
    """Send the strategy back with what must change."""
    _judge(ctx, strategy, StrategyAction.RETURN, reason)


def refuse_strategy(ctx: Ctx, strategy: Strategy, reason: str) -> None:
    """Refuse the strategy for good, with the reason."""
    _judge(ctx, strategy, StrategyAction.REFUSE, reason)


def lapse_strategy(ctx: Ctx, award_reference: str) -> None:
    """Let the strategy of a withdrawn award lapse; decisions tells it. NotFound where that award began none."""
    strategy = queries.get_strategy_of_award(award_reference, lock=True)
    advance(ctx, strategy, StrategyAction.LAPSE, partnership_id=strategy.partnership_id)


def _join(ctx: Ctx, partnership: Partnership, organisation: Organisation, role: PartnerRole) -> Partner:
    today = ctx.now.astimezone(BRUSSELS).date()
    partner = Partner(organisation=organisation, role=role, started_on=today)
    partnership.partners.append(partner)
    db.session.flush()
    record(ctx, PartnerJoined(partner_id=partner.id, partnership_id=partnership.id, organisation_id=organisation.id))
    return partner


def _begin(
    ctx: Ctx, partnership: Partnership, origin: StrategyOrigin, award_reference: str | None, due_on: date | None
) -> Strategy:
    strategy = Strategy(
        partnership=partnership,
        origin=origin,
        award_reference=award_reference,
        state=StrategyState.BEING_FORMED,
        topics={},
        budget_and_planning="",
        due_on=due_on,
        begun_at=ctx.now,
        version=1,
    )
    db.session.add(strategy)
    db.session.flush()
    record(ctx, StrategyBegun(strategy_id=strategy.id, partnership_id=partnership.id))
    return strategy


def _judge(ctx: Ctx, strategy: Strategy, action: StrategyAction, reason: str) -> None:
    strategy.judgement, strategy.judged_by_id = reason, ctx.actor.person_id
    advance(ctx, strategy, action, partnership_id=strategy.partnership_id)


def _refuse_stranger(ctx: Ctx, organisation_id: int, policy: str) -> None:
    if not ctx.actor.is_system and not ctx.actor.may_write_for([organisation_id]):
        raise Forbidden(policy)


def _refuse_answered(invitation: PartnerInvitation, action: InvitationAction) -> None:
    if invitation.state != InvitationState.SENT:
        since = getattr(invitation, f"{invitation.state}_at")
        raise IllegalTransition("invitation", action, invitation.state, since)


def _refuse_frozen(strategy: Strategy) -> None:
    if not may_be_written(strategy):
        since = getattr(strategy, f"{strategy.state}_at")
        raise IllegalTransition("strategy", StrategyAction.HAND_IN, strategy.state, since)
