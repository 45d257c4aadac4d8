"""The applicant's way in: the list of applications, and one application as a list of tasks."""

from __future__ import annotations

from flask import Response

from portal.applications import policies, queries
from portal.applications.admissibility import Asked
from portal.applications.checklist import rule_states
from portal.applications.closing import applicant_words, closes_at_for
from portal.applications.document_slots import slots_of
from portal.applications.dossiers import dossier_of, judgements_of, open_request
from portal.applications.models import Application
from portal.applications.sign_offs import sign_states
from portal.applications.states import State
from portal.applications.tasks import count_unmet, next_task, partner_changes, tasks_of
from portal.applications.views.blueprint import bp
from portal.applications.views.completing import asked_items
from portal.applications.views.inside import left_of, touches_of
from portal.calls.queries import terms_of
from portal.core.web import ctx, current_actor, render
from portal.partnerships.states import ROLE_LABELS


@bp.page("/applications", policy=policies.LIST)
def applications() -> Response:
    """List the applications of all organisations I act for, the latest begun first."""
    at = ctx().now
    found = queries.list_applications_of(each.organisation_id for each in current_actor().mandates)
    rows = [(each, applicant_words(each, at), terms_of(each.round), closes_at_for(each)) for each in found]
    return render("applications/applications.html", rows=rows, at=at)


@bp.page("/applications/<ref>", policy=policies.SEE, load=queries.get_application)
def application(application: Application) -> Response:
    """Show what an application still asks, who touched what, and whether it would be admissible now."""
    asked, dossier = ctx(), dossier_of(application)
    check = Asked(asked.now, asked.actor)
    tasks = tasks_of(dossier, touches_of(application), check)
    is_draft = application.state is State.DRAFT
    states = rule_states(dossier, check, {} if is_draft else judgements_of(application))
    completion = open_request(application) if application.state is State.RETURNED else None
    deadline = completion.due_at if completion else closes_at_for(application)
    return render(
        "applications/application.html",
        application=application,
        dossier=dossier,
        words=applicant_words(application, asked.now),
        tasks=tasks,
        next=next_task(tasks),
        states=states,
        unmet=count_unmet(states),
        completion=completion,
        asked_items=asked_items(application, completion) if completion else [],
        deadline=deadline,
        is_open=(is_draft or completion is not None) and asked.now <= deadline,
        roles=ROLE_LABELS,
        left=left_of(application),
        slots=slots_of(dossier, application.attachments),
        sign_offs=sign_states(application, dossier),
        changes=partner_changes(application),
        kept=queries.list_unsent_texts(application.id, asked.actor.person_id or 0),
    )
