"""The shapes of the forms inside an application: a cost, a partner's part, a document."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from portal.applications.aid_years import AidYear
from portal.calls.form_definitions import Question
from portal.core.file_content import ACCEPT
from portal.core.forms import EuroField, PortalForm, ProseField, parse_euro
from portal.core.web import translate

MOST = Decimal("99999999.99")


class QuantityField(EuroField):
    """A number with at most two decimals as people write it here: 0,5 or 1.250. What was typed stays on the page."""

    data: Decimal | None

    def _value(self) -> str:
        if self.raw_data or self.data is None:
            return super()._value()
        return f"{self.data.normalize():f}".replace(".", ",")

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = (valuelist[0] if valuelist else "").replace("\xa0", "").strip()
        self.data = None
        if not typed:
            return
        try:
            number = parse_euro(typed)
        except ValueError:
            raise ValueError(gettext("Write a number with at most two decimals, such as 12 or 0,5.")) from None
        if abs(number) > MOST:
            raise ValueError(gettext("This number is larger than the portal can hold."))
        self.data = number


class LineForm(PortalForm):
    version = IntegerField(widget=HiddenInput())
    organisation = SelectField(_("Partner"), [InputRequired(_("Choose a partner."))], coerce=int)
    category = RadioField(_("Cost category"), [InputRequired(_("Choose a cost category."))])
    year = SelectField(_("Year"), [InputRequired(_("Choose a year."))], coerce=int)
    quantity = QuantityField(_("Quantity"), [InputRequired(_("Fill in a quantity above 0."))])
    unit_price_amount = EuroField(_("Unit price"), [InputRequired(_("Fill in a price of 0 euro or more."))])
    explanation = ProseField(_("Explanation"))


class SignForm(PortalForm):
    sha256 = HiddenField()


class PartForm(PortalForm):
    version = IntegerField(widget=HiddenInput())
    task = ProseField()
    receives_funds = BooleanField()
    vat_status = RadioField()
    recoverable_percent = QuantityField()
    declarations = SelectMultipleField(_("This partner declares"))


def part_form(years: Sequence[AidYear], **given: Any) -> PartForm:
    """Return the form of a partner's part, with an amount of de-minimis aid for each of the years."""
    fields = {f"aid_{each.year}": EuroField(translate(each.label)) for each in years}
    form: PartForm = type("PartForm", (PartForm,), fields)(data=given)
    return form


class SheetForm(PortalForm):
    file = FileField(_("Workbook"), [FileRequired(_("Choose a file."))], render_kw={"accept": ".xlsx"})


class PlanForm(PortalForm):
    """What a workbook would do, as the page that showed it sends it back: judged again, as anything that is typed."""

    plan = HiddenField()


def document_form(question: Question) -> PortalForm:
    """Return the form of the documents that answer one question, its field called after the question, so that a refusal stands at it."""
    field = MultipleFileField(
        translate(question.label), [FileRequired(gettext("Choose a file."))], render_kw={"accept": ACCEPT}
    )
    form: PortalForm = type("DocumentForm", (PortalForm,), {question.key: field})()
    return form
