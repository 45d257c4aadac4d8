"""Reading partnerships, invitations, service areas and strategies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.tokens import Purpose, is_valid, row_id_in
from portal.calls.catalogue import FOLDER, load_programme
from portal.calls.form_definitions import Question
from portal.calls.models import Programme
from portal.core.db import db, get_one
from portal.core.errors import NotFound
from portal.core.paging import Page, page
from portal.partnerships.models import Partner, PartnerInvitation, Partnership, ServiceArea, Strategy
from portal.partnerships.states import InvitationState, PartnerRole, StrategyState

_PARTNERS = (
    joinedload(Partnership.programme),
    selectinload(Partnership.partners).joinedload(Partner.organisation),
)
_LEANED_ON = (StrategyState.RECOGNISED, StrategyState.SUBMITTED, StrategyState.RETURNED, StrategyState.BEING_FORMED)


def get_partnership(number: int, *, lock: bool = False) -> Partnership:
    """Return the partnership with its programme, and its partners with their organisation."""
    return get_one(sa.select(Partnership).where(Partnership.id == number).options(*_PARTNERS), lock=lock)


def list_partnerships_of(organisation_ids: Iterable[int]) -> list[Partnership]:
    """Return the partnerships in which one of the organisations is a partner now, by name."""
    mine = sa.select(Partner.partnership_id).where(
        Partner.organisation_id.in_(list(organisation_ids)), Partner.ended_on.is_(None)
    )
    stmt = sa.select(Partnership).where(Partnership.id.in_(mine)).options(*_PARTNERS)
    return list(db.session.scalars(stmt.order_by(Partnership.name, Partnership.id)))


def list_overlapping(partnership: Partnership) -> list[Partnership]:
    """Return other partnerships of the programme that share a municipality with this one, by name."""
    own = sa.select(ServiceArea.nis).where(ServiceArea.partnership_id == partnership.id)
    others = sa.select(ServiceArea.partnership_id).where(ServiceArea.nis.in_(own))
    stmt = sa.select(Partnership).where(
        Partnership.id.in_(others),
        Partnership.id != partnership.id,
        Partnership.programme_id == partnership.programme_id,
    )
    return list(db.session.scalars(stmt.order_by(Partnership.name, Partnership.id)))


def current_partners(partnership: Partnership, on: date) -> list[Partner]:
    """Return the loaded partners that take part on ``on``; the last day of a partner is its end date."""
    return [
        each
        for each in partnership.partners
        if each.started_on <= on and (each.ended_on is None or each.ended_on >= on)
    ]


def organisation_ids_of(partnership: Partnership) -> list[int]:
    """Return the organisations that are partners now."""
    return [each.organisation_id for each in partnership.partners if each.ended_on is None]


def list_service_area(partnership_id: int) -> list[str]:
    """Return the NIS codes of the municipalities the partnership works in."""
    stmt = sa.select(ServiceArea.nis).where(ServiceArea.partnership_id == partnership_id)
    return list(db.session.scalars(stmt.order_by(ServiceArea.nis)))


def get_partner(number: int, partner: int, *, lock: bool = False) -> Partner:
    """Return partner ``partner`` of partnership ``number``, with the partnership's partners and their organisations."""
    stmt = sa.select(Partner).where(Partner.id == partner, Partner.partnership_id == number)
    # It is one of those partners itself: with a lock it is read anew there, so what it needs is asked in both places.
    own = (joinedload(Partner.organisation), joinedload(Partner.partnership))
    partners = joinedload(Partner.partnership).selectinload(Partnership.partners).options(*own)
    return get_one(stmt.options(*own, partners), lock=lock)


def _invitations() -> sa.Select[PartnerInvitation]:
    return sa.select(PartnerInvitation).options(
        joinedload(PartnerInvitation.partnership).selectinload(Partnership.partners).joinedload(Partner.organisation)
    )


def get_invitation(number: int, *, lock: bool = False) -> PartnerInvitation:
    """Return the invitation with its partnership and partners."""
    return get_one(_invitations().where(PartnerInvitation.id == number), lock=lock)


def get_invitation_by_token(token: str, key: str, *, lock: bool = False) -> PartnerInvitation:
    """Return the invitation whose link this is, whatever its state; NotFound for a link that is not right."""
    row_id = row_id_in(token)
    if row_id is None:
        raise NotFound
    invitation = get_invitation(row_id, lock=lock)
    if not is_valid(token, key, Purpose.PARTNER_INVITATION, invitation.id, invitation.nonce):
        raise NotFound
    return invitation


