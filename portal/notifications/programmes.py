"""Of which programme an event is, and of whose application: it decides which text a message has, and who may see it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from portal.applications.models import Application, Attachment
from portal.calls.models import Call, Round
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.decisions.models import Decision
from portal.partnerships.models import Partner, PartnerInvitation, Partnership, Strategy
from portal.reviewing.models import Review

Number = sa.ColumnElement[int]


def programme_of(event: EventRow) -> int | None:
    """Return the id of the programme that ``event`` belongs to; None where it belongs to none."""
    found = _programme(event.subject)
    return None if found is None else db.session.scalar(sa.select(found).where(EventRow.id == event.id))


def is_of_none(subject: str, own: Iterable[int]) -> sa.ColumnElement[bool]:
    """Return the condition that an event about ``subject`` is of no round and no partnership of organisations ``own``."""
    mine = list(own)
    partnerships = sa.select(Partner.partnership_id).where(Partner.organisation_id.in_(mine))
    application, partnership = _application(subject), _partnership(subject)
    if not mine or partnership is None:
        return sa.true()
    conditions = [partnership.is_(None), partnership.not_in(partnerships)]
    if application is None:
        return sa.or_(*conditions)
    rounds = sa.select(Application.round_id).where(
        sa.or_(Application.promotor_id.in_(mine), Application.partnership_id.in_(partnerships))
    )
    of_round = (
        sa.select(Application.round_id).where(Application.id == application).correlate(EventRow).scalar_subquery()
    )
    return sa.or_(application.is_(None), of_round.not_in(rounds))


def _programme(subject: str) -> Number | None:
    if subject == "round":
        stmt = sa.select(Call.programme_id).join(Round, Round.call_id == Call.id)
        return stmt.where(Round.id == EventRow.subject_id).correlate(EventRow).scalar_subquery()
    partnership = _partnership(subject)
    if partnership is None:
        return None
    return (
        sa.select(Partnership.programme_id).where(Partnership.id == partnership).correlate(EventRow).scalar_subquery()
    )


def _partnership(subject: str) -> Number | None:
    if subject == "strategy":
        return (
            sa.select(Strategy.partnership_id)
            .where(Strategy.id == EventRow.subject_id)
            .correlate(EventRow)
            .scalar_subquery()
        )
    if subject == "invitation":
        stmt = sa.select(PartnerInvitation.partnership_id).where(PartnerInvitation.id == EventRow.subject_id)
        return stmt.correlate(EventRow).scalar_subquery()
    application = _application(subject)
    if application is None:
        return None
    return (
        sa.select(Application.partnership_id).where(Application.id == application).correlate(EventRow).scalar_subquery()
    )


def _application(subject: str) -> Number | None:
    if subject == "application":
        return EventRow.subject_id.expression
    if subject in ("change", "conflict", "consensus", "proposal"):
        return sa.cast(EventRow.payload["application_id"].as_integer(), sa.BigInteger)
    if subject == "review":
        return (
            sa.select(Review.application_id)
            .where(Review.id == EventRow.subject_id)
            .correlate(EventRow)
            .scalar_subquery()
        )
    if subject == "decision":
        return (
            sa.select(Decision.application_id)
            .where(Decision.id == EventRow.subject_id)
            .correlate(EventRow)
            .scalar_subquery()
        )
    if subject == "file":
        stmt = sa.select(sa.func.min(Attachment.application_id)).where(Attachment.file_id == EventRow.subject_id)
        return stmt.correlate(EventRow).scalar_subquery()
    return None
