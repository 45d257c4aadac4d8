"""Who is told what happens to a partnership's strategy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.db import get_one
from portal.core.event_log import EventRow
from portal.core.text import _l
from portal.notifications.audience import leads_of_partnerships
from portal.notifications.links import Links
from portal.notifications.models import Delivery
from portal.notifications.notification import Notification, Recipient
from portal.partnerships.models import Strategy


class StrategyJudged(Notification):
    """A case officer recognised, returned or refused a strategy, with a reason."""

    name = "strategy-judged"
    topics = ("strategy.recognised", "strategy.returned", "strategy.refused")
    reason = _l("You receive this because you may sign for a partner in this partnership.")

    def recipients(self, event: EventRow) -> Iterable[Recipient]:
        return leads_of_partnerships([_strategy(event).partnership_id])

    def context(self, event: EventRow, delivery: Delivery, links: Links) -> dict[str, Any]:
        strategy = _strategy(event)
        return {
            "partnership": strategy.partnership.name,
            "verdict": event.topic.partition(".")[2],
            "why": strategy.judgement or "",
            "link": links.to("public.home"),
        }


def _strategy(event: EventRow) -> Strategy:
    stmt = sa.select(Strategy).where(Strategy.id == event.subject_id)
    return get_one(stmt.options(joinedload(Strategy.partnership)))