def list_invitations(partnership_id: int) -> list[PartnerInvitation]:
    """Return the partnership's invitations, the latest first."""
    stmt = sa.select(PartnerInvitation).where(PartnerInvitation.partnership_id == partnership_id)
    return list(db.session.scalars(stmt.order_by(PartnerInvitation.id.desc())))


def list_open_invitations_of(organisation_id: int, person_id: int) -> list[PartnerInvitation]:
    """Return the unanswered invitations that the person sent for partnerships which the organisation leads."""
    led = sa.select(Partner.partnership_id).where(
        Partner.organisation_id == organisation_id, Partner.role == PartnerRole.PROMOTOR, Partner.ended_on.is_(None)
    )
    stmt = _invitations().where(
        PartnerInvitation.sent_by_id == person_id,
        PartnerInvitation.state == InvitationState.SENT,
        PartnerInvitation.partnership_id.in_(led),
    )
    return list(db.session.scalars(stmt.order_by(PartnerInvitation.id)))


def _strategies() -> sa.Select[Strategy]:
    partnership = joinedload(Strategy.partnership)
    return sa.select(Strategy).options(
        partnership.joinedload(Partnership.programme),
        partnership.selectinload(Partnership.partners).joinedload(Partner.organisation),
        joinedload(Strategy.agreement_file),
        joinedload(Strategy.evidence_file),
    )


def get_strategy(number: int, *, lock: bool = False) -> Strategy:
    """Return the strategy with its partnership, partners and files."""
    return get_one(_strategies().where(Strategy.id == number), lock=lock)


def get_strategy_of_award(award_reference: str, *, lock: bool = False) -> Strategy:
    """Return the strategy that the award of this application began."""
    return get_one(_strategies().where(Strategy.award_reference == award_reference), lock=lock)


def list_strategies(partnership_id: int) -> list[Strategy]:
    """Return the partnership's strategies, the latest first."""
    stmt = sa.select(Strategy).where(Strategy.partnership_id == partnership_id)
    return list(db.session.scalars(stmt.order_by(Strategy.id.desc())))


def _furthest_first() -> sa.ColumnElement[int]:
    return sa.case({state: place for place, state in enumerate(_LEANED_ON)}, value=Strategy.state)


def present_state(partnership_id: sa.BindParameter[int]) -> sa.ScalarSelect[StrategyState]:
    """Return the state of a partnership's present strategy, for a statement that asks more; null without one."""
    stmt = sa.select(Strategy.state).where(Strategy.partnership_id == partnership_id, Strategy.state.in_(_LEANED_ON))
    return stmt.order_by(_furthest_first(), Strategy.id.desc()).limit(1).scalar_subquery()


def present_strategy(partnership_id: int) -> Strategy | None:
    """Return the strategy an execution application leans on: the furthest one that was not refused and did not lapse."""
    stmt = _strategies().where(Strategy.partnership_id == partnership_id, Strategy.state.in_(_LEANED_ON))
    return db.session.scalars(stmt.order_by(_furthest_first(), Strategy.id.desc()).limit(1)).one_or_none()


def list_present_strategy_states(partnership_ids: Iterable[int]) -> dict[int, StrategyState]:
    """Return the state of each partnership's present strategy, by partnership; nothing for one without."""
    stmt = sa.select(Strategy.partnership_id, Strategy.state).where(
        Strategy.partnership_id.in_(list(partnership_ids)), Strategy.state.in_(_LEANED_ON)
    )
    found: dict[int, StrategyState] = {}
    for number, state in db.session.execute(stmt.order_by(_furthest_first(), Strategy.id.desc())):
        found.setdefault(number, state)
    return found


def page_strategies(state: StrategyState, cursor: str | None) -> Page[Strategy]:
    """Return strategies in ``state``, the oldest first."""
    return page(
        _strategies().where(Strategy.state == state),
        by=[(Strategy.id, False)],
        key=lambda each: [each.id],
        cursor=cursor,
        size=25,
    )


@cache
def topics_of(programme_code: str) -> dict[str, Question]:
    """Return the strategy's topics by key: the questions of the programme's forms that are filled from a strategy."""
    prefix = "strategy."
    return {
        question.carry_from.removeprefix(prefix): question
        for call in load_programme(FOLDER / programme_code).calls
        for question in call.form.questions
        if question.carry_from is not None and question.carry_from.startswith(prefix)
    }


def list_programmes() -> list[Programme]:
    """Return the programmes a partnership can begin in, by code."""
    return list(db.session.scalars(sa.select(Programme).order_by(Programme.code)))


def get_programme(code: str) -> Programme:
    """Return the programme called ``code``."""
    return get_one(sa.select(Programme).where(Programme.code == code))
