"""Every version of a review that was handed in, and what its reviewer changed in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response
from markupsafe import Markup

from portal.applications.marks import marked_change
from portal.calls.queries import terms_of
from portal.core.web import current_actor, language, render
from portal.reviewing import policies, queries
from portal.reviewing.forms import review_form
from portal.reviewing.models import Review, ReviewVersion
from portal.reviewing.rules import read_scores
from portal.reviewing.typed import CONFIDENCE, TEXTS, fields_of, typed_as
from portal.reviewing.views.blueprint import bp
from portal.reviewing.views.clash import choice_words, is_text


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs from the version before: both in words, or one text with what went and what came marked."""

    label: str
    before: str
    now: str
    marked: Markup | None


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One version, counted from 1, with its total of 100 and what was changed since the one before."""

    place: int
    row: ReviewVersion
    changes: Sequence[FieldChange]


@bp.page("/reviews/<int:review_id>/versions", policy=policies.READ_VERSIONS, load=queries.get_review)
def versions(review: Review) -> Response:
    """Show what was handed in each time, the latest first, to its reviewer and to the staff."""
    criteria = terms_of(review.application.round).criteria
    labels = {each.name: str(each.label.text) for each in review_form(criteria, language())(formdata=None)}
    fields, rows = fields_of(criteria), queries.list_versions(review.id)
    shown = [
        ShownVersion(
            place, row, list(_changes(fields, labels, rows[place - 2].content, row.content)) if place > 1 else ()
        )
        for place, row in enumerate(rows, start=1)
    ]
    return render(
        "reviewing/versions.html",
        review=review,
        versions=shown[::-1],
        is_own=review.reviewer_id == current_actor().person_id,
    )


def _changes(
    fields: Sequence[str], labels: Mapping[str, str], before: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[FieldChange]:
    old, new = _typed(before), _typed(now)
    for name in fields:
        was, is_now = old.get(name, ""), new.get(name, "")
        if was == is_now:
            continue
        if is_text(name):
            yield FieldChange(labels[name], was, is_now, marked_change(was, is_now))
        else:
            yield FieldChange(labels[name], choice_words(name, was), choice_words(name, is_now), None)


def _typed(content: Mapping[str, Any]) -> dict[str, str]:
    texts = {name: content[name] for name in TEXTS}
    return typed_as(read_scores(content["scores"]), texts, content.get(CONFIDENCE))
