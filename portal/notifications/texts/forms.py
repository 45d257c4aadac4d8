"""The form of a message's text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional

from portal.core.forms import LineField, PortalForm, ProseField

EXAMPLE = 0


class MessageTextForm(PortalForm):
    """What is wrong with the words is said by the rules, so that a preview and a test say it too."""

    subject = LineField(_("Subject"), description=_("One line. Variables stand between double braces."))
    body = ProseField(
        _("Text"),
        description=_(
            "An empty line begins a new paragraph; “- ” begins an item of a list. **Bold** and _italic_. A link stands on a line of its own, as [Words of the link]({{ link }})."
        ),
    )
    based_on = HiddenField()
    case = SelectField(
        _("See it on this message"),
        [Optional()],
        coerce=lambda typed: int(typed) if str(typed or "").isdecimal() and len(str(typed)) < 19 else None,
        validate_choice=False,
        description=_(
            "A message that was really sent, with its own values. Links that stand for a person do not work here."
        ),
    )
    preview = SubmitField(_("Show the message"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in (self.subject, self.body, self.case):
            each.flags.required = True

    def offer(self, cases: Sequence[tuple[int, str]]) -> None:
        """Offer real messages by number and words, and the example after them; the first is chosen where none was."""
        self.case.choices = [SelectChoice(number, words) for number, words in cases]
        if self.case.data not in [number for number, _words in cases]:
            self.case.data = cases[0][0]

    @property
    def known_version(self) -> int:
        """The version that stood when the form was opened."""
        typed = str(self.based_on.data or "")
        return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else -1

    @property
    def is_preview(self) -> bool:
        """Whether the message is only to be shown, and the text not saved."""
        return bool(self.preview.data)
