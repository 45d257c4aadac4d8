"""The shapes of the round pages' forms; moments to the minute on the Brussels clock."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, cast

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.calls.commands.rounds import RoundPlan
from portal.calls.states import POLICY_LABELS, RankingPolicy
from portal.core.forms import EuroField, MomentField, PortalForm, ProseField

NEEDED = _("Fill this in.")


class RoundForm(PortalForm):
    opens_at = MomentField(_("Opens at"), [InputRequired(NEEDED)], description=_("Brussels time, to the minute."))
    closes_at = MomentField(
        _("Closes at"), [InputRequired(NEEDED)], description=_("In time is up to and including this moment.")
    )
    decision_due_on = DateField(_("Decision due on"), [InputRequired(NEEDED)])
    projects_start_on = DateField(_("Projects start from"), [InputRequired(NEEDED)])
    budget_amount = EuroField(
        _("Budget of the round"),
        [InputRequired(NEEDED), NumberRange(min=1, message=_("A round has a budget above zero."))],
    )
    ranking_policy = SelectField(
        _("At the funding line"),
        [InputRequired()],
        choices=[SelectChoice(str(value), _(str(label))) for value, label in POLICY_LABELS.items()],
    )
    own_minimum_months = IntegerField(
        _("Own minimum duration in months"),
        [Optional(), NumberRange(min=1, max=60, message=_("Write a number of months from 1 to 60."))],
    )
    own_latest_end_on = DateField(_("Own latest end"), [Optional()])
    exception_reason = ProseField(
        _("Reason for the exception"),
        [Optional()],
        description=_("Needed with an own duration or end; it stands on the public page."),
        max_characters=1000,
    )

    def plan(self) -> RoundPlan:
        """Return what was filled in; call it after the form validated."""
        filled: dict[str, Any] = {**self.data, "exception_reason": self.exception_reason.data or None}
        filled["ranking_policy"] = RankingPolicy(filled["ranking_policy"])
        return RoundPlan(**{each.name: filled[each.name] for each in fields(RoundPlan)})


class MoveForm(PortalForm):
    seen = HiddenField()  # the digest of who is told, once the page named them
    closes_at = MomentField(_("New deadline"), [InputRequired(NEEDED)], description=_("Brussels time, to the minute."))
    reason = ProseField(
        _("Public reason"), [InputRequired(_("Give the reason: everybody reads it."))], max_characters=1000
    )

    @property
    def deadline(self) -> datetime:
        """The new deadline, once the form validated."""
        return cast("datetime", self.closes_at.data)


class CancelForm(PortalForm):
    seen = HiddenField()  # the digest of who is told, once the page named them
    reason = ProseField(
        _("Public reason"), [InputRequired(_("Give the reason: everybody reads it."))], max_characters=1000
    )
