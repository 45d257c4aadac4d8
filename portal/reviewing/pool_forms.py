"""The shapes of the forms of the pool of reviewers: profile, experience, declaration, filters and alternates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, Form, FormField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from portal.core.forms import LineField, PortalForm, ProseField, RowsField
from portal.core.web import translate
from portal.reviewing.expertise import LANGUAGES, LEVELS, Level, Subject

if TYPE_CHECKING:
    from portal.reviewing.pool import Reviewer

BLANK_ROWS = 2  # to fill in; saving gives new ones


class LevelField(SelectField):
    """How well somebody knows one subject. "Not" is an answer too, so that it is never marked as optional."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        choices = [
            SelectChoice("", _("No knowledge")),
            *(SelectChoice(str(each), translate(LEVELS[each])) for each in Level),
        ]
        super().__init__(label, choices=choices, default="", **kwargs)
        self.flags.required = True


class AbsenceRow(Form):
    """One period; a row without any day says nothing."""

    from_on = DateField(_("First day"))
    until_on = DateField(_("Last day"))

    @property
    def is_blank(self) -> bool:
        return not any((field.raw_data or [field.data])[0] for field in (self.from_on, self.until_on))

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask nothing of a blank row."""
        return True if self.is_blank else bool(super().validate(extra_validators))

    def validate_from_on(self, field: DateField) -> None:
        if field.data is None:
            raise ValidationError(gettext("Choose the first day."))

    def validate_until_on(self, field: DateField) -> None:
        if field.data is None:
            raise ValidationError(gettext("Choose the last day."))
        if self.from_on.data is not None and field.data < self.from_on.data:
            raise ValidationError(gettext("The last day lies before the first."))


class ProfileForm(PortalForm):
    version = IntegerField(widget=HiddenInput())
    languages = SelectMultipleField(
        _("Languages in which you read and write"), [InputRequired(_("Choose at least one language."))]
    )
    minimum_load = IntegerField(
        _("Fewest reviews a round"),
        [InputRequired(_("Give a number; 0 if there is no least."))],
        description=_("Below this number a round is not worth your while. 0 if there is no least."),
    )
    maximum_load = IntegerField(_("Most reviews a round"), [InputRequired(_("Give a number of 1 or more."))])
    institution = LineField(
        _("Where do you work?"),
        [Length(max=200)],
        description=_("The reviewers of one application come from different organisations."),
    )
    enterprise_number = LineField(
        _("Enterprise number of that organisation"),
        description=_("Only where the organisation is known in this portal. Its name there then counts."),
    )
    absences = RowsField(FormField(AbsenceRow))

    def periods(self) -> tuple[tuple[date, date], ...]:
        """Return the periods that were filled in."""
        rows = [each.form for each in self.absences if not each.form.is_blank]
        return tuple((each.from_on.data, each.until_on.data) for each in rows)

    def expertise(self, subjects: Iterable[Subject]) -> dict[Subject, Level]:
        """Return the level of each subject that has one."""
        found = {each: self[field_of(each)].data for each in subjects}
        return {each: Level(level) for each, level in found.items() if level}


def field_of(subject: Subject) -> str:
    """Return the name of a subject's field."""
    return f"{subject.kind}-{subject.code}".replace("/", "-")


def profile_form(labels: Mapping[Subject, str]) -> type[ProfileForm]:
    """Return the form with a level for each subject; ``labels`` are in the page's language."""
    return type("SubjectsForm", (ProfileForm,), {field_of(each): LevelField(label) for each, label in labels.items()})


def typed_profile(reviewer: Reviewer) -> dict[str, Any]:
    """Return a stored profile as the values of the form's fields, with blank rows for more absences."""
    profile = reviewer.profile
    values: dict[str, Any] = {
        "version": profile.version if profile else 0,
        "languages": list(reviewer.languages),
        "minimum_load": reviewer.minimum_load,
        "maximum_load": reviewer.maximum_load,
        "institution": "" if profile and profile.organisation else reviewer.institution,
        "enterprise_number": profile.organisation.enterprise_number if profile and profile.organisation else "",
        "absences": [{"from_on": first, "until_on": last} for first, last in reviewer.absences] + [{}] * BLANK_ROWS,
    }
    return values | {field_of(subject): str(level) for subject, level in reviewer.expertise.items()}


def offer_languages(form: ProfileForm) -> None:
    """Offer the languages in the page's language."""
    form.languages.choices = [SelectChoice(str(each), translate(words)) for each, words in LANGUAGES.items()]


class DeclarationForm(PortalForm):
    agrees = BooleanField(
        _("I declare this for the whole calendar year."),
        [InputRequired(_("Tick the box to sign the declaration."))],
    )


class ExperienceForm(PortalForm):
    is_experienced = RadioField(
        _("Is this an experienced reviewer?"),
        [InputRequired(_("Choose an answer."))],
        choices=[
            SelectChoice("counted", _("Count the submitted reviews")),
            SelectChoice("yes", _("Yes")),
            SelectChoice("no", _("No")),
        ],
    )
    reason = ProseField(
        _("Reason"), description=_("Needed for yes and no: what does this rest on?"), max_characters=1500
    )

    @property
    def answer(self) -> bool | None:
        """True, False, or None: count."""
        return {"yes": True, "no": False}.get(self.is_experienced.data)


class PoolFilter(PortalForm):
    """What the pool is narrowed to, kept in the address; a value that is no choice counts as none."""

    class Meta:
        csrf = False

    subject = SelectField(_("Expertise"), choices=[], validate_choice=False)
    province = SelectField(_("Province"), choices=[], validate_choice=False)
    language = SelectField(_("Language"), choices=[], validate_choice=False)
    available_on = DateField(_("Available on"))

    def offer(self, subjects: Mapping[str, str], provinces: Mapping[str, str]) -> None:
        """Offer what there is, each by its code, in the page's language."""
        languages = {str(each): str(translate(words)) for each, words in LANGUAGES.items()}
        offered = ((self.subject, subjects), (self.province, provinces), (self.language, languages))
        for field, choices in offered:
            field.choices = [
                SelectChoice("", _("All")),
                *(SelectChoice(code, label) for code, label in choices.items()),
            ]
            if field.data not in choices:
                field.data = ""


class AlternatesForm(PortalForm):
    """Three places, in the order in which they are asked; a place may stay empty."""

    alternate_1 = SelectField(_("First alternate"), coerce=int, validate_choice=False)
    alternate_2 = SelectField(_("Second alternate"), coerce=int, validate_choice=False)
    alternate_3 = SelectField(_("Third alternate"), coerce=int, validate_choice=False)

    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        """Offer these people, by id and label."""
        for field in (self.alternate_1, self.alternate_2, self.alternate_3):
            field.choices = [SelectChoice(0, _("Nobody")), *(SelectChoice(number, label) for number, label in people)]

    def chosen(self) -> list[int]:
        """Return the ids that were chosen, in their order, without the empty places."""
        return [each.data for each in (self.alternate_1, self.alternate_2, self.alternate_3) if each.data]
