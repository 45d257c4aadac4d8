"""The form in which a person chooses how messages come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from portal.core.forms import PortalForm
from portal.core.text import Msg, _l
from portal.notifications.categories import CATEGORIES, Category, Choice

CHOICES: dict[Choice, Msg] = {
    Choice.AT_ONCE: _l("By mail, at once"),
    Choice.DIGEST: _l("In the daily digest"),
    Choice.PORTAL: _l("Not by mail"),
}


class ChoicesForm(PortalForm):
    """The language of messages, and a field for each category that leaves a choice; named by the category's code."""

    language = RadioField(
        _("Language of our messages"),
        [InputRequired()],
        choices=[SelectChoice("nl", "Nederlands"), SelectChoice("en", "English")],
    )

    def choices(self, categories: Iterable[Category]) -> dict[Category, Choice]:
        """Return what was chosen, by category."""
        return {each: Choice(self[str(each)].data) for each in categories}


def choices_form(categories: Iterable[Category], chosen: Mapping[Category, Choice], language: str) -> ChoicesForm:
    """Return the form for these categories, showing what is ``chosen``; without a choice they come at once."""
    fields = {
        str(each): RadioField(
            _(str(CATEGORIES[each].name)),
            [InputRequired()],
            description=_(str(CATEGORIES[each].about)),
            choices=[SelectChoice(str(choice), _(str(words))) for choice, words in CHOICES.items()],
        )
        for each in categories
    }
    made: type[ChoicesForm] = type("ChoicesOfPerson", (ChoicesForm,), fields)
    return made(language=language, **{name: str(chosen.get(Category(name), Choice.AT_ONCE)) for name in fields})
