"""The auditor's event log: filtered, page by page, and as a table to take along. Reading it is an event too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from portal.core.chain import newest_link
from portal.core.clock import BRUSSELS
from portal.core.csv_table import MEDIA_TYPE, as_csv
from portal.core.errors import Problem
from portal.core.event_log import EventRow
from portal.core.event_reading import EventFilter, list_events, page_events
from portal.core.paging import Page
from portal.core.text import _l
from portal.core.web import render, translate
from portal.desk import log_subjects, policies
from portal.desk.forms import EventsFilter
from portal.desk.log_words import Named, facts_of, names_in
from portal.desk.topic_words import TOPICS, cause_of
from portal.desk.views.blueprint import bp

MOST_EXPORTED = 5000
UNKNOWN = Problem(
    "subject-unknown",
    _l(
        "Nothing is known by this reference. Write an application, a round, an enterprise number, or a kind and its number."
    ),
    "subject",
)


@bp.page("/audit/events", policy=policies.READ_EVENTS)
def events() -> Response:
    """Show the log, the newest event first, with how far its chain is laid."""
    form, asked = _filters()
    page = page_events(asked, request.args.get("after")) if asked is not None else Page([], None)
    names = log_subjects.names_of(names_in(page.rows))
    return render(
        "desk/events.html",
        filters=form,
        page=page,
        names=names,
        facts={row.id: list(facts_of(row, names)) for row in page.rows},
        sealed=newest_link(),
        topics=TOPICS,
        cause_of=cause_of,
        most=MOST_EXPORTED,
        here={name: value for name, value in request.args.items() if name != "after" and value},
    )


@bp.page("/audit/events.csv", policy=policies.READ_EVENTS)
def events_csv() -> Response:
    """Give the filtered log as CSV: the same events and the same columns as the page."""
    _form, asked = _filters()
    rows = list_events(asked, MOST_EXPORTED) if asked is not None else []
    names = log_subjects.names_of(names_in(rows))
    header = [_("Number"), _("Moment"), _("Kind of event"), _("About"), _("By"), _("Particulars")]
    answer = Response(as_csv(header, _table(rows, names)), content_type=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = 'attachment; filename="events.csv"'
    return answer


def _filters() -> tuple[EventsFilter, EventFilter | None]:
    """Return the form, and what it asks for: None where something in it is not right."""
    form = EventsFilter(request.args)
    form.offer()
    typed = form.subject.data
    subject = log_subjects.find_subject(typed) if typed else None
    is_sound = form.validate()
    if typed and subject is None:
        form.show_problems([UNKNOWN])
        is_sound = False
    return form, form.asked(log_subjects.subjects_around(subject) if subject else ()) if is_sound else None


def _table(rows: Sequence[EventRow], names: dict[Named, str]) -> Iterator[Sequence[object]]:
    for row in rows:
        said = (f"{translate(fact.label)}: {_exact(fact.value)}" for fact in facts_of(row, names))
        by = names.get(("person", row.actor_id or 0), translate(cause_of(row.actor_kind)))
        about = names.get((row.subject, row.subject_id), f"{row.subject} {row.subject_id}")
        yield row.id, _exact(row.occurred_at), row.topic, about, by, "; ".join(said)


def _exact(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(BRUSSELS).isoformat(sep=" ")
    if isinstance(value, date | Decimal):
        return str(value)
    return translate(value) if isinstance(value, str) else str(value)
