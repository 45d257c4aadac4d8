"""The shapes of the forms of reviewers and of the case officers who ask them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Email, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from portal.calls.definitions import Criterion
from portal.core.forms import LineField, PortalForm, ProseField
from portal.reviewing.rules import LONGEST_REASON, LONGEST_REMARK, LONGEST_TEXT, TOP_SCORE, ReviewAnswers
from portal.reviewing.states import CONFIDENCES, VOTES, Confidence
from portal.reviewing.typed import CANNOT_JUDGE, answers_of

SCORES = [SelectChoice(str(score), str(score)) for score in range(TOP_SCORE + 1)]


# What a field started from, and which of two texts is kept: said of a field, and no field itself.
_ABOUT_FIELDS = ("base-", "keep-")


class ScoreField(RadioField):
    """A score of 0 to 10 in whole points; where ``may_pass``, also that the reviewer cannot judge the criterion."""

    def __init__(self, label: Any = None, *, may_pass: bool, **kwargs: Any) -> None:
        passing = [SelectChoice(CANNOT_JUDGE, _("I cannot judge this criterion"))] if may_pass else []
        super().__init__(label, choices=[*SCORES, *passing], validate_choice=False, **kwargs)

    def pre_validate(self, form: Any) -> None:
        is_unchosen = not self.raw_data and not self.data  # neither now nor before
        if not is_unchosen and self.data not in {value for value, *_rest in self.iter_choices()}:
            raise ValidationError(gettext("Give a score from 0 to 10, in whole points."))

    @property
    def score(self) -> int | None:
        """The points given; None where nothing valid is chosen, or that it cannot be judged."""
        return int(self.data) if self.data in {value for value, *_rest in SCORES} else None


class ConfidenceField(RadioField):
    """How sure the reviewer is; as sure as usual where nothing was sent."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.flags.required = True  # one of the three is chosen always: never marked as optional

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data not in set(Confidence):
            raise ValidationError(gettext("Choose how sure you are."))


class DueProse(ProseField):
    """A text that a draft may lack and a submitted review may not: never marked as optional."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.flags.required = True


class CriteriaForm(PortalForm):
    """A form with one score a criterion. What was posted for a criterion that the call does not have is refused."""

    version = IntegerField(widget=HiddenInput())
    posted: frozenset[str] = frozenset()

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        self.posted = frozenset(self.meta.wrap_formdata(self, formdata) or ())

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        asked = {name for name in self.posted if not name.startswith(_ABOUT_FIELDS)}
        unknown = sorted(name for name in asked if name.endswith(("-score", "-reason")) and name not in self)
        if unknown:
            criterion = unknown[0].rsplit("-", 1)[0]
            self.form_errors.append(gettext("This call has no criterion %(code)s.", code=criterion))
        return is_valid and not unknown


class ReviewForm(CriteriaForm):
    strengths = DueProse(
        _("Strengths"),
        description=_("For the applicant: they may stand, in your words, in the consensus text."),
        max_characters=LONGEST_TEXT,
    )
    weaknesses = DueProse(
        _("Weaknesses"),
        description=_("For the applicant: what is missing, and what it puts at risk."),
        max_characters=LONGEST_TEXT,
    )
    private_note = ProseField(
        _("Note to the case officer"),
        description=_("Only the case officer and the auditor read this."),
        max_characters=LONGEST_TEXT,
    )

    confidence = ConfidenceField(
        _("How sure are you of this review?"),
        description=_("Read beside your scores. It weighs nothing: every review counts as much in the total."),
        choices=[SelectChoice(str(each), words) for each, words in CONFIDENCES.items()],
        default=str(Confidence.NORMAL),
        validate_choice=False,
    )

    def typed(self) -> dict[str, str]:
        """Return what stands in each field of the review."""
        return {each.name: each.data or "" for each in self if each.name not in ("csrf_token", "version")}

    def answers(self, criteria: Iterable[Criterion]) -> ReviewAnswers:
        """Return what was typed, as the commands take it; what is no score or no such confidence is left out."""
        given = {name: text for name, text in self.typed().items() if _is_choice(self[name], text)}
        return answers_of(given, criteria)


def _is_choice(field: Any, text: str) -> bool:
    return not isinstance(field, RadioField) or text in {value for value, *_rest in field.iter_choices()}


class ConsensusForm(CriteriaForm):
    text = DueProse(
        _("Consensus text"),
        description=_("The applicant reads this text with the decision. Name no reviewer in it."),
        max_characters=LONGEST_TEXT,
    )

    def scores(self, criteria: Iterable[Criterion]) -> dict[str, int | None]:
        """Return the agreed score of each criterion; None where none is chosen."""
        return {each.code: self[f"{each.code}-score"].score for each in criteria}


def review_form(criteria: Iterable[Criterion], language: str) -> type[ReviewForm]:
    """Return the form with a score and a reason for each criterion, in the page's language."""
    fields: dict[str, Any] = {}
    for each in criteria:
        label = each.label.in_language(language)
        fields[f"{each.code}-score"] = ScoreField(gettext("Score for %(criterion)s", criterion=label), may_pass=True)
        fields[f"{each.code}-reason"] = DueProse(
            gettext("Reasons for %(criterion)s", criterion=label), max_characters=LONGEST_REASON
        )
    return type("ScoresForm", (ReviewForm,), fields)


