"""What the templates ask about a form, and how time left is said."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, FormField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.core import filters

NOW = datetime(2022, 7, 29, 9, 43, tzinfo=UTC)


class LineForm(Form):
    text = StringField("Omschrijving", [InputRequired("Omschrijf de kost.")])


class BudgetForm(Form):
    route = RadioField("Weg", [InputRequired("Kies een weg.")], choices=[SelectChoice("a"), SelectChoice("b")])
    lines = FieldList(FormField(LineForm), min_entries=2)


@pytest.fixture(autouse=True)
def english_reader() -> Iterator[None]:
    app = Flask(__name__)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ""
    Babel(app, default_locale="en_GB")
    with app.test_request_context():
        yield


def test_every_error_leads_to_the_control_that_mends_it() -> None:
    form = BudgetForm(MultiDict({"lines-0-text": "Digihelper", "lines-1-text": ""}))
    form.validate()
    form.form_errors.append("De begroting is leeg.")
    assert filters.form_errors(form) == [
        ("", "De begroting is leeg."),
        ("route-0", "Kies een weg."),
        ("lines-1-text", "Omschrijf de kost."),
    ]


def test_a_form_without_errors_lists_none() -> None:
    form = BudgetForm(MultiDict({"route": "a", "lines-0-text": "Digihelper", "lines-1-text": "Drukwerk"}))
    assert form.validate()
    assert filters.form_errors(form) == []


@pytest.mark.parametrize(("value", "place"), [("50", 5.0), ("70", 60.0), ("90", 115.0), ("12", 5.0), ("99.5", 115.0)])
def test_a_score_lies_along_its_line_and_never_beside_it(value: str, place: float) -> None:
    assert filters.along(Decimal(value), 50, 90) == place


def test_all_totals_of_a_row_lie_along_the_line_from_left_to_right() -> None:
    assert filters.all_along([Decimal("84.5"), Decimal(82), Decimal(95)], 50, 90) == [93.0, 99.9, 115.0]


def test_totals_are_parted_by_what_is_no_decimal_mark() -> None:
    assert filters.figures([Decimal(82), Decimal("84.25")]) == "82.0; 84.2"


def test_time_left_becomes_time_ago_at_the_deadline() -> None:
    assert filters.time_left(NOW + timedelta(minutes=17), NOW) == "17 minutes left"
    assert filters.time_left(NOW - timedelta(days=3, hours=2), NOW) == "3 days and 2 hours ago"
    assert filters.time_left(NOW + timedelta(days=38, hours=21), NOW, 1) == "38 days left"


def test_a_count_down_stops_at_nothing() -> None:
    assert filters.count_down(NOW + timedelta(days=38, hours=21), NOW) == ("38", "days and 21 hours")
    assert filters.count_down(NOW - timedelta(days=1), NOW) == ("1", "minute")


def test_what_somebody_wrote_becomes_paragraphs_and_never_markup() -> None:
    assert filters.prose("Eerst <b>dit</b>,\r\ndan dat.\n\nTen slotte.") == (
        "<p>Eerst &lt;b&gt;dit&lt;/b&gt;,<br>dan dat.</p><p>Ten slotte.</p>"
    )
    assert filters.prose("  \n ") == ""
