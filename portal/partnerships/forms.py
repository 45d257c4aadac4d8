"""The shapes of the partnerships pages' forms."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from wtforms import DateField, FileField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf, Email, InputRequired, Length
from wtforms.widgets import HiddenInput

from portal.calls.form_definitions import Question
from portal.core.forms import LineField, PortalForm, ProseField
from portal.partnerships.rules import LONGEST_PLANNING, LONGEST_TOPIC
from portal.partnerships.states import ROLE_LABELS, PartnerRole


class BeginForm(PortalForm):
    programme = SelectField(_("Programme"))
    promotor = SelectField(_("Organisation that leads"), coerce=int)
    name = LineField(
        _("Name of the partnership"),
        [
            InputRequired(_("Give the partnership a name.")),
            Length(max=200, message=_("Keep the name under 200 characters.")),
        ],
    )
    summary = ProseField(_("What do you do together?"), description=_("A few sentences."), max_characters=1500)


class InviteForm(PortalForm):
    email = LineField(
        _("E-mail address"),
        [
            InputRequired(_("Fill in the e-mail address of the person.")),
            Email(_("Write an address such as name@example.org.")),
            Length(max=254),
        ],
        render_kw={"type": "email"},
    )
    organisation_name = LineField(
        _("Name of the organisation"),
        [InputRequired(_("Fill in the name of the organisation.")), Length(max=200)],
    )
    role = RadioField(
        _("Role in the partnership"),
        choices=[
            SelectChoice(str(each), _(str(ROLE_LABELS[each]))) for each in (PartnerRole.CORE, PartnerRole.NETWORK)
        ],
        default=str(PartnerRole.CORE),
        description=_(
            "A core partner carries part of the work and may receive funds; a network partner receives none."
        ),
    )
    note = ProseField(_("Your message"), max_characters=1500)


class EndForm(PortalForm):
    ended_on = DateField(_("Last day as a partner"), [InputRequired(_("Choose the last day."))])


class AcceptForm(PortalForm):
    organisation = SelectField(_("Organisation that accepts"), coerce=int)


class MunicipalitySearchForm(PortalForm):
    class Meta:
        csrf = False

    q = LineField(_("Name or postal code"))


class StrategyForm(PortalForm):
    version = IntegerField(widget=HiddenInput())
    budget_and_planning = ProseField(_("Budget and planning of the execution"), max_characters=LONGEST_PLANNING)


def strategy_form(topics: Mapping[str, Question], language: str) -> type[StrategyForm]:
    """Return the form with one field a topic, in the page's language."""
    fields = {
        key: ProseField(
            question.label.in_language(language),
            description=question.hint.in_language(language) if question.hint else "",
            max_characters=LONGEST_TOPIC,
        )
        for key, question in topics.items()
    }
    return type("TopicsForm", (StrategyForm,), fields)


class FilesForm(PortalForm):
    agreement = FileField(_("Cooperation agreement, signed by all partners"))
    evidence = FileField(_("Evidence of how you worked together before"))


class JudgeForm(PortalForm):
    verdict = StringField(
        validators=[AnyOf(["recognise", "return", "refuse"], message=_("Choose to recognise, return or refuse it."))]
    )
    reason = ProseField(
        _("Reason"),
        [InputRequired(_("Give a reason: it is kept and can be read by those concerned."))],
        max_characters=1500,
    )