def consensus_form(criteria: Iterable[Criterion], language: str) -> type[ConsensusForm]:
    """Return the form with an agreed score for each criterion, in the page's language."""
    fields = {
        f"{each.code}-score": ScoreField(
            gettext("Agreed score for %(criterion)s", criterion=each.label.in_language(language)), may_pass=False
        )
        for each in criteria
    }
    return type("AgreedForm", (ConsensusForm,), fields)


class AcceptForm(PortalForm):
    has_no_conflict = BooleanField(
        _("I have no conflict of interest: I have no part in any of these organisations, nor a personal stake."),
        [InputRequired(_("Declare that you have no conflict of interest, or declare one below."))],
    )


class DeclineForm(PortalForm):
    reason = ProseField(
        _("Why do you decline?"),
        [InputRequired(_("Say why you decline, so that the case officer can ask somebody else."))],
        description=_("Only the department reads this."),
        max_characters=1500,
    )
    replacement_name = LineField(
        _("Whom do you suggest instead?"),
        [Length(max=200)],
        description=_("The case officer decides whether to ask this person. Nobody gets a message from here."),
    )
    replacement_email = LineField(
        _("Their e-mail address"),
        [Optional(), Email(_("Write an address such as name@example.org.")), Length(max=254)],
        render_kw={"type": "email"},
    )
    replacement_note = ProseField(_("What makes them fit?"), max_characters=1500)

    def validate_replacement_name(self, field: LineField) -> None:
        """Ask a name with whatever else is said of somebody."""
        if not field.data and (self.replacement_email.data or self.replacement_note.data):
            raise ValidationError(gettext("Give the name of the person you suggest."))


class ConflictForm(PortalForm):
    explanation = ProseField(
        _("What is the conflict of interest?"),
        [InputRequired(_("Describe the conflict of interest."))],
        description=_("Name the organisation or person, and what binds you. Only the department reads this."),
        max_characters=1500,
    )


class JudgeConflictForm(PortalForm):
    verdict = RadioField(
        _("Is there a conflict of interest?"),
        [InputRequired(_("Choose whether there is a conflict of interest."))],
        choices=[
            SelectChoice("confirm", _("Yes: block this reviewer from the application")),
            SelectChoice("dismiss", _("No: this reviewer can be invited")),
        ],
    )
    reason = ProseField(
        _("Reason"), [InputRequired(_("Give the reason: it is kept with the decision."))], max_characters=1500
    )


class OwnAdviceForm(PortalForm):
    advice = ProseField(
        _("What was your advice, and when?"),
        [InputRequired(_("Say what the advice was, and when."))],
        description=_("Only the department reads this."),
        max_characters=1500,
    )


class AdviceForm(PortalForm):
    reviewer = RadioField(_("Reviewer"), [InputRequired(_("Choose a reviewer."))], coerce=int, choices=[])
    explanation = ProseField(
        _("What was the advice, and when?"),
        [InputRequired(_("Say what the advice was, and when."))],
        max_characters=1500,
    )


class InviteForm(PortalForm):
    # Whoever is blocked is no choice on the page; the command says why, with the evidence.
    reviewer = RadioField(
        _("Reviewer"), [InputRequired(_("Choose a reviewer."))], coerce=int, choices=[], validate_choice=False
    )
    due_on = DateField(
        _("Review due on"),
        [InputRequired(_("Choose the day by which the review is due."))],
        description=_("The reviewer is reminded a week and a day before."),
    )
    answer_due_on = DateField(
        _("Answer due on"),
        [Optional()],
        description=_(
            "After that day the invitation expires and the first alternate who can be asked is invited. Empty: in a week."
        ),
    )


class ReasonForm(PortalForm):
    reason = ProseField(_("Reason"), [InputRequired(_("Give a reason."))], max_characters=1500)


class FormsWorkbookForm(PortalForm):
    file = FileField(_("Workbook"), [FileRequired(_("Choose a file."))], render_kw={"accept": ".xlsx"})


class FormsPlanForm(PortalForm):
    """What a workbook would save, as the page that showed it sends it back: judged again, as anything that is typed."""

    plan = HiddenField()


class RemarkForm(PortalForm):
    remark = ProseField(_("Your remark"), [InputRequired(_("Write your remark first."))], max_characters=LONGEST_REMARK)


class VoteForm(PortalForm):
    number = IntegerField(widget=HiddenInput())
    choice = RadioField(
        _("Do you agree with these scores and this text?"),
        [InputRequired(_("Choose whether you agree."))],
        choices=[SelectChoice(str(choice), words) for choice, words in VOTES.items()],
    )
