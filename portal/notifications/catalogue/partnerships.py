"""Who is invited into a partnership, and who is told what happens to its strategy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.queries import find_person_by_email, get_person
from portal.accounts.tokens import Purpose, link_token
from portal.core.db import get_one
from portal.core.event_log import EventRow
from portal.core.text import Msg, _l
from portal.notifications import variables as v
from portal.notifications.audience import leads_of_partnerships
from portal.notifications.categories import Category
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient
from portal.partnerships.models import Strategy
from portal.partnerships.queries import get_invitation


class PartnerInvitation(Notification):
    """The link with which an organisation answers an invitation; derived here and stored nowhere."""

    name = "partner-invitation"
    topics = ("invitation.sent",)
    reason = _l("You receive this because somebody invited your organisation with this e-mail address.")
    category = Category.PARTNERSHIPS
    carries_token = True
    is_urgent = True
    variables = (v.PARTNERSHIP, v.ORGANISATION, v.INVITER, v.NOTE, v.EXPIRES_AT, v.LINK)
    needed = (v.EXPIRES_AT,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        invitation = get_invitation(event.subject_id)
        known = find_person_by_email(invitation.email)
        language = (known or get_person(invitation.sent_by_id)).language
        return [Recipient(f"invitation:{invitation.id}", invitation.email, language, known.id if known else None)]

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        invitation = get_invitation(event.subject_id)
        token = link_token(links.key, Purpose.PARTNER_INVITATION, invitation.id, invitation.nonce)
        return {
            "partnership": invitation.partnership.name,
            "organisation": invitation.organisation_name,
            "inviter": get_person(invitation.sent_by_id).name,
            "note": invitation.note,
            "expires_at": invitation.expires_at,
            "link": links.to("partnerships.invitation", token=token),
        }


class StrategyJudged(Notification):
    """A case officer recognised, returned or refused a strategy, with a reason."""

    name = "strategy-judged"
    topics = ("strategy.recognised", "strategy.returned", "strategy.refused")
    reason = _l("You receive this because you may sign for a partner in this partnership.")
    category = Category.PARTNERSHIPS
    variables = (v.PARTNERSHIP, v.TITLE, v.WHY, v.LINK)
    needed = (v.WHY,)

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return leads_of_partnerships([_strategy(event).partnership_id])

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        strategy = _strategy(event)
        return {
            "partnership": strategy.partnership.name,
            "title": _judged(event.topic, strategy.partnership.name),
            "why": strategy.judgement or "",
            "link": links.to("partnerships.partnership", number=strategy.partnership_id),
        }


def _strategy(event: EventRow) -> Strategy:
    stmt = sa.select(Strategy).where(Strategy.id == event.subject_id)
    return get_one(stmt.options(joinedload(Strategy.partnership)))


def _judged(topic: str, partnership: str) -> Msg:
    return {
        "strategy.recognised": _l("The strategy of %(partnership)s is recognised", partnership=partnership),
        "strategy.returned": _l("The strategy of %(partnership)s needs changes", partnership=partnership),
        "strategy.refused": _l("The strategy of %(partnership)s is refused", partnership=partnership),
    }[topic]
