"""Numbers, amounts and dates."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext
from wtforms import DateField as WtDateField

from portal.calls.questions.field import QuestionField
from portal.core.forms import EuroField, parse_euro


class MoneyField(QuestionField, EuroField):
    """An amount in euro; stored as text with two decimals."""

    def process_data(self, value: Any) -> None:
        self.data = _decimal(value)

    def stored(self) -> str | None:
        return None if self.data is None else f"{self.data:.2f}"


class NumberField(QuestionField, EuroField):
    """A number with at most two decimals, as people write it here; stored as plain text."""

    def process_data(self, value: Any) -> None:
        self.data = _decimal(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = (valuelist[0] if valuelist else "").replace("\xa0", "").strip()
        self.data = None
        if not typed:
            return
        try:
            self.data = parse_euro(typed)
        except ValueError:
            raise ValueError(gettext("Write a number in figures, such as 120 or 0,5.")) from None

    def stored(self) -> str | None:
        if self.data is None:
            return None
        return f"{self.data:f}".rstrip("0").rstrip(".") if self.data % 1 else f"{self.data:.0f}"

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else (self.stored() or "").replace(".", ",")


class DayField(QuestionField, WtDateField):
    """A date; browsers send 2022-11-01, people without a date picker type 1/11/2022."""

    def process_data(self, value: Any) -> None:
        try:
            self.data = date.fromisoformat(str(value)) if value else None
        except ValueError:
            self.data = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not typed:
            return
        for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"):
            try:
                self.data = datetime.strptime(typed, pattern).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
            return
        raise ValueError(gettext("Fill in a date that exists, such as 1/11/2022."))

    def stored(self) -> str | None:
        return self.data.isoformat() if self.data else None


def _decimal(value: Any) -> Decimal | None:
    try:
        return None if value is None or value == "" else Decimal(str(value))
    except InvalidOperation:
        return None
