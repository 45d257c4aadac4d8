"""Checking the decisions that a review led to. They stand outside the ranking: what holds them is the upheld request,
two persons, a reason, what was asked, the round's budget, and the event log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import sqlalchemy as sa

from portal.applications.models import Application
from portal.applications.states import AWARDS, Outcome
from portal.calls.models import Round
from portal.core.db import db
from portal.core.event_log import EventRow
from portal.core.text import Msg, _l
from portal.decisions.events import DecisionConfirmed, DecisionReplaced, NewDecisionProposed, ReviewUpheld
from portal.decisions.models import Decision
from portal.decisions.queries import budget_left, provinces_left
from portal.places.provinces import PROVINCES_BY_CODE

Told = tuple[str, Decimal]


def altered_renewed(
    round_: Round, first: Sequence[Decision], renewed: Sequence[Decision], told: Mapping[int, Told]
) -> Iterator[Msg]:
    """Yield what does not hold of ``renewed``, the decisions after a review, and of ``first``, those they replaced.

    ``told`` has each decision's outcome and amount as the event log has them last. Three statements.
    """
    asked = _asked([each.application_id for each in renewed])
    log = _logged([*first, *renewed])
    by_first = {each.replaces_id: each for each in renewed}
    for each in first:
        if each.id not in by_first:
            yield _l("Decision %(number)s is replaced, and nothing took its place.", number=each.number or each.id)
    for each in renewed:
        reference, requested = asked[each.application_id]
        yield from _problems_of(each, reference, requested, log, told)
    if renewed and budget_left(round_) < 0:
        yield _l(
            "With the decisions after a review, the awards are %(over)s above the budget.", over=-budget_left(round_)
        )
    for code, left in provinces_left(round_).items() if renewed else ():
        if left < 0:
            yield _l(
                "With the decisions after a review, the awards are %(over)s above the budget for %(province)s.",
                over=-left,
                province=PROVINCES_BY_CODE[code].name,
            )


Logged = dict[tuple[str, int], EventRow]


def _problems_of(
    decision: Decision, reference: str, requested: Decimal, log: Logged, told: Mapping[int, Told]
) -> Iterator[Msg]:
    first = decision.replaces_id or 0
    replaced, proposed = log.get((DecisionReplaced.topic, first)), log.get((NewDecisionProposed.topic, first))
    confirmed = log.get((DecisionConfirmed.topic, decision.id))
    if replaced is None or (ReviewUpheld.topic, replaced.payload["review_request_id"]) not in log:
        yield _l("%(reference)s: decided anew without an upheld request for review.", reference=reference)
    if told.get(decision.id) != (str(decision.outcome), decision.amount):
        yield _l("%(reference)s: its new decision is not the one that was published.", reference=reference)
    if proposed is None or not _was_proposed(decision, proposed):
        yield _l("%(reference)s: its new decision is not the one that was proposed.", reference=reference)
    elif confirmed is None or confirmed.actor_id in (None, proposed.actor_id):
        yield _l("%(reference)s: its new decision was not taken by two persons.", reference=reference)
    if not decision.reason.strip():
        yield _l("%(reference)s: its new decision has no reason.", reference=reference)
    if decision.amount > requested:
        yield _l("%(reference)s: its new decision gives more than was asked.", reference=reference)


def _was_proposed(decision: Decision, proposed: EventRow) -> bool:
    """A reserve may have been promoted since: then the log tells that, and what was proposed is the reserve."""
    outcome, amount = Outcome(proposed.payload["outcome"]), Decimal(proposed.payload["amount"])
    if decision.promoted_at is not None:
        return outcome is Outcome.RESERVE
    return (outcome, amount) == (Outcome(decision.outcome), decision.amount) and (amount > 0) == (outcome in AWARDS)


def _asked(application_ids: Sequence[int]) -> dict[int, tuple[str, Decimal]]:
    stmt = sa.select(Application.id, Application.reference, Application.requested_amount)
    rows = db.session.execute(stmt.where(Application.id.in_(list(application_ids))))
    return {number: (reference, requested or Decimal(0)) for number, reference, requested in rows}


def _logged(decisions: Sequence[Decision]) -> Logged:
    """Return the last event of each kind, by topic and by the decision, or the request for review, that it tells of."""
    about_decision = sa.and_(
        EventRow.subject == "decision",
        EventRow.subject_id.in_([each.id for each in decisions]),
        EventRow.topic.in_([NewDecisionProposed.topic, DecisionConfirmed.topic]),
    )
    about_application = sa.and_(
        EventRow.subject == "application",
        EventRow.subject_id.in_([each.application_id for each in decisions]),
        EventRow.topic.in_([ReviewUpheld.topic, DecisionReplaced.topic]),
    )
    stmt = sa.select(EventRow).where(sa.or_(about_decision, about_application)).order_by(EventRow.id)
    found: Logged = {}
    for each in db.session.scalars(stmt):
        key = "review_request_id" if each.topic == ReviewUpheld.topic else "decision_id"
        found[each.topic, int(each.payload[key])] = each
    return found
