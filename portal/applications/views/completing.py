"""Asking a completion by section, and reading what it changed since the application was first handed in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.applications import dossiers, policies, queries
from portal.applications.answers_shown import Shape, Value
from portal.applications.budget_view import viewer_of
from portal.applications.changes import ChangedSection, changed_sections
from portal.applications.commands import admissibility as commands
from portal.applications.completion import Askable, askables_of, asked_of
from portal.applications.marks import marked_words
from portal.applications.models import Application, CompletionRequest
from portal.applications.reading import FrozenDocument, frozen_documents, read_snapshot
from portal.applications.views.blueprint import bp
from portal.applications.views.forms import completion_form
from portal.calls.form_definitions import QuestionKind
from portal.core.errors import NotFound
from portal.core.web import ctx, current_actor, render


@bp.form("/desk/dossiers/<ref>/completion", policy=policies.JUDGE, load=queries.get_application)
def ask_completion(application: Application) -> Response | BaseResponse:
    """Ask the applicant to complete what is named, by a due moment; only that opens."""
    reference, dossier = application.reference, dossiers.dossier_of(application)
    items = askables_of(dossier)
    form = completion_form(items)
    form.rules.choices = [SelectChoice(each.code, each.code) for each in dossier.terms.rules if each.judged]
    if form.validate_on_submit() and form.due_at.data is not None:
        with form.catching_problems():
            commands.ask_completion(
                ctx(), application, form.rules.data or [], form.message.data or "", form.due_at.data, asked=form.asked()
            )
            flash(_("The applicant is asked to complete the application."), "success")
            return redirect(url_for(".dossier", ref=reference))
    return render("applications/ask_completion.html", reference=reference, form=form, dossier=dossier, items=items)


@dataclass(frozen=True, slots=True)
class AskedItem:
    """What a request asks of one thing, and the page that mends it."""

    item: Askable
    text: str
    url: str


def asked_items(application: Application, request: CompletionRequest) -> list[AskedItem]:
    """Return what a request asks, in the form's order, each with its page."""
    found = asked_of(dossiers.dossier_of(application), request.asked)
    return [AskedItem(item, text, _url_of(application.reference, item)) for item, text in found]


def _url_of(ref: str, item: Askable) -> str:
    if item.question and item.organisation_id is not None:
        return url_for(".attach_for_partner", ref=ref, kind=item.question, organisation_id=item.organisation_id)
    if item.question:
        return url_for(".attach", ref=ref, kind=item.question)
    if item.organisation_id is not None:
        return url_for(".part", ref=ref, organisation_id=item.organisation_id)
    if item.key == item.section.code:
        return url_for(".section", ref=ref, code=item.key)
    return url_for(".budget", ref=ref)


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between the first frozen version and the latest, as the reader may see it."""

    sections: list[ChangedSection]
    attached: list[FrozenDocument]
    removed: list[FrozenDocument]

    @property
    def count(self) -> int:
        return sum(len(each.changes) for each in self.sections) + len(self.attached) + len(self.removed)


@bp.page("/applications/<ref>/changes", policy=policies.SEE, load=queries.get_application)
def changes(application: Application) -> Response:
    """Show what was changed since the application was first handed in; NotFound while there is one version."""
    found = changes_of(application)
    if found is None:
        raise NotFound
    return render("applications/changes.html", application=application, changes=found, marked=marked)


def changes_of(application: Application) -> Changes | None:
    """Return what the latest version changed since the first; None where there is no later one."""
    snapshots = dossiers.list_snapshots(application)
    if len(snapshots) < 2:
        return None
    dossier, viewer = dossiers.dossier_of(application), viewer_of(current_actor(), application)
    first, latest = (json.loads(each.content) for each in (snapshots[0], snapshots[-1]))
    documents = {each.key for each in dossier.form.questions if each.kind is QuestionKind.ATTACHMENT}
    was, now = (_by_digest(application, dossier.form, each) for each in (first, latest))
    return Changes(
        changed_sections(
            read_snapshot(application, dossier, first, viewer),
            read_snapshot(application, dossier, latest, viewer),
            but=documents,
        ),
        [each for key, each in now.items() if key not in was],
        [each for key, each in was.items() if key not in now],
    )


def marked(before: Value, after: Value) -> tuple[Markup | None, Markup | None]:
    """Return both texts with the words that the other lacks marked; (None, None) for what is no text."""
    if {before.shape, after.shape} <= {Shape.PROSE, Shape.BLANK}:
        return marked_words(str(before.said or ""), str(after.said or ""))
    return None, None


def _by_digest(
    application: Application, form: Any, content: dict[str, Any]
) -> dict[tuple[str, str, str], FrozenDocument]:
    shown = frozen_documents(application, form, content)
    keys = ((each["kind"], each["enterprise_number"] or "", each["sha256"]) for each in content.get("documents", ()))
    return dict(zip(keys, shown, strict=True))
