"""The score form: filled with what stands, what was held or what was typed, each field with the mark it started from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from portal.calls.definitions import CallDefinition
from portal.core.web import language
from portal.reviewing.forms import ReviewForm, review_form
from portal.reviewing.models import Review, ReviewDraft
from portal.reviewing.typed import Typed, fields_of, marks_of, standing

_BASE = "base-"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The score form of one review, its draft, and the marks that its fields started from.

    ``unsaved`` names the fields in which something else stands than what the server keeps.
    """

    form: ReviewForm
    draft: ReviewDraft | None
    started: Mapping[str, str]
    unsaved: frozenset[str]

    @property
    def typed(self) -> Typed:
        """Return what was posted, as the commands take it; nothing of it is judged here."""
        sent = {name: text for name, text in self.form.typed().items() if name in request.form}
        return Typed(sent, self.form.version.data or 0, sent_marks())

    @property
    def is_held(self) -> bool:
        return bool(self.draft and self.draft.held)

    @property
    def is_draft(self) -> bool:
        return bool(self.draft and self.draft.typed)


def sent_marks() -> dict[str, str]:
    """Return the marks that the request came with, by field."""
    found = ((name.removeprefix(_BASE), mark) for name, mark in request.form.items() if name.startswith(_BASE))
    return {name: mark for name, mark in found if mark.isascii()}


def sheet_of(review: Review, draft: ReviewDraft | None, terms: CallDefinition) -> Sheet:
    """Return the form as it is drawn, or as it was posted."""
    there = standing(review, draft)
    held = draft.held if draft and draft.held and request.method == "GET" else {"typed": {}, "started": {}}
    values = {**there, **held["typed"]}
    form: ReviewForm = review_form(terms.criteria, language())(data={**values, "version": review.version})
    fields = fields_of(terms.criteria)
    marks = {**dict.fromkeys(fields, ""), **marks_of(there), **held["started"], **sent_marks()}
    shown, known = marks_of(form.typed()), marks_of(there)
    unsaved = frozenset(name for name in fields if shown[name] != known.get(name, "") and name not in held["typed"])
    return Sheet(form, draft, {name: marks[name] for name in fields}, unsaved if form.is_submitted() else frozenset())


def stand_anew(sheet: Sheet, review: Review, terms: CallDefinition, values: Mapping[str, str]) -> Sheet:
    """Return a form that holds ``values`` and starts from what stands now."""
    there = standing(review, sheet.draft)
    form: ReviewForm = review_form(terms.criteria, language())(
        formdata=None, data={**there, **values, "version": review.version}
    )
    fields = fields_of(terms.criteria)
    marks = {**dict.fromkeys(fields, ""), **marks_of(there)}
    changed = frozenset(name for name in values if values[name] != there.get(name, ""))
    return Sheet(form, sheet.draft, marks, changed)
