"""What waits for one person, put into work items with a link each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import current_app, url_for

from portal.accounts.queries import get_person
from portal.accounts.tokens import Purpose, link_token
from portal.core.actor import Actor, Right, Role
from portal.core.clock import brussels_moment
from portal.core.text import _l
from portal.desk import queries
from portal.desk.rules import WorkItem


def items_for(actor: Actor, at: datetime) -> Iterator[WorkItem]:
    """Yield what waits for the actor at ``at``, across all of their roles and organisations."""
    yield from _invitations(actor, at)
    yield from _strategies(actor)
    if actor.has(Role.CASE_OFFICER):
        yield from _case_load()
    if actor.has(Role.ADMINISTRATOR):
        for round_ in queries.list_draft_rounds():
            url = url_for("calls.round", code=round_.code)
            yield WorkItem(_l("Announce round"), round_.code, url, _l("Check round"), round_.opens_at)


def _invitations(actor: Actor, at: datetime) -> Iterator[WorkItem]:
    if actor.person_id is None:
        return
    key = current_app.extensions["portal.settings"].secret_key
    for each in queries.list_open_invitations(get_person(actor.person_id).email, at):
        token = link_token(key, Purpose.PARTNER_INVITATION, each.id, each.nonce)
        url = url_for("partnerships.invitation", token=token)
        yield WorkItem(_l("Answer an invitation"), each.partnership.name, url, _l("Answer invitation"), each.expires_at)


def _strategies(actor: Actor) -> Iterator[WorkItem]:
    writing = [each.organisation_id for each in actor.mandates if each.right is not Right.READER]
    if not writing:
        return
    for each in queries.list_strategies_to_write(writing):
        due_at = brussels_moment(each.due_on, 23, 59) if each.due_on else None
        url = url_for("partnerships.strategy", number=each.id)
        yield WorkItem(_l("Hand in the strategy"), each.partnership.name, url, _l("Open strategy"), due_at)


def _case_load() -> Iterator[WorkItem]:
    claims, strategies = queries.count_claims_to_judge(), queries.count_strategies_to_judge()
    if claims:
        yield WorkItem(_l("Judge claims"), str(claims), url_for("accounts.claims"), _l("Open claims"))
    if strategies:
        url = url_for("partnerships.strategy_desk")
        yield WorkItem(_l("Judge strategies"), str(strategies), url, _l("Open strategies"))
