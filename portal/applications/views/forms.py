"""The shapes of the forms with which an application is handed in, withdrawn and judged."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from portal.applications.states import VERDICT_LABELS
from portal.core.forms import MomentField, PortalForm, ProseField


class StartForm(PortalForm):
    partnership = RadioField(
        _("For which partnership do you apply?"), [InputRequired(_("Choose a partnership."))], coerce=int
    )
    earlier = RadioField(_("What does the draft begin with?"), default="")


class SubmitForm(PortalForm):
    accepted = SelectMultipleField(_("I declare for the lead partner"))


class RestoreForm(PortalForm):
    seen = IntegerField(validators=[InputRequired(_("Open the page again."))], widget=HiddenInput())


class WithdrawForm(PortalForm):
    reason = ProseField(
        _("Why do you withdraw the application?"), [InputRequired(_("Give a reason."))], max_characters=1500
    )


class JudgeForm(PortalForm):
    verdict = RadioField(
        _("Your judgement"),
        [InputRequired(_("Choose a judgement."))],
        choices=[SelectChoice(str(value), _(str(label))) for value, label in VERDICT_LABELS.items()],
    )
    reason = ProseField(_("Reason"), [InputRequired(_("Give a reason for your judgement."))], max_characters=1500)


class CompletionForm(PortalForm):
    rules = SelectMultipleField(_("What must be completed?"))
    message = ProseField(_("Message to the applicant"), [InputRequired(_("Say what is missing."))], max_characters=1500)
    due_at = MomentField(_("To be completed by"), [InputRequired(_("Fill in a moment."))])


class ExtensionForm(PortalForm):
    closes_at = MomentField(
        _("Until when can it be handed in?"),
        [InputRequired(_("Fill in a moment."))],
        description=_("Brussels time, to the minute."),
    )
    reason = ProseField(
        _("Why does this application get more time?"),
        [InputRequired(_("Give a reason: the applicants read it."))],
        description=_("The applicants and the department read it on the timeline and in the message."),
        max_characters=1500,
    )
    is_confirmed = HiddenField()


class InadmissibleForm(PortalForm):
    reason = ProseField(
        _("Why is the application inadmissible?"),
        [InputRequired(_("Give a reason for your judgement."))],
        max_characters=1500,
    )
