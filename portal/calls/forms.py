"""The shapes of the round pages' forms; moments to the minute on the Brussels clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, cast

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.calls.commands.rounds import RoundPlan
from portal.calls.models import Round
from portal.calls.rules import province_field
from portal.calls.states import POLICY_LABELS, RankingPolicy
from portal.core.forms import EuroField, MomentField, PortalForm, ProseField
from portal.core.web import language
from portal.places.provinces import PROVINCES, Province

NEEDED = _("Fill this in.")


class RoundForm(PortalForm):
    """A round's plan; ``round_form`` adds a field for each province, which stays empty where it has no budget."""

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

    provinces: Sequence[EuroField]

    def plan(self) -> RoundPlan:
        """Return what was filled in; call it after the form validated."""
        filled: dict[str, Any] = {**self.data, "exception_reason": self.exception_reason.data or None}
        filled["ranking_policy"] = RankingPolicy(filled["ranking_policy"])
        amounts = {each.code: filled[province_field(each.code)] for each in PROVINCES}
        filled["province_budgets"] = {code: amount for code, amount in amounts.items() if amount is not None}
        return RoundPlan(**{each.name: filled[each.name] for each in fields(RoundPlan)})


def round_form(round_: Round | None = None) -> RoundForm:
    """Return the form of a new round, or of one that is drafted."""
    names = [province_field(each.code) for each in PROVINCES]
    made: type[RoundForm] = type(
        "ProvincesRoundForm", (RoundForm,), dict(zip(names, map(_budget_of, PROVINCES), strict=True))
    )
    known = round_.province_budgets if round_ else {}
    form = made(obj=round_, data={province_field(code): amount for code, amount in known.items()})
    form.provinces = [form[each] for each in names]
    return form


def _budget_of(province: Province) -> EuroField:
    return EuroField(
        province.name.in_language(language()),
        [Optional(), NumberRange(min=1, message=_("A province has a budget above zero, or none of its own."))],
    )


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
