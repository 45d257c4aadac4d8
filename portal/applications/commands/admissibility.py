"""What a case officer does with a handed-in application: judge each rule, ask completion, admit or refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from portal.applications.checklist import problems_before_admitting, problems_with_verdict
from portal.applications.closing import closes_at_for
from portal.applications.completion import askables_of, problems_before_asking
from portal.applications.document_slots import document_key
from portal.applications.dossiers import dossier_of, infected_documents, judgements_of
from portal.applications.events import RuleJudged
from portal.applications.models import Application, CompletionRequest, Judgement
from portal.applications.states import WORKFLOW, Action, State, Verdict
from portal.core.advance import advance
from portal.core.context import Ctx
from portal.core.db import db, find_one
from portal.core.errors import IllegalTransition, NotFound, Problem, RuleViolation, refuse_if
from portal.core.event_log import record
from portal.core.text import _l


def judge_rule(ctx: Ctx, application: Application, rule: str, verdict: Verdict, reason: str) -> Judgement:
    """Judge one rule's judged half; a later judgement replaces the earlier, and both stay in the log.

    Raises NotFound for a rule without a judged half, IllegalTransition once admissibility is decided or before the
    application is handed in, and RuleViolation before the round has closed, without a reason, or where the claim
    (OV-02) or the strategy (OV-15) behind a "met" stands open.
    """
    dossier = dossier_of(application)
    definition = next((each for each in dossier.terms.rules if each.code == rule and each.judged), None)
    if definition is None:
        raise NotFound
    _check_judgeable(ctx, application)
    if not reason.strip():
        raise RuleViolation([Problem("reason-missing", _l("Give a reason for your judgement."), "reason")])
    is_confirmed = application.promotor.confirmed_at is not None
    refuse_if(problems_with_verdict(dossier, definition, verdict, is_claim_confirmed=is_confirmed))
    stmt = sa.select(Judgement).where(Judgement.application_id == application.id, Judgement.rule == rule)
    found = find_one(stmt) or Judgement(application_id=application.id, rule=rule)
    found.verdict, found.reason = verdict, reason
    found.judged_at, found.judged_by_id = ctx.now, _judge(ctx)
    db.session.add(found)
    record(ctx, RuleJudged(application_id=application.id, rule=rule, verdict=str(verdict)))
    return found


def ask_completion(
    ctx: Ctx,
    application: Application,
    rules: Sequence[str],
    message: str,
    due_at: datetime,
    *,
    asked: Mapping[str, str],
) -> CompletionRequest:
    """Ask the applicant to complete what ``asked`` names (by its key, with what is missing) by ``due_at``.

    Only that opens again. ``rules`` are those it concerns, ``message`` what is said of the whole. RuleViolation where the
    moment has passed, nothing or something unknown is named, or a document that the scanner refused is left out.
    """
    _check_judgeable(ctx, application)
    known = {each.key for each in askables_of(dossier_of(application))}
    refused = {document_key(each.kind, each.organisation_id) for each in infected_documents(application)}
    refuse_if(problems_before_asking(asked, known, refused & known, due_at, ctx.now))
    request = CompletionRequest(
        application_id=application.id,
        rules=list(rules),
        asked={key: text.strip() for key, text in asked.items()},
        message=message,
        due_at=due_at,
        asked_at=ctx.now,
        asked_by_id=_judge(ctx),
    )
    db.session.add(request)
    db.session.flush()
    advance(ctx, application, Action.RETURN, completion_request_id=request.id, due_at=due_at)
    return request


def admit_application(ctx: Ctx, application: Application) -> None:
    """Find the application admissible; RuleViolation while a judged half is open or not met, the claim is unconfirmed,
    the strategy is not recognised, or a document was refused by the virus scanner.
    """
    _check_judgeable(ctx, application)
    refuse_if(
        problems_before_admitting(
            dossier_of(application),
            judgements_of(application),
            is_claim_confirmed=application.promotor.confirmed_at is not None,
            has_infected_document=bool(infected_documents(application)),
        )
    )
    advance(ctx, application, Action.ADMIT)


def refuse_admission(ctx: Ctx, application: Application, reason: str) -> None:
    """Find the application inadmissible; ``reason`` is told to the applicant."""
    _check_judgeable(ctx, application)
    if not reason.strip():
        raise RuleViolation([Problem("reason-missing", _l("Give a reason for your judgement."), "reason")])
    advance(ctx, application, Action.REFUSE_ADMISSION)
    application.feedback = {**(application.feedback or {}), "inadmissible_reason": reason}


def _check_judgeable(ctx: Ctx, application: Application) -> None:
    if State(application.state) not in (State.SUBMITTED, State.RETURNED):
        raise IllegalTransition(WORKFLOW.name, "judge", application.state)
    if ctx.now <= closes_at_for(application):
        message = _l("The round is still open. Admissibility is judged once it has closed.")
        raise RuleViolation([Problem("round-still-open", message)])


def _judge(ctx: Ctx) -> int:
    if ctx.actor.person_id is None:
        raise NotFound
    return ctx.actor.person_id
