"""The filters of the event log, kept in the address, and the reasons for turning a switch and for pausing work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, IntegerField, SearchField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional

from portal.calls.reminding import KIND_WORDS
from portal.core.clock import brussels_moment
from portal.core.event_reading import EventFilter
from portal.core.events import event_types
from portal.core.forms import PortalForm, ProseField, stripped
from portal.core.web import translate
from portal.desk.topic_words import TOPICS


class EventsFilter(PortalForm):
    class Meta:
        csrf = False

    topic = SelectField(_("Kind of event"), [Optional()], choices=[])
    subject = SearchField(_("Reference, round or enterprise number"), [Optional()], filters=[stripped])
    actor = IntegerField(_("Person (number)"), [Optional(), NumberRange(min=1, max=2**62)])
    since = DateField(_("From"), [Optional()])
    until = DateField(_("Up to and including"), [Optional()])

    def offer(self) -> None:
        """Offer every kind of event that the portal can record."""
        words = {topic: str(translate(TOPICS.get(topic, topic))) for topic in event_types()}
        topics = [SelectChoice(topic, words[topic]) for topic in sorted(words, key=words.__getitem__)]
        self.topic.choices = [SelectChoice("", _("All events")), *topics]

    def asked(self, subjects: Iterable[tuple[str, int]]) -> EventFilter:
        """Return what to look for; ``subjects`` are the rows that the reference typed here stands for."""
        return EventFilter(
            topic=self.topic.data or None,
            actor_id=self.actor.data,
            subjects=tuple(subjects),
            since=brussels_moment(self.since.data) if self.since.data else None,
            before=brussels_moment(self.until.data + timedelta(days=1)) if self.until.data else None,
        )


class SwitchForm(PortalForm):
    """``position`` is where the switch goes, so that a form sent twice does not turn it back."""

    position = HiddenField(validators=[AnyOf(["on", "off"])])
    reason = ProseField(
        _("Reason"),
        [InputRequired(_("Give a reason: it is kept beside the switch."))],
        max_characters=1500,
    )


class PauseForm(PortalForm):
    reason = ProseField(_("Reason"), [InputRequired(_("Give a reason: your colleagues read it."))], max_characters=500)


class LeadForm(PortalForm):
    amount = IntegerField(
        _("How long before"),
        [InputRequired(_("Write a whole number."))],
        description=_("1 to 60 days, or 1 to 72 hours."),
    )
    unit = SelectField(
        _("Unit"),
        [InputRequired()],
        choices=[SelectChoice("days", _("days")), SelectChoice("hours", _("hours"))],
        description=_("Days keep the time of the clock; a last day is reminded of at nine in the morning."),
    )


class AddReminderForm(LeadForm):
    kind = SelectField(
        _("What about"),
        [InputRequired()],
        choices=[SelectChoice(str(kind), _(str(words))) for kind, words in KIND_WORDS.items()],
    )


class OnOffForm(PortalForm):
    position = HiddenField(validators=[AnyOf(["on", "off"])])
