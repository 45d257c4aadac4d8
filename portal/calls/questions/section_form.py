"""A section of a form definition as a WTForms form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from portal.calls.answers import UNKNOWN
from portal.calls.form_definitions import Question, Section
from portal.calls.questions.field import QuestionField
from portal.calls.questions.group import RepeatingGroupField
from portal.calls.questions.kinds import field_of
from portal.calls.questions.municipalities import MunicipalitiesField
from portal.calls.questions.setting import Setting
from portal.core.errors import Problem
from portal.core.forms import PortalForm
from portal.core.text import _l
from portal.core.web import translate

LARGEST_VERSION = 2_147_483_647  # what its column holds
_AGAIN = _l("Open the page again.")
OWN_NAMES = frozenset({"csrf_token", "version", "next", "add", "remove", "resume", "find", "conflict", "seal", "held"})
OWN_PREFIXES = frozenset(
    {"keep", "base", "find"}
)  # keep-<question>: a choice between two versions; base-<question>: see `bases`; find-<question>: what is searched


class SectionForm(PortalForm):
    """The questions of one section, and the version of the answers they were opened with."""

    version = IntegerField(
        validators=[InputRequired(_AGAIN), NumberRange(min=0, max=LARGEST_VERSION, message=_AGAIN)],
        widget=HiddenInput(),
    )

    bases: dict[str, int]

    def read_bases(self, posted: Mapping[str, str]) -> None:
        """Take the versions that single questions started from, where they were saved since the page was opened."""
        found = {each.short_name: posted.get(f"base-{each.short_name}", "") for each in self.questions()}
        # A figure too long for its column was never a version of ours.
        self.bases = {
            key: int(text) for key, text in found.items() if text.isascii() and text.isdigit() and len(text) < 10
        }

    def questions(self) -> list[QuestionField]:
        """Return the section's questions in their order."""
        return [each for each in self if isinstance(each, QuestionField)]

    def groups(self) -> dict[str, RepeatingGroupField]:
        """Return the tables of the section, by question key."""
        return {each.short_name: each for each in self.questions() if isinstance(each, RepeatingGroupField)}

    def municipalities(self) -> dict[str, MunicipalitiesField]:
        """Return the questions of the section that choose several municipalities, by key."""
        return {each.short_name: each for each in self.questions() if isinstance(each, MunicipalitiesField)}

    def answers(self) -> dict[str, Any]:
        """Return what was posted and can be stored, as it is stored."""
        return {each.short_name: each.stored() for each in self._posted() if not (each.errors or each.is_left_out)}

    def kept(self) -> dict[str, Any]:
        """Return everything that was posted, what cannot be stored as it was typed."""
        return {each.short_name: each.kept() for each in self._posted()}

    def leave_out(self, keys: set[str]) -> None:
        """Forget the errors of questions that are not asked, given the other answers: nobody can mend them."""
        for each in self.questions():
            if each.short_name in keys and each.errors:
                each.forget_errors()
                each.is_left_out = True

    def refuse_unknown(self, names: Sequence[str]) -> None:
        """Put an error on top when a name was posted that no question of this section has."""
        known = OWN_NAMES | {each.short_name for each in self.questions() if each.is_stored}
        if any(name.partition("-")[0] not in known | OWN_PREFIXES for name in names):
            self.form_errors.append(translate(UNKNOWN))

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put each problem at its field; that of a row at the row's cell."""
        elsewhere = [each for each in problems if not self._show_in_row(each)]
        super().show_problems(elsewhere)

    def _show_in_row(self, problem: Problem) -> bool:
        key, _, rest = (problem.field or "").partition("-")
        number, _, column = rest.partition("-")
        group = self.groups().get(key)
        if group is None or not number.isdigit():
            return False
        rows = group.filled_rows()
        if int(number) >= len(rows) or column not in rows[int(number)].form:
            return False
        field = rows[int(number)].form[column]
        field.errors = [*field.errors, translate(problem.message)]
        self.problems.append(problem)
        return True

    def _posted(self) -> Iterator[QuestionField]:
        return (each for each in self.questions() if each.is_stored and each.is_posted)


def section_form(section: Section, setting: Setting, answers: Mapping[str, Any], *, version: int) -> SectionForm:
    """Return the section's form, filled with the stored `answers`, or with what was posted.

    Raises ValueError for a question whose key is a word of the form itself.
    """
    fields = {_checked(each): field_of(each, setting) for each in section.questions}
    made = type("SectionForm", (SectionForm,), fields)
    form: SectionForm = made(data={**answers, "version": version})
    form.bases = {}
    return form


def _checked(question: Question) -> str:
    if hasattr(SectionForm, question.key) or question.key in OWN_NAMES | OWN_PREFIXES:
        raise ValueError(f"a question cannot be called {question.key!r}: the form itself uses that word")
    return question.key
