"""The shapes of the forms around messages: the log's filters, kept in the address, and reasons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select
from wtforms import DateField, HiddenField, SearchField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional, Regexp

from portal.core.clock import brussels_moment
from portal.core.errors import Problem
from portal.core.forms import PortalForm, ProseField, stripped
from portal.core.text import _l
from portal.core.web import translate
from portal.notifications.kind_words import KINDS
from portal.notifications.log_queries import DeliveryFilter, Subjects
from portal.notifications.models import DeliveryState
from portal.notifications.presenters import STATES
from portal.notifications.table import NOTIFICATIONS

UNKNOWN = Problem("about-unknown", _l("No round or application is known by this reference."), "about")


class DeliveriesFilter(PortalForm):
    class Meta:
        csrf = False

    state = SelectField(_("What became of it"), [Optional()], choices=[])
    notification = SelectField(_("Kind of message"), [Optional()], choices=[])
    recipient = SearchField(_("Address, or part of a name"), [Optional(), Length(max=200)], filters=[stripped])
    about = SearchField(_("Round or application"), [Optional(), Length(max=60)], filters=[stripped])
    since = DateField(_("From"), [Optional()])
    until = DateField(_("Up to and including"), [Optional()])
    sending = HiddenField(validators=[Regexp(r"[0-9]{0,18}$")])  # comes from the page of what one action told many
    cause = HiddenField(validators=[Length(max=300)])  # comes from the page of parked messages

    def offer(self) -> None:
        """Offer every state and every kind of message."""
        words = {each.name: translate(KINDS.get(each.name, each.name)) for each in NOTIFICATIONS}
        kinds = [SelectChoice(name, words[name]) for name in sorted(words, key=words.__getitem__)]
        self.notification.choices = [SelectChoice("", _("All messages")), *kinds]
        states = [SelectChoice(str(state), translate(STATES[state].text)) for state in DeliveryState]
        self.state.choices = [SelectChoice("", _("All states")), *states]

    def asked(self, about: Subjects, event_ids: Select[Any] | None) -> DeliveryFilter:
        """Return what to look for; ``about`` and ``event_ids`` are what the reference and the sending stand for."""
        return DeliveryFilter(
            state=DeliveryState(self.state.data) if self.state.data else None,
            notification=self.notification.data or None,
            recipient=self.recipient.data or "",
            cause=self.cause.data or "",
            about=about,
            event_ids=event_ids,
            since=brussels_moment(self.since.data) if self.since.data else None,
            before=brussels_moment(self.until.data + timedelta(days=1)) if self.until.data else None,
        )


class StopForm(PortalForm):
    """Why messages are held back."""

    reason = ProseField(
        _("Reason"),
        [InputRequired(_("Give the reason: it is kept with the message."))],
        description=_("Administrators and auditors read it."),
        max_characters=1000,
    )


class HoldBackForm(PortalForm):
    """Why what has not left of one action's messages is held back; asked where the law or a right hangs on them."""

    reason = ProseField(
        _("Reason"), [Optional()], description=_("Administrators and auditors read it."), max_characters=1000
    )
