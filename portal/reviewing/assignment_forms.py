"""The shapes of the forms with which a case officer asks, changes and releases a proposal of reviewers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import DateField, FileField, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from portal.core.forms import PortalForm


class AskForm(PortalForm):
    wanted = IntegerField(
        _("Reviewers for each application"),
        [InputRequired(_("Give a whole number."))],
        description=_("In all: reviewers who were invited already count."),
    )
    due_on = DateField(
        _("Reviews due on"),
        [InputRequired(_("Choose the day by which the reviews are due."))],
        description=_("Whoever is away for too long before that day is not proposed."),
    )


class ReplaceForm(PortalForm):
    # Whoever may not is no choice on the page; the command says why.
    reviewer = RadioField(
        _("Reviewer"), [InputRequired(_("Choose a reviewer."))], coerce=int, choices=[], validate_choice=False
    )


class VersionForm(PortalForm):
    """Holds which proposal the page showed."""

    version = IntegerField(widget=HiddenInput())


class TableForm(VersionForm):
    file = FileField(_("Table (CSV)"))
    table = StringField(widget=HiddenInput())  # what the dry run read, for the second step
