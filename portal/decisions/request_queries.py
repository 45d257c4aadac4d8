"""Reading requests for review: with who is involved in the decision, and whether the actor takes part in its round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.accounts.queries import actor_of, list_people_with_role
from portal.applications.models import Application
from portal.applications.states import AWARDS, Outcome
from portal.core.actor import Role
from portal.core.db import db, find_one, get_one
from portal.core.event_log import EventRow
from portal.core.money import ZERO
from portal.core.paging import Page, page
from portal.decisions.events import (
    DecisionChanged,
    DecisionConfirmed,
    DecisionPrepared,
    DecisionPublished,
    DecisionRecalled,
)
from portal.decisions.models import Decision, ProposedDecision, ReviewRequest
from portal.decisions.queries import (
    IS_PRESENT,
    STANDING,
    budget_left,
    envelope_left,
    get_decision,
    get_ranking_row,
    provinces_left,
)
from portal.decisions.renewing import Room, may_renew
from portal.decisions.states import RequestState
from portal.partnerships.models import Partner
from portal.reviewing.models import Consensus, Review

ROWS_ON_A_PAGE = 50
_DECIDING = (DecisionPrepared, DecisionChanged, DecisionConfirmed, DecisionRecalled, DecisionPublished)


@dataclass(frozen=True, slots=True)
class DeskRequest:
    """A request as the actor meets it at the desk: ``takes_part`` where they belong to a partner of an application of
    its round, ``involved_ids`` the people who judged the application or had a hand in the decision.
    """

    request: ReviewRequest
    takes_part: bool
    involved_ids: frozenset[int]

    __tablename__: ClassVar[str] = ReviewRequest.__tablename__  # an auditor's reading is one of the request

    @property
    def id(self) -> int:
        return self.request.id


def find_request(decision_id: int) -> ReviewRequest | None:
    """Return the request for review of a decision, or None."""
    return find_one(sa.select(ReviewRequest).where(ReviewRequest.decision_id == decision_id))


def get_request_of(ref: str, *, lock: bool = False) -> ReviewRequest:
    """Return the request for review of the decision on application ``ref``, with all that ``get_decision`` loads."""
    stmt = (
        sa.select(ReviewRequest)
        .join(Decision, Decision.id == ReviewRequest.decision_id)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.reference == ref, IS_PRESENT)
    )
    return _with_decision(get_one(stmt, lock=lock))


def get_desk_request(number: int, organisation_ids: Iterable[int], *, lock: bool = False) -> DeskRequest:
    """Return request ``number`` as somebody of these organisations meets it at the desk."""
    found = get_one(sa.select(ReviewRequest).where(ReviewRequest.id == number), lock=lock)
    return _as_met([_with_decision(found)], list(organisation_ids))[0]


def list_open_requests(organisation_ids: Iterable[int]) -> list[DeskRequest]:
    """Return what waits for an answer, the earliest due first, as somebody of these organisations meets it.

    Requests of a round in which one of the organisations takes part are left out.
    """
    mine = list(organisation_ids)
    stmt = _requests(mine).where(ReviewRequest.state == RequestState.ASKED)
    rows = db.session.scalars(stmt.order_by(ReviewRequest.answer_due_on, ReviewRequest.id))
    return _as_met(list(rows), mine)


def list_unsettled_requests(organisation_ids: Iterable[int]) -> list[tuple[DeskRequest, ProposedDecision | None]]:
    """Return the upheld requests whose decision still stands, with the new decision that is proposed, the first first.

    Requests of a round in which one of the organisations takes part are left out.
    """
    mine = list(organisation_ids)
    stmt = _requests(mine).where(ReviewRequest.state == RequestState.UPHELD, Decision.state.in_(STANDING))
    rows = _as_met(list(db.session.scalars(stmt.order_by(ReviewRequest.upheld_at, ReviewRequest.id))), mine)
    proposed = sa.select(ProposedDecision).where(ProposedDecision.review_request_id.in_([each.id for each in rows]))
    by_request = {each.review_request_id: each for each in db.session.scalars(proposed)} if rows else {}
    return [(each, by_request.get(each.id)) for each in rows]


def list_renewers(number: int) -> list[Person]:
    """Return the administrators who may take the new decision after request ``number``: two are needed."""
    people = [(person, actor_of(person)) for person in list_people_with_role(Role.ADMINISTRATOR)]
    return [
        person
        for person, actor in people
        if may_renew(actor, get_desk_request(number, [each.organisation_id for each in actor.mandates]))
    ]


def find_proposal(request_id: int) -> ProposedDecision | None:
    """Return the new decision that is proposed after this request, or None."""
    return find_one(sa.select(ProposedDecision).where(ProposedDecision.review_request_id == request_id))


def room_for(decision: Decision) -> Room:
    """Return within what a decision that replaces this one is taken (two statements; four with budgets for provinces).

    A caller that decides on it holds ``lock_envelope`` of the round.
    """
    given = decision.amount if decision.outcome in AWARDS and decision.state in STANDING else ZERO
    application = decision.application
    return Room(
        first_outcome=Outcome(decision.outcome),
        first_amount=given,
        requested_amount=application.requested_amount or ZERO,
        minimum_amount=application.minimum_amount,
        budget_left=budget_left(decision.round) + given,
        envelope_left=envelope_left(decision.round.call.programme) + given,
        province_left=_province_left(decision, given),
    )


def _province_left(decision: Decision, given: Decimal) -> Decimal | None:
    if not decision.round.province_budgets:
        return None
    left = provinces_left(decision.round).get(get_ranking_row(decision).reason.get("province", ""))
    return None if left is None else left + given


def page_closed_requests(organisation_ids: Iterable[int], cursor: str | None) -> Page[ReviewRequest]:
    """Return what was answered or withdrawn, the last asked first, without the rounds these organisations are in."""
    return page(
        _requests(list(organisation_ids)).where(ReviewRequest.state != RequestState.ASKED),
        by=[(ReviewRequest.id, True)],
        key=lambda each: [each.id],
        cursor=cursor,
        size=ROWS_ON_A_PAGE,
    )


def _with_decision(found: ReviewRequest) -> ReviewRequest:
    sa.orm.attributes.set_committed_value(found, "decision", get_decision(found.decision_id))
    return found


def _requests(organisation_ids: Sequence[int]) -> sa.Select[ReviewRequest]:
    """Return the statement of the requests outside the rounds in which these organisations take part."""
    application = joinedload(ReviewRequest.decision).joinedload(Decision.application)
    stmt = (
        sa.select(ReviewRequest)
        .join(Decision, Decision.id == ReviewRequest.decision_id)
        .options(
            application.joinedload(Application.partnership),
            application.joinedload(Application.promotor),
            joinedload(ReviewRequest.decision).joinedload(Decision.round),
        )
    )
    return stmt.where(Decision.round_id.not_in(_rounds_of(organisation_ids))) if organisation_ids else stmt


def _rounds_of(organisation_ids: Sequence[int]) -> sa.Select[int]:
    """Return the rounds in which one of these organisations takes part, past partners included."""
    mine = list(organisation_ids)
    partner = sa.exists().where(Partner.partnership_id == Application.partnership_id, Partner.organisation_id.in_(mine))
    return sa.select(Application.round_id).where(sa.or_(Application.promotor_id.in_(mine), partner))


def _as_met(rows: Sequence[ReviewRequest], organisation_ids: Sequence[int]) -> list[DeskRequest]:
    involved = _involved_in([each.decision for each in rows])
    mine = set(db.session.scalars(_rounds_of(organisation_ids))) if organisation_ids and rows else set()
    return [DeskRequest(each, each.decision.round_id in mine, frozenset(involved[each.decision_id])) for each in rows]


def _involved_in(decisions: Sequence[Decision]) -> dict[int, set[int]]:
    """Return who judged or decided, by decision. Who took the decision that one replaces had a hand in it too."""
    wanted = {each.id: each.application_id for each in decisions}
    wanted |= {each.replaces_id: each.application_id for each in decisions if each.replaces_id}
    found = _involved(wanted)
    for each in decisions:
        if each.replaces_id:  # its preparer worked on a proposal, which the log has at the first decision
            found[each.id] |= {*found[each.replaces_id], each.prepared_by_id}
    return found


def _involved(decisions: dict[int, int]) -> dict[int, set[int]]:
    """Return who judged or decided, by decision, for ``decisions`` (decision to application): two statements."""
    found: dict[int, set[int]] = defaultdict(set)
    if not decisions:
        return found
    deciding: sa.Select[*tuple[Any, ...]] = sa.select(EventRow.subject_id, EventRow.actor_id).where(
        EventRow.subject == "decision",
        EventRow.subject_id.in_(list(decisions)),
        EventRow.topic.in_([each.topic for each in _DECIDING]),
        EventRow.actor_id.is_not(None),
    )
    for decision_id, person_id in db.session.execute(deciding):
        found[decision_id].add(person_id)
    applications = list(decisions.values())
    reviewed: sa.Select[*tuple[Any, ...]] = sa.select(Review.application_id, Review.reviewer_id)
    agreed: sa.Select[*tuple[Any, ...]] = sa.select(Consensus.application_id, Consensus.recorded_by_id)
    judging = sa.union_all(
        reviewed.where(Review.application_id.in_(applications)),
        agreed.where(Consensus.application_id.in_(applications), Consensus.recorded_by_id.is_not(None)),
    )
    of_application: dict[int, set[int]] = defaultdict(set)
    for application_id, person_id in db.session.execute(judging):
        of_application[application_id].add(person_id)
    for decision_id, application_id in decisions.items():
        found[decision_id] |= of_application[application_id]
    return found
