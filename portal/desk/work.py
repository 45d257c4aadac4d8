"""What waits for one person, put into work items with a link each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from flask import current_app, url_for

from portal.accounts.queries import get_person, list_unreachable
from portal.accounts.tokens import Purpose, link_token
from portal.applications.change_requests import count_changes_to_decide, list_changes_to_answer
from portal.applications.closing import closes_at_for
from portal.applications.models import Application
from portal.applications.sign_offs import parts_to_sign
from portal.applications.states import State
from portal.calls.queries import terms_of
from portal.core.actor import Actor, Right, Role
from portal.core.clock import brussels_moment
from portal.core.text import Msg, _l
from portal.desk import queries
from portal.desk.decision_work import (
    awards_to_answer,
    letters_to_retry,
    new_decisions,
    reviews_to_answer,
    rounds_to_decide,
    withdrawals_to_confirm,
)
from portal.desk.rules import WorkItem
from portal.reviewing.cases import count_to_judge
from portal.reviewing.queries import page_queue
from portal.reviewing.states import ReviewState


def items_for(actor: Actor, at: datetime) -> Iterator[WorkItem]:
    """Yield what waits for the actor at ``at``, across all of their roles and organisations."""
    yield from _invitations(actor, at)
    yield from _strategies(actor)
    yield from _applications(actor, at)
    yield from _sign_offs(actor, at)
    yield from _changes(actor)
    yield from awards_to_answer(actor)
    if actor.has(Role.REVIEWER):
        yield from _reviews(actor)
    if actor.has(Role.CASE_OFFICER, Role.ADMINISTRATOR):
        yield from reviews_to_answer(actor)
        yield from new_decisions(actor)
    if actor.has(Role.CASE_OFFICER):
        yield from _case_load(at)
        yield from _reviewing_load()
        yield from _conflicts(actor)
        yield from _unreachable()
    if actor.has(Role.ADMINISTRATOR):
        for round_ in queries.list_draft_rounds():
            url = url_for("calls.round", code=round_.code)
            yield WorkItem(_l("Announce round"), round_.code, url, _l("Check round"), round_.opens_at)
        yield from rounds_to_decide(actor, at)
        yield from withdrawals_to_confirm(actor)
        yield from letters_to_retry()


def _invitations(actor: Actor, at: datetime) -> Iterator[WorkItem]:
    if actor.person_id is None:
        return
    key = current_app.extensions["portal.settings"].secret_key
    for each in queries.list_open_invitations(get_person(actor.person_id).email, at):
        token = link_token(key, Purpose.PARTNER_INVITATION, each.id, each.nonce)
        url = url_for("partnerships.invitation", token=token)
        title, words = _l("Answer an invitation"), _l("Answer invitation")
        yield WorkItem(
            title, each.partnership.name, url, words, each.expires_at, since=each.sent_at, carries_token=True
        )


def _strategies(actor: Actor) -> Iterator[WorkItem]:
    writing = [each.organisation_id for each in actor.mandates if each.right is not Right.READER]
    if not writing:
        return
    for each in queries.list_strategies_to_write(writing):
        due_at = brussels_moment(each.due_on, 23, 59) if each.due_on else None
        url = url_for("partnerships.strategy", number=each.id)
        title, since = _l("Hand in the strategy"), each.returned_at or each.begun_at
        yield WorkItem(title, each.partnership.name, url, _l("Open strategy"), due_at, since=since)


def _applications(actor: Actor, at: datetime) -> Iterator[WorkItem]:
    writing = [each.organisation_id for each in actor.mandates if each.right is not Right.READER]
    if not writing:
        return
    for each, due_at in queries.list_completions_of(writing):
        yield _of_application(_l("Complete the application"), each, due_at, (_l("lead partner"), each.promotor.name))
    for each in queries.list_drafts_of(writing, at):
        leads = each.promotor_id in writing
        acting = (_l("lead partner"), each.promotor.name) if leads else None
        title = _l("Complete and submit the application") if leads else _l("Write your part of the application")
        yield _of_application(title, each, closes_at_for(each), acting)


def _sign_offs(actor: Actor, at: datetime) -> Iterator[WorkItem]:
    signing = {each.organisation_id for each in actor.mandates if actor.may_bind(each.organisation_id)}
    if not signing:
        return
    for application in queries.list_drafts_to_sign(signing, at):
        for part in parts_to_sign(application, terms_of(application.round).sign_off, signing):
            url = url_for("applications.sign_part", ref=application.reference, organisation_id=part.organisation_id)
            subject = f"{application.partnership.name}, {application.reference}"
            acting = (_l("partner"), part.organisation.name)
            title, words = _l("Sign off on your part of the application"), _l("Read and sign off")
            due_at, began = closes_at_for(application), application.begun_at
            yield WorkItem(title, subject, url, words, due_at, acting, began, application.id)


def _changes(actor: Actor) -> Iterator[WorkItem]:
    binding = [each.organisation_id for each in actor.mandates if actor.may_bind(each.organisation_id)]
    if not binding:
        return
    for each in list_changes_to_answer(binding):
        subject = f"{each.application.partnership.name}, {each.application.reference}"
        url = url_for("applications.change_requests", ref=each.application.reference)
        yield WorkItem(_l("Agree with a change of lead partner, or not"), subject, url, _l("Open request"))


def _unreachable() -> Iterator[WorkItem]:
    """Yield the organisations in which messages come back to everybody who may sign: somebody has to telephone."""
    for each in list_unreachable():
        url = url_for("accounts.organisation", number=each.enterprise_number)
        yield WorkItem(_l("Reach an organisation: messages come back from it"), each.name, url, _l("Open organisation"))


def _of_application(
    title: Msg, application: Application, due_at: datetime, acting_as: tuple[Msg, str] | None
) -> WorkItem:
    subject = f"{application.partnership.name}, {application.reference}"
    url = url_for("applications.application", ref=application.reference)
    draft_id = application.id if application.state is State.DRAFT else None
    since = application.begun_at if draft_id else application.returned_at
    return WorkItem(title, subject, url, _l("Open application"), due_at, acting_as, since, draft_id)


def _reviews(actor: Actor) -> Iterator[WorkItem]:
    for each in page_queue(actor.person_id or 0, None, size=queries.MOST).rows:
        subject = each.shown_name if each.is_blind else f"{each.shown_name}, {each.shown_reference}"
        due_at = brussels_moment(each.due_on, 23, 59)
        if each.state is ReviewState.INVITED:
            url = url_for("reviewing.invitation", review_id=each.id)
            answer_by = brussels_moment(each.answer_due_on, 23, 59) if each.answer_due_on else due_at
            title, words = _l("Answer an invitation to review"), _l("Answer invitation")
            yield WorkItem(title, subject, url, words, answer_by, since=each.invited_at)
        else:
            url = url_for("reviewing.review", review_id=each.id)
            yield WorkItem(_l("Write a review"), subject, url, _l("Open review"), due_at, since=each.invited_at)


def _reviewing_load() -> Iterator[WorkItem]:
    for code, due_on, number in queries.count_reviewing(reviewers=True):
        title = _l("Invite reviewers in %(round)s", round=code)
        yield _of_round(title, code, number, due_on)
    for code, due_on, number in queries.count_reviewing(reviewers=False):
        title = _l("Record the consensus asked in %(round)s", round=code)
        yield _of_round(title, code, number, due_on)


def _conflicts(actor: Actor) -> Iterator[WorkItem]:
    for round_, number in count_to_judge([each.organisation_id for each in actor.mandates]):
        title = _l("Judge conflicts of interest in %(round)s", round=round_.code)
        url = url_for("reviewing.round_conflicts", code=round_.code)
        due_at = brussels_moment(round_.decision_due_on, 23, 59)
        yield WorkItem(title, str(number), url, _l("Open conflicts"), due_at)


def _of_round(title: Msg, code: str, number: int, due_on: date) -> WorkItem:
    url = url_for("reviewing.round_reviews", code=code)
    return WorkItem(title, str(number), url, _l("Open reviews"), brussels_moment(due_on, 23, 59))


def _case_load(at: datetime) -> Iterator[WorkItem]:
    claims, strategies = queries.count_claims_to_judge(), queries.count_strategies_to_judge()
    if claims:
        yield WorkItem(_l("Judge claims"), str(claims), url_for("accounts.claims"), _l("Open claims"))
    if strategies:
        url = url_for("partnerships.strategy_desk")
        yield WorkItem(_l("Judge strategies"), str(strategies), url, _l("Open strategies"))
    changes = count_changes_to_decide()
    if changes:
        url = url_for("applications.change_desk")
        yield WorkItem(_l("Decide on changes of partners"), str(changes), url, _l("Open changes"))
    for code, due_on, number in queries.count_dossiers_to_judge(at):
        title, url = (
            _l("Judge admissibility in %(round)s", round=code),
            url_for("applications.round_dossiers", code=code),
        )
        yield WorkItem(title, str(number), url, _l("Open dossiers"), brussels_moment(due_on, 23, 59))
