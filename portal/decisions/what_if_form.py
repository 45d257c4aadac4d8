"""The form of the what-if: a scenario in the address, which is never sent anywhere that could save it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.accounts.models import Person
from portal.calls.definitions import CallDefinition, Criterion
from portal.calls.rules import PROVINCE_FIELD, province_field
from portal.calls.states import POLICY_LABELS, RankingPolicy
from portal.core.forms import EuroField, PortalForm
from portal.core.web import language
from portal.decisions.scenarios import ALL_WEIGHTS, Scenario
from portal.places.provinces import PROVINCES, Province

_WEIGHT = "weight-"
_THRESHOLD = "threshold-"
HIGHEST = 10  # what a criterion is scored out of


class ScoreField(EuroField):
    """A score as people write it here: 62,50. What is none has no value, and its range refuses it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        with suppress(ValueError):
            super().process_formdata(valuelist)


class WeightField(IntegerField):
    """A whole number. What is none has no value, and its range refuses it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        with suppress(ValueError):
            super().process_formdata(valuelist)


class WhatIfForm(PortalForm):
    """A scenario in the address: nothing is sent that could be saved.

    The criteria have a field ``weight-<code>`` and ``threshold-<code>`` each; no threshold: nothing is asked of it. So has
    each province that the round sets a budget apart for (``province-<code>``); no budget: it has none of its own.
    """

    class Meta:
        csrf = False

    policy = SelectField(
        _("At the funding line"),
        [InputRequired()],
        choices=[SelectChoice(str(value), _(str(label))) for value, label in POLICY_LABELS.items()],
    )
    budget = EuroField(
        _("Budget of the round"),
        [InputRequired(_("Write a budget.")), NumberRange(min=0, message=_("A budget is not below zero."))],
    )
    threshold = ScoreField(
        _("Threshold on the total"),
        [
            InputRequired(_("Write a threshold.")),
            NumberRange(min=0, max=100, message=_("Write a score from 0 to 100, such as 62,50.")),
        ],
    )
    left_out = SelectField(_("Without the reviews of"), [Optional()], choices=[])
    weights: Sequence[WeightField]
    thresholds: Sequence[ScoreField]
    provinces: Sequence[EuroField]

    def scenario(self) -> Scenario:
        """Return what was asked; call it after the form validated."""
        return Scenario(
            policy=RankingPolicy(self.policy.data),
            budget=self.budget.data or Decimal("0.00"),
            total_threshold=self.threshold.data or Decimal("0.00"),
            weights={each.name.removeprefix(_WEIGHT): each.data or 0 for each in self.weights},
            thresholds={each.name.removeprefix(_THRESHOLD): each.data for each in self.thresholds},
            left_out=int(self.left_out.data) if self.left_out.data else None,
            province_budgets={
                each.name.removeprefix(PROVINCE_FIELD): each.data for each in self.provinces if each.data is not None
            },
        )


def what_if_form(
    terms: CallDefinition, present: Scenario, reviewers: Iterable[Person], asked: Mapping[str, str]
) -> WhatIfForm:
    """Return the form of a round: what ``asked`` (the address) does not name stands as it is at present."""
    weights = {f"{_WEIGHT}{each.code}": _weight_field(each) for each in terms.criteria}
    thresholds = {f"{_THRESHOLD}{each.code}": _threshold_field(each) for each in terms.criteria}
    having = [each for each in PROVINCES if each.code in present.province_budgets]
    provinces = {province_field(each.code): _province_field(each) for each in having}
    made: type[WhatIfForm] = type("RoundWhatIfForm", (WhatIfForm,), {**weights, **thresholds, **provinces})
    form = made(MultiDict({**as_asked(present), **asked}))
    form.weights, form.thresholds = [form[each] for each in weights], [form[each] for each in thresholds]
    form.provinces = [form[each] for each in provinces]
    everybody = SelectChoice("", gettext("Nobody: every review counts"))
    form.left_out.choices = [everybody, *(SelectChoice(str(each.id), each.name) for each in reviewers)]
    return form


def _weight_field(criterion: Criterion) -> WeightField:
    message = _("Write a whole number from 0 to 100.")
    return WeightField(
        criterion.label.in_language(language()),
        [InputRequired(message), NumberRange(min=0, max=ALL_WEIGHTS, message=message)],
    )


def _threshold_field(criterion: Criterion) -> ScoreField:
    message = _("Write a score from 0 to 10, such as 5,00, or nothing.")
    return ScoreField(
        criterion.label.in_language(language()),
        [Optional(), NumberRange(min=0, max=HIGHEST, message=message)],
    )


def _province_field(province: Province) -> EuroField:
    message = _("A budget is not below zero.")
    return EuroField(province.name.in_language(language()), [Optional(), NumberRange(min=0, message=message)])


def as_asked(scenario: Scenario) -> dict[str, str]:
    """Return a scenario as the form's fields have it, for an address."""
    return {
        "policy": str(scenario.policy),
        "budget": _written(scenario.budget),
        "threshold": _written(scenario.total_threshold),
        "left_out": str(scenario.left_out or ""),
        **{f"{_WEIGHT}{code}": str(weight) for code, weight in scenario.weights.items()},
        **{f"{_THRESHOLD}{code}": _written(score) for code, score in scenario.thresholds.items()},
        **{province_field(code): _written(amount) for code, amount in scenario.province_budgets.items()},
    }


def _written(number: Decimal | None) -> str:
    return "" if number is None else f"{number:.2f}".replace(".", ",")
