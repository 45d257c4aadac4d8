"""The bridge from WTForms to the portal: problems at their fields, nothing typed lost, Belgian money and moments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, cast

from babel.numbers import NumberFormatError, parse_decimal
from babel.support import NullTranslations, Translations
from flask_babel import gettext
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from wtforms import DateTimeLocalField, DecimalField, FieldList, PasswordField, StringField, TextAreaField
from wtforms.i18n import messages_path
from wtforms.validators import StopValidation, ValidationError

from portal.core.clock import BRUSSELS
from portal.core.db import db
from portal.core.errors import Problem, RuleViolation, explained_constraint
from portal.core.money import LARGEST, euro
from portal.core.page_locale import page_locale
from portal.core.web import translate

LONGEST_PLACE = 7  # digits: far more rows than a page can hold


@cache
def _field_words(locale: str) -> NullTranslations:
    return Translations.load(messages_path(), [locale], domain="wtforms")


class FieldWords:
    """WTForms' own sentences in the page's language. Flask-WTF would read their file anew for every request."""

    def gettext(self, sentence: str) -> str:
        return _field_words(str(page_locale())).ugettext(sentence)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return _field_words(str(page_locale())).ungettext(one, many, count)


class PortalForm(FlaskForm):  # type: ignore[misc]  # flask_wtf is untyped
    """A form that takes the problems a command finds and shows each at the field that mends it."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # flask_wtf is untyped
        def get_translations(self, form: Any) -> FieldWords:
            return FieldWords()

    problems: list[Problem]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems = []

    def catching_problems(self) -> AbstractContextManager[None, bool]:
        """Turn a RuleViolation, or a broken constraint with a known name, into errors; roll back first."""
        # The cast tells mypy that the block may end early: what stands after it is reached.
        return cast("AbstractContextManager[None, bool]", self._catching())

    @contextmanager
    def _catching(self) -> Iterator[None]:
        try:
            yield
        except RuleViolation as refusal:
            db.session.rollback()
            self.show_problems(refusal.problems)
        except IntegrityError as refusal:
            name = getattr(getattr(refusal.orig, "diag", None), "constraint_name", None)
            found = explained_constraint(name)
            if found is None:
                raise
            db.session.rollback()
            self.show_problems([found])

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put each problem at its field, or on top where it has none."""
        for each in problems:
            self.problems.append(each)
            sentence = translate(each.message)
            if each.field is not None and each.field in self:
                field = self[each.field]
                field.errors = [*field.errors, sentence]
            else:
                self.form_errors.append(sentence)


class ActionForm(PortalForm):
    """A button: nothing but the CSRF token."""


def stripped(value: str | None) -> str | None:
    """Filter: without white space around it."""
    return value.strip() if isinstance(value, str) else value


class SecretField(PasswordField):
    """A password as typed: never stripped, never shown again."""

    data: str


def unix_lines(value: str | None) -> str | None:
    """Filter: one kind of line end, so that a limit of characters counts what a person sees."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


class LineField(StringField):
    """One line of text, stripped; empty where nothing was typed."""

    data: str

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.raw_data = [stripped(each) for each in valuelist]  # InputRequired looks here: spaces alone are no answer

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, filters=[stripped], **kwargs)


class ProseField(TextAreaField):
    """Several lines of text; line ends are counted once. Never cut: a limit is a rule that says so."""

    data: str

    def __init__(
        self, label: Any = None, validators: Any = None, *, max_characters: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, filters=[unix_lines, stripped], **kwargs)
        self.max_characters = max_characters

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.raw_data = [stripped(each) for each in valuelist]  # InputRequired looks here: spaces alone are no answer

    def pre_validate(self, form: Any) -> None:
        length = len(self.data or "")
        if self.max_characters is not None and length > self.max_characters:
            raise ValidationError(
                gettext(
                    "This is %(length)s characters; the limit is %(limit)s. Shorten it by %(excess)s.",
                    length=length,
                    limit=self.max_characters,
                    excess=length - self.max_characters,
                )
            )


class EuroField(DecimalField):
    """An amount in euro as people write it here: 12.500,50. What was typed stays on the page."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:.2f}".replace(".", ",")

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = (valuelist[0] if valuelist else "").replace("€", "").replace("\xa0", "").strip()
        self.data = None
        if not typed:
            return
        try:
            amount = parse_euro(typed)
        except ValueError:
            raise ValueError(gettext("Write an amount in euro, such as 12.500,50.")) from None
        if abs(amount) > LARGEST:
            raise ValueError(gettext("This amount is larger than the portal can hold."))
        self.data = amount

    def pre_validate(self, form: Any) -> None:
        """Say of what is no amount only that: the other rules would measure it as if nothing were typed."""
        if self.process_errors:
            raise StopValidation


def parse_euro(typed: str) -> Decimal:
    """Return the amount in ``typed``: Belgian style first (12.500,50), then a plain 12500.50. ValueError otherwise."""
    compact = typed.replace(" ", "")
    try:
        value = parse_decimal(compact, locale="nl_BE", strict=True)
    except NumberFormatError:
        try:
            value = parse_decimal(compact, locale="en", strict=True)
        except NumberFormatError:
            raise ValueError(typed) from None
    try:
        if not value.is_finite():
            raise ValueError(typed)
        if value != value.quantize(Decimal("0.01")):
            raise ValueError(typed)
        return euro(value)
    except InvalidOperation:  # 1e99: more digits than a Decimal context holds
        return LARGEST * 10


class RowsField(FieldList):  # type: ignore[type-arg]  # generic in its stubs alone
    """Rows of the same fields, however many were posted."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        """Yield the places of the rows that were posted: WTForms takes other writing systems' digits for figures too."""
        start = f"{prefix}-"
        for name in formdata:
            place = name[len(start) :].partition("-")[0] if name.startswith(start) else ""
            if place.isascii() and place.isdigit() and len(place) < LONGEST_PLACE:
                yield int(place)


class MomentField(DateTimeLocalField):
    """A moment to the minute on the Brussels clock; ``data`` is aware UTC."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data is None:
            return
        local = self.data.replace(tzinfo=BRUSSELS)
        moment = local.astimezone(UTC)
        if moment.astimezone(BRUSSELS).replace(tzinfo=None) != self.data:
            self.data = None
            raise ValueError(gettext("The clock skips this hour on that night. Choose another time."))
        self.data = moment

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        if isinstance(self.data, datetime):
            return self.data.astimezone(BRUSSELS).strftime("%Y-%m-%dT%H:%M")
        return ""
