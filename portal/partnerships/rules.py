"""Who can be invited, accepted, ended; and when a strategy can be handed in. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from portal.core.errors import Problem
from portal.core.text import _l
from portal.partnerships.states import InvitationState, PartnerRole, StrategyOrigin, StrategyState

if TYPE_CHECKING:
    from portal.partnerships.models import Partner, PartnerInvitation, Strategy

INVITATION_LASTS = timedelta(days=21)
LONGEST_TOPIC = 1200
LONGEST_PLANNING = 10_000


def is_expired(invitation: PartnerInvitation, at: datetime) -> bool:
    """Return whether an invitation that nobody answered is over at ``at``: 21 days after it was sent."""
    return invitation.state == InvitationState.SENT and at >= invitation.expires_at


def problems_with_answering(invitation: PartnerInvitation, at: datetime) -> Iterator[Problem]:
    """Yield why an unanswered invitation can no longer be answered."""
    if is_expired(invitation, at):
        yield Problem("invitation-expired", _l("This invitation is over. Ask the lead partner to send you a new one."))


def problems_with_joining(partner_ids: Collection[int], organisation_id: int, role: PartnerRole) -> Iterator[Problem]:
    """Yield why an organisation cannot join: it is in already (``partner_ids``), or there is a promotor."""
    if organisation_id in partner_ids:
        yield Problem(
            "already-a-partner", _l("This organisation is a partner in this partnership already."), "organisation"
        )
    if role == PartnerRole.PROMOTOR:
        yield Problem("one-promotor", _l("A partnership has one lead partner. Choose another role."), "role")


def problems_with_ending(partner: Partner, on: date) -> Iterator[Problem]:
    """Yield why a partner cannot end on ``on``: the promotor stays, and nothing ends before it began."""
    if partner.role == PartnerRole.PROMOTOR:
        yield Problem("promotor-must-stay", _l("The lead partner stays as long as the partnership does."))
    if partner.ended_on is not None:
        yield Problem("partner-ended-already", _l("This partner has ended already."), "ended_on")
    yield from problems_with_days(partner, on)


def problems_with_days(partner: Partner, on: date) -> Iterator[Problem]:
    """Yield why a partner's row cannot end on ``on``: it had not begun."""
    if on < partner.started_on:
        yield Problem(
            "ends-before-start",
            _l("This partner started on %(day)s. Choose that day or a later one.", day=partner.started_on),
            "ended_on",
        )


def may_be_written(strategy: Strategy) -> bool:
    """Return whether the texts and files may change: while it is formed, and after it was returned."""
    return strategy.state in (StrategyState.BEING_FORMED, StrategyState.RETURNED)


def problems_with_texts(
    topics: Mapping[str, str], known: Collection[str], budget_and_planning: str
) -> Iterator[Problem]:
    """Yield what is too long or unknown: 1,200 characters a topic, as the execution form counts them."""
    for key, text in topics.items():
        if key not in known:
            yield Problem("topic-unknown", _l("This topic does not belong to the strategy."))
        elif len(text) > LONGEST_TOPIC:
            yield Problem(
                "topic-too-long",
                _l(
                    "This is %(length)s characters; the limit is %(limit)s. Shorten it by %(excess)s.",
                    length=len(text),
                    limit=LONGEST_TOPIC,
                    excess=len(text) - LONGEST_TOPIC,
                ),
                key,
            )
    if len(budget_and_planning) > LONGEST_PLANNING:
        yield Problem(
            "planning-too-long", _l("Keep budget and planning under 10,000 characters."), "budget_and_planning"
        )


def problems_before_hand_in(strategy: Strategy, known: Collection[str]) -> Iterator[Problem]:
    """Yield what is missing: a topic, budget and planning, the signed agreement, evidence for a registered one."""
    for key in known:
        if not str(strategy.topics.get(key, "")).strip():
            yield Problem("topics-missing", _l("Write this topic: a strategy has all of them."), key)
    if not strategy.budget_and_planning.strip():
        yield Problem("planning-missing", _l("Write budget and planning of the execution."), "budget_and_planning")
    if strategy.agreement_file_id is None:
        yield Problem("agreement-missing", _l("Upload the cooperation agreement, signed by all partners."))
    if strategy.origin == StrategyOrigin.REGISTERED and strategy.evidence_file_id is None:
        yield Problem("evidence-missing", _l("Upload the evidence that your partnership worked this way before."))
