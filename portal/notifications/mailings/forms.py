"""The shapes of the forms around mailings."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from portal.calls.models import Programme, Round
from portal.core.forms import LineField, MomentField, PortalForm, ProseField
from portal.notifications.mailings.commands import MailingPlan
from portal.notifications.mailings.states import AUDIENCES, Audience

LONGEST_SUBJECT = 150
LONGEST_BODY = 8000


class MailingForm(PortalForm):
    audience = RadioField(
        _("To whom"),
        [InputRequired(_("Choose to whom you write."))],
        choices=[SelectChoice(str(each), _(str(words))) for each, words in AUDIENCES.items()],
    )
    round = SelectField(_("Round"), [Optional()], choices=[])
    programme = SelectField(_("Programme"), [Optional()], choices=[])
    subject_nl = LineField(
        _("Subject in Dutch"), [InputRequired(_("Write a subject in Dutch.")), Length(max=LONGEST_SUBJECT)]
    )
    body_nl = ProseField(
        _("Message in Dutch"),
        [InputRequired(_("Write the message in Dutch."))],
        description=_(
            "Plain text; a blank line begins a new paragraph. Write the greeting yourself; the portal adds the foot."
        ),
        max_characters=LONGEST_BODY,
    )
    subject_en = LineField(_("Subject in English"), [Optional(), Length(max=LONGEST_SUBJECT)])
    body_en = ProseField(
        _("Message in English"),
        [Optional()],
        description=_("Without it, who reads English gets the Dutch, with a line that says so."),
        max_characters=LONGEST_BODY,
    )

    def offer(self, rounds: Sequence[str], programmes: Sequence[str]) -> None:
        """Offer the rounds and programmes there are, by their codes."""
        none = SelectChoice("", _("Choose"))
        self.round.choices = [none, *(SelectChoice(code, code) for code in rounds)]
        self.programme.choices = [none, *(SelectChoice(code, code) for code in programmes)]

    def plan(self, round_: Round | None, programme: Programme | None) -> MailingPlan:
        """Return what was filled in; call it after the form validated."""
        return MailingPlan(
            audience=Audience(self.audience.data),
            round=round_,
            programme=programme,
            subject_nl=self.subject_nl.data,
            body_nl=self.body_nl.data,
            subject_en=self.subject_en.data or "",
            body_en=self.body_en.data or "",
        )


class SendForm(PortalForm):
    """Now, or at a moment. ``seen`` is the digest of whom the page named."""

    seen = HiddenField()
    send_at = MomentField(
        _("Moment"), [Optional()], description=_("Brussels time, to the minute. Leave it empty to send now.")
    )
