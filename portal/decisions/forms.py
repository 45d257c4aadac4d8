"""The shapes of the forms around decisions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, FieldList, Form, FormField, HiddenField, RadioField, SelectField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from portal.applications.states import OUTCOME_WORDS, Outcome
from portal.core.forms import EuroField, LineField, PortalForm, ProseField
from portal.decisions.contesting import LONGEST, LONGEST_ANSWER
from portal.decisions.deciding import NewCondition
from portal.decisions.letter_text import LONGEST as LONGEST_LETTER
from portal.decisions.states import GROUND_WORDS, Ground

SPARE_CONDITIONS = 2
MOST_CONDITIONS = 12
DECIDABLE = (Outcome.APPROVED, Outcome.CONDITIONAL, Outcome.RESERVE, Outcome.REFUSED)


class ConditionForm(Form):
    """One condition; a row that is left empty sets none."""

    text = ProseField(_("What must be done"), [Optional()], max_characters=1500)
    due_on = DateField(_("At the latest on"), [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask the day of a row that says what must be done."""
        is_valid: bool = super().validate(extra_validators)
        if self.text.data and self.due_on.data is None and not self.due_on.errors:
            self.due_on.errors = [_("Choose the last day for this condition.")]
            return False
        return is_valid


class DecisionForm(PortalForm):
    outcome = RadioField(
        _("Decision"),
        [InputRequired(_("Choose a decision."))],
        choices=[SelectChoice(str(each), _(str(OUTCOME_WORDS[each].staff))) for each in DECIDABLE],
    )
    amount = EuroField(_("Awarded amount"), [Optional()], description=_("Leave it empty where nothing is awarded."))
    reason = ProseField(
        _("Reason"),
        description=_("Required where the decision departs from the ranking. The applicant reads it."),
        max_characters=3000,
    )
    conditions = FieldList(FormField(ConditionForm), max_entries=MOST_CONDITIONS)

    def offer_rows(self, present: Iterable[Any]) -> None:
        """Show the present conditions, and a few empty rows under them."""
        if not self.conditions.entries:
            for each in present:
                self.conditions.append_entry({"text": each.text, "due_on": each.due_on})
        for _spare in range(min(SPARE_CONDITIONS, MOST_CONDITIONS - len(self.conditions.entries))):
            if len([each for each in self.conditions.entries if not each.form.text.data]) < SPARE_CONDITIONS:
                self.conditions.append_entry()

    @property
    def awarded(self) -> Decimal:
        return self.amount.data or Decimal("0.00")

    def chosen_conditions(self) -> list[NewCondition]:
        """Return the rows that were filled in; each has its last day once the form is valid."""
        rows = [(each.form.text.data or "", each.form.due_on.data) for each in self.conditions.entries]
        return [NewCondition(text, due_on) for text, due_on in rows if due_on is not None]


class NewDecisionForm(DecisionForm):
    """A decision after a review: it always says why."""

    reason = ProseField(
        _("Reason"),
        [InputRequired(_("Give the reason: the applicant reads it."))],
        description=_("The applicant reads it. Write in Dutch."),
        max_characters=3000,
    )


class PublishForm(PortalForm):
    signed_by = LineField(
        _("Signed by"),
        [InputRequired(_("Write who signs the decisions.")), Length(max=200)],
        description=_("Name and function, as they stand on every decision."),
    )


class PublishRoundForm(PublishForm):
    """The signer, and the digest of who is told, as the page named them."""

    seen = HiddenField()


class ConfirmNewDecisionForm(PublishForm):
    """The signer, and which proposal was on the page: another one may have come in its place."""

    proposal = HiddenField()

    @property
    def seen(self) -> int:
        typed = str(self.proposal.data or "")
        return int(typed) if re.fullmatch(r"[0-9]{1,18}", typed) else -1


class AcceptForm(PortalForm):
    """Which decision was on the page: after a review a new one may have come in its place, with other conditions."""

    decision = HiddenField()


class DeclineForm(PortalForm):
    reason = ProseField(
        _("Why do you decline the grant?"), [InputRequired(_("Say why you decline the grant."))], max_characters=2000
    )


class LapseForm(PortalForm):
    reason = ProseField(
        _("Reason"),
        [InputRequired(_("Give the reason: the applicant reads it."))],
        description=_("The applicant reads it."),
        max_characters=2000,
    )


class WithdrawAwardForm(PortalForm):
    reason = ProseField(
        _("Reason"),
        [InputRequired(_("Give the reason: the applicant reads it."))],
        description=_("The applicant reads it."),
        max_characters=2000,
    )


class ReviewForm(PortalForm):
    ground = RadioField(
        _("What is the request about?"),
        [InputRequired(_("Choose what the request is about."))],
        choices=[SelectChoice(str(each), _(str(words))) for each, words in GROUND_WORDS.items()],
    )
    text = ProseField(
        _("Why should the decision be reviewed?"),
        [InputRequired(_("Write why the decision should be reviewed."))],
        description=_("Name the parts of the decision that you contest. Write at least 50 characters, in Dutch."),
        max_characters=LONGEST,
    )

    @property
    def chosen(self) -> Ground:
        return Ground(self.ground.data)


class ReviewAnswerForm(PortalForm):
    verdict = RadioField(
        _("Answer"),
        [InputRequired(_("Choose an answer."))],
        choices=[SelectChoice("uphold", _("Uphold request")), SelectChoice("dismiss", _("Dismiss request"))],
    )
    answer = ProseField(
        _("Reasons"),
        [InputRequired(_("Give the reasons: the partners read them."))],
        description=_("The partners read them. Write in Dutch."),
        max_characters=LONGEST_ANSWER,
    )


class InadmissibleForm(PortalForm):
    reason = ProseField(
        _("Why is the application inadmissible?"),
        [InputRequired(_("Give a reason for your judgement."))],
        max_characters=1500,
    )


class LetterTextForm(PortalForm):
    text = ProseField(
        _("Text of the letter"),
        [InputRequired(_("Write the text of the letter."))],
        description=_(
            "In Dutch. The first line starts with “# ” and says what the letter is about; other headings start with “## ”,"
            " items of a list with “- ”. **Bold** and _italic_. An empty line begins a new paragraph."
        ),
        max_characters=LONGEST_LETTER,
    )
    based_on = HiddenField()
    example = SelectField(
        _("See it on this file"),
        [Optional()],
        coerce=lambda typed: int(typed) if str(typed or "").isdecimal() else None,
        validate_choice=False,
        description=_("Nothing is sent, and what you see is not kept."),
    )
    preview = SubmitField(_("Show the letter"))

    def offer(self, found: Sequence[tuple[int, str]]) -> None:
        """Offer real files by their decision's number and name; the first is chosen where none was."""
        self.example.choices = [SelectChoice(number, name) for number, name in found]
        self.example.flags.required = True  # one is always chosen
        if self.example.data is None and found:
            self.example.data = found[0][0]

    @property
    def offered(self) -> list[int]:
        return [int(value) for value, *_more in self.example.iter_choices()]

    @property
    def known_version(self) -> int:
        """The version that stood when the form was opened."""
        typed = str(self.based_on.data or "")
        return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else -1

    @property
    def is_preview(self) -> bool:
        """Whether the letter is only to be shown, and the text not saved."""
        return bool(self.preview.data)
