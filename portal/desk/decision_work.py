"""What waits for one person around rankings and decisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import url_for

from portal.calls.models import Round
from portal.core.actor import Actor, Role
from portal.core.clock import brussels_moment
from portal.core.text import Msg, _l
from portal.decisions.contesting import may_answer
from portal.decisions.deciding import takes_part
from portal.decisions.renewing import may_renew
from portal.decisions.request_queries import list_open_requests, list_unsettled_requests
from portal.desk import decision_queries as queries
from portal.desk.rules import WorkItem


def awards_to_answer(actor: Actor) -> Iterator[WorkItem]:
    """Yield the awards that somebody who may sign for the lead partner accepts or declines."""
    binding = [each.organisation_id for each in actor.mandates if actor.may_bind(each.organisation_id)]
    if not binding:
        return
    for decision in queries.list_awards_to_answer(binding):
        application = decision.application
        subject = f"{application.partnership.name}, {application.reference}"
        due_at = brussels_moment(decision.answer_due_on, 23, 59) if decision.answer_due_on else None
        url = url_for("decisions.decision", ref=application.reference)
        acting_as = (_l("lead partner"), application.promotor.name)
        title, since = _l("Accept or decline the grant"), decision.promoted_at or decision.published_at
        yield WorkItem(title, subject, url, _l("Read decision"), due_at, acting_as, since)


def reviews_to_answer(actor: Actor) -> Iterator[WorkItem]:
    """Yield the requests for review that this person may answer."""
    for each in list_open_requests([one.organisation_id for one in actor.mandates]):
        if may_answer(actor, each):
            application = each.request.decision.application
            subject = f"{application.partnership.name}, {application.reference}"
            url = url_for("decisions.review_request", number=each.id)
            due_at = brussels_moment(each.request.answer_due_on, 23, 59)
            yield WorkItem(_l("Answer a request for review"), subject, url, _l("Open request"), due_at)


def new_decisions(actor: Actor) -> Iterator[WorkItem]:
    """Yield the upheld requests that wait for a new decision: for who may prepare or confirm it, and for who follows it.

    What somebody prepared waits for another administrator, and is no work of theirs.
    """
    for each, proposal in list_unsettled_requests([one.organisation_id for one in actor.mandates]):
        application = each.request.decision.application
        subject = f"{application.partnership.name}, {application.reference}"
        if may_renew(actor, each):
            title, page, button = _l("Prepare a new decision after a review"), "decide_anew", _l("Prepare decision")
            if proposal is not None:
                title, page, button = _l("Confirm a new decision after a review"), "confirm_anew", _l("Open decision")
            if proposal is None or proposal.prepared_by_id != actor.person_id:
                yield WorkItem(title, subject, url_for(f"decisions.{page}", number=each.id), button)
        elif actor.has(Role.CASE_OFFICER):
            url = url_for("decisions.review_request", number=each.id)
            yield WorkItem(_l("See that a new decision is taken after a review"), subject, url, _l("Open request"))


def rounds_to_decide(actor: Actor, at: datetime) -> Iterator[WorkItem]:
    """Yield the rounds that an administrator can rank, confirm or publish, by the day their decision is due."""
    for each in queries.list_rounds_to_rank(at):
        yield _of_round(_l("Compute the ranking"), each, "board", _l("Open ranking"))
    for each in queries.list_rounds_to_confirm(actor.person_id):
        yield _of_round(_l("Confirm the decisions"), each, "confirm", _l("Open decisions"))
    for each in queries.list_rounds_to_publish():
        yield _of_round(_l("Publish the results"), each, "publish", _l("Open results"))


def withdrawals_to_confirm(actor: Actor) -> Iterator[WorkItem]:
    """Yield the withdrawals of awards that this administrator can confirm."""
    for each in queries.list_withdrawals_to_confirm(actor.person_id):
        if not takes_part(actor, each.application):
            subject = f"{each.application.partnership.name}, {each.application.reference}"
            url = url_for("decisions.confirm_withdrawal", number=each.id)
            yield WorkItem(_l("Confirm the withdrawal of a grant"), subject, url, _l("Open withdrawal"))


def letters_to_retry() -> Iterator[WorkItem]:
    """Yield the rounds of which a letter could not be made."""
    for each in queries.list_rounds_with_failed_letters():
        url = url_for("decisions.round_letters", code=each.code)
        yield WorkItem(_l("Make the letters again that failed"), each.code, url, _l("Open letters"))


def _of_round(title: Msg, round_: Round, page: str, button: Msg) -> WorkItem:
    url = url_for(f"decisions.{page}", code=round_.code)
    return WorkItem(title, round_.code, url, button, brussels_moment(round_.decision_due_on, 23, 59))
