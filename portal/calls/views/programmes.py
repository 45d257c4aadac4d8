"""Programmes and calls as they were loaded: read by staff, changed in their files."""

from __future__ import annotations

from flask import Response

from portal.calls import policies, queries, rules
from portal.calls.models import Call
from portal.calls.question_words import QUESTION_KINDS
from portal.calls.states import PHASES
from portal.calls.views.blueprint import bp
from portal.core.errors import NotFound
from portal.core.web import arrived_at, language, render


@bp.page("/admin/programmes", policy=policies.READ_PROGRAMMES)
def programmes() -> Response:
    """Show every programme with its calls."""
    calls = queries.list_calls()
    listed = [
        (each.definition, [(call, call.definition) for call in calls if call.programme_id == each.id])
        for each in queries.list_programmes()
    ]
    return render("calls/programmes.html", programmes=listed)


@bp.page("/admin/calls/<programme>/<code>", policy=policies.READ_CALL, load=queries.get_call)
def call_terms(call: Call) -> Response:
    """Show a call whole: caps, rules, criteria, form and documents, and its rounds."""
    at, newest = arrived_at(), queries.latest_form(call.id)
    if newest is None:
        raise NotFound
    return render(
        "calls/call_terms.html",
        call=call,
        terms=call.definition,
        form_version=newest,
        definition=newest.definition,
        documents=[(each.slug, each.title[language()]) for each in queries.list_documents(call.id)],
        rounds=[(each, rules.phase(each, at)) for each in queries.list_rounds_of(call.id)],
        phases=PHASES,
        kinds=QUESTION_KINDS,
    )
