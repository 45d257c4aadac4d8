"""Two windows of one reviewer changed the same field: both texts whole, side by side, and the choice between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, request
from flask_babel import gettext as _
from markupsafe import Markup

from portal.applications.marks import marked_words
from portal.core.web import render, translate
from portal.reviewing.forms import ReviewForm
from portal.reviewing.models import Review
from portal.reviewing.states import CONFIDENCES, Confidence
from portal.reviewing.typed import CANNOT_JUDGE, CONFIDENCE, Typed, mark_of, merge_typed, standing
from portal.reviewing.views.review_form import Sheet

MINE, THEIRS, BOTH = "mine", "theirs", "both"


@dataclass(frozen=True, slots=True)
class Clash:
    """One field with its two texts; only words can be written together, a score cannot."""

    name: str
    label: str
    mine: str | Markup
    theirs: str | Markup
    mark: str
    can_merge: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen between two texts. A window that was never asked chose nothing, and sends everything.

    ``typed`` is what is to be saved, ``unchosen`` the fields without a choice, ``together`` two texts to be edited into one.
    """

    typed: Typed
    unchosen: frozenset[str]
    together: Mapping[str, str]


def choices_of(sheet: Sheet, there: Mapping[str, str]) -> Choices:
    """Return what to save: where the other window's text is kept, mine is left out."""
    typed = sheet.typed
    values, together, unchosen = dict(typed.values), dict[str, str](), set[str]()
    for name in set(request.form.getlist("conflict")) & set(values):
        choice = request.form.get(f"keep-{name}")
        if choice == BOTH and is_text(name):
            together[name] = "\n\n".join(filter(None, (values.pop(name), there.get(name))))
        elif choice == THEIRS:
            values.pop(name)
        elif choice != MINE:
            unchosen.add(name)
    return Choices(Typed(values, typed.version, typed.started), frozenset(unchosen), together)


def is_text(name: str) -> bool:
    """Return whether a field holds words of the reviewer's own."""
    return not name.endswith("-score") and name != CONFIDENCE


def show_clash(review: Review, sheet: Sheet, unchosen: frozenset[str] = frozenset()) -> Response:
    """Render both texts of every field that two windows changed (409); everything typed travels along."""
    there, typed = standing(review, sheet.draft), sheet.typed
    asked = {*merge_typed(review, sheet.draft, typed).conflicts, *unchosen}
    return render(
        "reviewing/clash.html",
        409,
        review=review,
        clashes=[
            _clash(sheet.form, name, typed.values[name], there.get(name, "")) for name in typed.values if name in asked
        ],
        unchosen=unchosen,
        version=sheet.form.version.data or 0,
        sent=[(name, text) for name, text in request.form.items() if _travels(name, asked)],
    )


def _travels(name: str, asked: set[str]) -> bool:
    own = ("csrf_token", "version", "seal", "then", "conflict", "draft")
    return (
        name not in own
        and not name.startswith("keep-")
        and name.removeprefix("base-") not in (asked if name.startswith("base-") else ())
    )


def _clash(form: ReviewForm, name: str, mine: str, theirs: str) -> Clash:
    label, mark = str(form[name].label.text), mark_of(theirs)
    if not is_text(name):
        return Clash(name, label, choice_words(name, mine), choice_words(name, theirs), mark, can_merge=False)
    marked_mine, marked_theirs = marked_words(mine, theirs) if mine and theirs else (None, None)
    return Clash(name, label, marked_mine or _said(mine), marked_theirs or _said(theirs), mark, can_merge=True)


def choice_words(name: str, value: str) -> str:
    """Return a score or a confidence in words."""
    if name == CONFIDENCE and value in set(Confidence):
        return translate(CONFIDENCES[Confidence(value)])
    if value == CANNOT_JUDGE:
        return str(_("I cannot judge this criterion"))
    return str(_("%(score)s of 10", score=value) if value else _("No score yet."))


def _said(text: str) -> str:
    return text or str(_("Nothing written yet."))
