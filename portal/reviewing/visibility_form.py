"""The shape of the form in which an administrator says what a round's reviewers see."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from portal.core.forms import PortalForm, ProseField
from portal.core.text import Msg
from portal.reviewing.visibility import LEVELS, NAMINGS, TIMES, Level, Matrix, Naming, Times

_NEEDED = _("Choose one.")


def _choices(labels: dict[Any, Msg]) -> list[SelectChoice]:
    return [SelectChoice(str(value), _(str(label))) for value, label in labels.items()]


class VisibilityForm(PortalForm):
    reviews = RadioField(
        _("When does a reviewer read the others' scores, reasons and texts?"),
        [InputRequired(_NEEDED)],
        description=_(
            "Everything computed from them goes along: how many are in, totals, spread. Notes to the case officer are never shown."
        ),
        choices=_choices(LEVELS),
    )
    identities = RadioField(
        _("When does a reviewer learn who the others are?"),
        [InputRequired(_NEEDED)],
        description=_("Applicants never learn who reviewed their application."),
        choices=_choices(LEVELS),
    )
    naming = RadioField(
        _("Do reviewers learn whose application it is?"), [InputRequired(_NEEDED)], choices=_choices(NAMINGS)
    )
    times = RadioField(
        _("What do reviewers see of when another review was submitted?"),
        [InputRequired(_NEEDED)],
        choices=_choices(TIMES),
    )
    reason = ProseField(
        _("Why does this change?"),
        description=_("Needed once reviewers are invited. It stands on this page, for the department alone."),
        max_characters=1000,
    )

    def matrix(self) -> Matrix:
        """Return what was chosen; call it after the form validated."""
        return Matrix(
            Level(self.reviews.data), Level(self.identities.data), Naming(self.naming.data), Times(self.times.data)
        )


class PreviewForm(PortalForm):
    """Whose eyes, in the address: looking changes nothing."""

    class Meta:
        csrf = False

    review = SelectField(_("Application and reviewer"), [InputRequired(_NEEDED)], coerce=int, choices=[])


def values_of(matrix: Matrix) -> dict[str, StrEnum]:
    """Return the matrix as the values of the form's fields."""
    return {name: getattr(matrix, name) for name in ("reviews", "identities", "naming", "times")}
