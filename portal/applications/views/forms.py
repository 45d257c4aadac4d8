"""The shapes of the forms with which an application is handed in, withdrawn and judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from portal.applications.changing import LONGEST_REASON
from portal.applications.completion import LONGEST_ASK, Askable
from portal.applications.states import SHARE_LABELS, VERDICT_LABELS
from portal.core.forms import MomentField, PortalForm, ProseField
from portal.core.web import translate


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
    """The fields of what can be asked come from ``completion_form``; one that stays empty is not asked."""

    keys: Mapping[str, str]
    message = ProseField(_("What do you say of the whole?"), max_characters=1500)
    rules = SelectMultipleField(_("Which rules does it concern?"))
    due_at = MomentField(_("To be completed by"), [InputRequired(_("Fill in a moment."))])

    def asked(self) -> dict[str, str]:
        """Return what is asked, by the key of what opens again."""
        return {key: self[name].data for name, key in self.keys.items() if self[name].data}


def completion_form(items: Iterable[Askable]) -> CompletionForm:
    """Return the form with a field for each thing that can be asked."""
    listed = list(items)
    fields: dict[str, Any] = {each.name: ProseField(_label(each), max_characters=LONGEST_ASK) for each in listed}
    fields["keys"] = {each.name: each.key for each in listed}
    form: CompletionForm = type("CompletionFormOf", (CompletionForm,), fields)()
    return form


def _label(item: Askable) -> str:
    label = translate(item.label)
    return f"{label}, {item.organisation}" if item.organisation else label


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


class PromotorForm(PortalForm):
    organisation = RadioField(
        _("Who leads from now on?"), [InputRequired(_("Choose a partner from the list."))], coerce=int
    )
    reason = ProseField(
        _("Why do you ask this?"),
        [InputRequired(_("Give a reason."))],
        description=_("The partners and the case officer read it."),
        max_characters=LONGEST_REASON,
    )


class LeavingForm(PortalForm):
    organisation = RadioField(
        _("Which partner leaves?"), [InputRequired(_("Choose a partner from the list."))], coerce=int
    )
    share_goes = RadioField(
        _("What happens with its share of the budget?"),
        [InputRequired(_("Choose what happens with its share."))],
        choices=[SelectChoice(str(value), _(str(label))) for value, label in SHARE_LABELS.items()],
        description=_("What you handed in stays as it is. The case officer reads this beside it."),
    )
    reason = ProseField(
        _("Why do you ask this?"),
        [InputRequired(_("Give a reason."))],
        description=_("The partners and the case officer read it."),
        max_characters=LONGEST_REASON,
    )


class DecideChangeForm(PortalForm):
    verdict = RadioField(
        _("Your decision"),
        [InputRequired(_("Choose to grant or to refuse the change."))],
        choices=[SelectChoice("grant", _("Grant the change")), SelectChoice("refuse", _("Refuse the change"))],
    )
    reason = ProseField(
        _("Reason"),
        [InputRequired(_("Give a reason for your decision."))],
        description=_("The partners read it."),
        max_characters=LONGEST_REASON,
    )
