"""What a draft took over when it began, question by question, and what of an earlier application it could not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response

from portal.applications import policies
from portal.applications.carrying import SOURCE_WORDS, LeftBehind, answers_left_behind
from portal.applications.commands.copying import copied_lines
from portal.applications.merging import is_same
from portal.applications.models import Application
from portal.applications.queries import answers_of, find_copied, get_application
from portal.applications.views.blueprint import bp
from portal.calls.queries import form_of
from portal.core.text import Msg, Text, _l
from portal.core.web import render


@dataclass(frozen=True, slots=True)
class Taken:
    """One answer that the draft began with, and whether somebody changed it since."""

    section: str
    label: Text
    source: Msg
    is_changed: bool


@bp.page("/applications/<ref>/taken-over", policy=policies.SEE, load=get_application)
def taken_over(application: Application) -> Response:
    """List what the draft began with, from where, and what stayed behind; it shows no answer of the earlier one."""
    earlier = find_copied(application)
    return render(
        "applications/taken_over.html",
        application=application,
        earlier=earlier,
        taken=list(_taken(application)),
        left=list(_left(application, earlier)) if earlier else [],
    )


def _taken(application: Application) -> Iterator[Taken]:
    rows = {each.code: each for each in application.sections}
    for section in form_of(application.round).sections:
        row = rows.get(section.code)
        for question in section.questions if row else ():
            carried = row.carried.get(question.key) if row else None
            if row and carried:
                is_changed = not is_same(carried["answer"], row.answers.get(question.key))
                yield Taken(section.code, question.label, SOURCE_WORDS[carried["source"]], is_changed)


def _left(application: Application, earlier: Application) -> Iterator[LeftBehind]:
    carried = {key for section in application.sections for key in section.carried}
    yield from answers_left_behind(form_of(earlier.round), answers_of(earlier), carried)
    stayed = len(earlier.lines) - len(copied_lines(earlier, application))
    if stayed:
        why = _l("They are of a partner who left, of a category that this call does not have, or of another year.")
        yield LeftBehind(_l("Costs of the budget: %(count)s", count=stayed), why)
    if any(each.removed_at is None for each in earlier.attachments):
        why = _l("They were made and signed for that application, and attests expire: attach them anew.")
        yield LeftBehind(_l("Documents"), why)
    if any(each.earlier_aid or each.declarations for each in earlier.parts):
        why = _l("They are of the time when they were made: each partner makes them anew.")
        yield LeftBehind(_l("De-minimis aid and declarations of the partners"), why)
