"""The shapes of the accounts pages' forms."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _
from wtforms import FileField, RadioField, SearchField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf, Email, InputRequired, Length, Optional

from portal.accounts.states import KIND_LABELS, OrganisationKind
from portal.core.actor import Right, Role
from portal.core.clock import brussels_day
from portal.core.forms import LineField, PortalForm, ProseField, SecretField, stripped
from portal.core.text import Msg, _l
from portal.places.queries import list_municipalities

RIGHT_LABELS: dict[Right, Msg] = {
    Right.LEAD: _l("May sign for the organisation"),
    Right.STAFF: _l("Staff: may write"),
    Right.READER: _l("Reader: may only read"),
}
ROLE_LABELS: dict[Role, Msg] = {
    Role.REVIEWER: _l("Reviewer"),
    Role.CASE_OFFICER: _l("Case officer"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.AUDITOR: _l("Auditor"),
}
LANGUAGES = [SelectChoice("nl", "Nederlands"), SelectChoice("en", "English")]


def _labelled(labels: dict[OrganisationKind, Msg] | dict[Right, Msg] | dict[Role, Msg]) -> list[SelectChoice]:
    return [SelectChoice(str(value), _(str(label))) for value, label in labels.items()]


def _email() -> LineField:
    return LineField(
        _("E-mail address"),
        [
            InputRequired(_("Fill in your e-mail address.")),
            Email(_("Write an address such as name@example.org.")),
            Length(max=254),
        ],
        render_kw={"autocomplete": "email", "type": "email"},
    )


class SignInForm(PortalForm):
    email = LineField(
        _("E-mail address"),
        [InputRequired(_("Fill in your e-mail address."))],
        render_kw={"autocomplete": "username", "type": "email"},
    )
    password = SecretField(
        _("Password"), [InputRequired(_("Fill in your password."))], render_kw={"autocomplete": "current-password"}
    )


class RegisterForm(PortalForm):
    name = LineField(
        _("Your name"),
        [InputRequired(_("Fill in your name.")), Length(max=120, message=_("Keep your name under 120 characters."))],
        render_kw={"autocomplete": "name"},
    )
    email = _email()
    password = SecretField(
        _("Password"),
        [InputRequired(_("Choose a password."))],
        description=_("At least 12 characters. A few words you can remember are better than tricks."),
        render_kw={"autocomplete": "new-password"},
    )
    language = RadioField(_("Language of our messages"), [InputRequired()], choices=LANGUAGES, default="nl")


class EmailForm(PortalForm):
    email = _email()


class NewPasswordForm(PortalForm):
    password = SecretField(
        _("New password"),
        [InputRequired(_("Choose a password."))],
        description=_("At least 12 characters. A few words you can remember are better than tricks."),
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    current = SecretField(
        _("Present password"),
        [InputRequired(_("Fill in your present password."))],
        render_kw={"autocomplete": "current-password"},
    )


class OwnAddressForm(EmailForm):
    current = SecretField(
        _("Present password"),
        [InputRequired(_("Fill in your present password."))],
        render_kw={"autocomplete": "current-password"},
    )


class ProfileForm(PortalForm):
    name = LineField(
        _("Your name"),
        [InputRequired(_("Fill in your name.")), Length(max=120, message=_("Keep your name under 120 characters."))],
        render_kw={"autocomplete": "name"},
    )
    language = RadioField(_("Language of our messages"), [InputRequired()], choices=LANGUAGES)


def town_choices(none: str, now: datetime) -> list[SelectChoice]:
    """Return the municipalities of today as choices, after one that says ``none``."""
    towns = [SelectChoice(each.nis, each.name) for each in list_municipalities(on=brussels_day(now))]
    return [SelectChoice("", none), *towns]


class ReviewerProfileForm(ProfileForm):
    home = SelectField(
        _("Municipality where you live"),
        description=_("Only to find conflicts of interest: somebody of your family name with a partner there."),
        choices=[],
    )


class DescribeForm(PortalForm):
    seat = SelectField(_("Seat"), description=_("The municipality where the organisation has its seat."), choices=[])
    parent_number = LineField(
        _("Enterprise number of the parent organisation"),
        [Optional()],
        description=_("Where it stands under another one, such as a group or a municipality. Ten digits."),
    )


class ClaimForm(PortalForm):
    enterprise_number = LineField(
        _("Enterprise number"),
        [InputRequired(_("Fill in the enterprise number."))],
        description=_("Ten digits, for example 0123.456.789."),
    )
    name = LineField(
        _("Name of the organisation"),
        [
            InputRequired(_("Fill in the name of the organisation.")),
            Length(max=200, message=_("Keep the name under 200 characters.")),
        ],
        render_kw={"autocomplete": "organization"},
    )
    kind = SelectField(_("Kind of organisation"), [InputRequired()], choices=_labelled(KIND_LABELS))
    evidence = ProseField(
        _("Why may you sign for this organisation?"),
        [InputRequired(_("Say why you may sign: your function, the decision or the statutes."))],
        description=_(
            "Your function and where it is decided, such as an appointment or the statutes. A case officer checks this."
        ),
        max_characters=1500,
    )
    file = FileField(_("Proof"), description=_("A PDF, a Word or OpenDocument file or an image, at most 20 MB."))


class ReasonForm(PortalForm):
    reason = ProseField(
        _("Reason"),
        [InputRequired(_("Give a reason: it is kept and can be read by those concerned."))],
        max_characters=1500,
    )


class JudgeForm(ReasonForm):
    verdict = StringField(
        validators=[AnyOf(["confirm", "refuse"], message=_("Choose to confirm or to refuse the claim."))]
    )


class GrantForm(PortalForm):
    email = LineField(
        _("E-mail address"),
        [InputRequired(_("Fill in the e-mail address of the person."))],
        description=_("The person must have an account with this address."),
        render_kw={"type": "email"},
    )
    right = RadioField(_("Right"), [InputRequired()], choices=_labelled(RIGHT_LABELS), default=str(Right.STAFF))


class ActForForm(PortalForm):
    organisation = SelectField(_("Organisation"), coerce=int, validate_choice=False)


class RolesForm(PortalForm):
    roles = SelectMultipleField(_("Roles"), choices=_labelled(ROLE_LABELS))


class SearchForm(PortalForm):
    class Meta:
        csrf = False

    q = SearchField(_("Name or e-mail address"), filters=[stripped])
