"""Handing in: submit before the deadline, complete what was asked within its due date."""

from __future__ import annotations

from collections.abc import Iterable

from portal.applications.admissibility import Asked
from portal.applications.checklist import problems_before_completing, problems_before_submission
from portal.applications.dossier import Dossier
from portal.applications.dossiers import dossier_of, list_snapshots, open_request
from portal.applications.events import SubmissionRefused
from portal.applications.models import Application, Snapshot
from portal.applications.snapshot import accepted_before, freeze
from portal.applications.states import WORKFLOW, Action, State
from portal.core.advance import advance
from portal.core.context import Ctx
from portal.core.errors import IllegalTransition, Problem, RuleViolation
from portal.core.event_log import record_apart
from portal.core.text import _l


def submit_application(ctx: Ctx, application: Application, *, accepted: frozenset[str]) -> Snapshot:
    """Freeze the whole application and hand it in; ``accepted`` are the codes of the ticked declarations.

    Raises IllegalTransition where it is not a draft (a second submission too), and RuleViolation with everything
    that is missing; that refusal is recorded apart.
    """
    _check_action(application, Action.SUBMIT)
    dossier = dossier_of(application)
    _refuse_if(ctx, application, problems_before_submission(dossier, Asked(ctx.now, ctx.actor, accepted)))
    snapshot = _freeze(ctx, application, dossier, accepted)
    application.submitted_by_id = ctx.actor.person_id
    advance(
        ctx,
        application,
        Action.SUBMIT,
        round_id=application.round_id,
        snapshot_sha256=snapshot.sha256,
        requested_amount=application.requested_amount,
    )
    return snapshot


def complete_application(ctx: Ctx, application: Application) -> Snapshot:
    """Hand in what was asked, with a snapshot of its own; ``submitted_at`` stays the moment of the submission.

    Raises IllegalTransition where nothing is asked, and RuleViolation after the due moment or for whatever would refuse
    a submission but the round's deadline; that refusal is recorded apart. The declarations accepted at the submission
    stand.
    """
    _check_action(application, Action.COMPLETE)
    request = open_request(application)
    if request is None:
        raise IllegalTransition(WORKFLOW.name, Action.COMPLETE, application.state)
    dossier, accepted = dossier_of(application), accepted_before(list_snapshots(application))
    asked = Asked(ctx.now, ctx.actor, accepted)
    _refuse_if(ctx, application, problems_before_completing(dossier, asked, request.due_at))
    snapshot = _freeze(ctx, application, dossier, accepted)
    submitted_at = application.submitted_at
    request.completed_at = ctx.now
    advance(ctx, application, Action.COMPLETE, completion_request_id=request.id, snapshot_sha256=snapshot.sha256)
    application.submitted_at = submitted_at
    return snapshot


def _check_action(application: Application, action: Action) -> None:
    if WORKFLOW.find(State(application.state), action) is None:
        since = getattr(application, f"{application.state}_at", None)
        raise IllegalTransition(WORKFLOW.name, action, application.state, since)


def _refuse_if(ctx: Ctx, application: Application, found: Iterable[Problem]) -> None:
    problems = list(found)
    if ctx.is_overdue:
        problems.append(Problem("arrived-too-slowly", _l("The submission did not arrive whole. Submit again.")))
    if problems:
        codes = " ".join(dict.fromkeys(each.code for each in problems))
        record_apart(ctx, SubmissionRefused(application_id=application.id, codes=codes))
        raise RuleViolation(problems)


def _freeze(ctx: Ctx, application: Application, dossier: Dossier, accepted: frozenset[str]) -> Snapshot:
    snapshot = freeze(ctx, application, dossier, number=len(list_snapshots(application)) + 1, accepted=accepted)
    application.requested_amount = dossier.requested_amount
    application.minimum_amount = dossier.minimum_amount
    duration = next((rule for rule in dossier.terms.rules if rule.check == "duration"), None)
    if duration is not None:
        application.starts_on = dossier.day(str(duration.parameters["start"]))
        application.ends_on = dossier.day(str(duration.parameters["end"]))
    return snapshot
