"""Each kind of question as a field: what people type, what is stored, and what stands on the page when it is opened again."""

from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict
from wtforms import Form

from portal.calls.calculations import Calculation
from portal.calls.catalogue import load_programmes
from portal.calls.form_definitions import SHOWN_ONLY, Option, Question, QuestionKind, Section
from portal.calls.questions.kinds import FIELDS, field_of
from portal.calls.questions.section_form import section_form
from portal.calls.questions.setting import Setting, Town
from portal.core.text import Text

LABEL = Text("Vraag", "Question")
SETTING = Setting(
    towns=(
        Town("13001", "Arendonk", "10000", ("2370",)),
        Town("13002", "Baarle-Hertog", "10000", ("2387", "9100")),
        Town("46021", "Sint-Niklaas", "40000", ("9100", "9111", "9112")),
    ),
    partners={"7": "Noordheide", "8": "De Lus"},
    categories={"staff": Text("Loonkosten", "Staff")},
    years=(2023, 2024),
)
OPTIONS = (Option("a", LABEL), Option("b", LABEL))


@pytest.fixture(autouse=True)
def request_context():
    """Messages are in the language of a request: here the English source."""
    app = Flask(__name__)
    app.secret_key = "of this test alone"
    app.config["WTF_CSRF_ENABLED"] = False
    Babel(app)
    with app.test_request_context():
        yield


def asked(kind, **facts):
    if kind in (QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT):
        facts = {"max_characters": 20, **facts}
    if kind in (QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE, QuestionKind.DECLARATIONS):
        facts = {"options": OPTIONS, **facts}
    if kind is QuestionKind.TARGETS_PER_YEAR:
        facts = {"options": OPTIONS, **facts}
    if kind is QuestionKind.CALCULATED:
        facts = {"calculation": Calculation("sum", ("n",)), **facts}
    return Question("q", kind, LABEL, is_required=kind not in SHOWN_ONLY, **facts)


def opened(question, typed=None, stored=None):
    """The question's field after a request, validated; `typed` is by control name, None when nothing was posted."""
    made = type("OneQuestion", (Form,), {"q": field_of(question, SETTING)})
    form = made(MultiDict(typed) if typed is not None else None, data={"q": stored})
    form.validate()
    return form["q"]


TYPED = [
    (QuestionKind.SHORT_TEXT, {"q": "  Digipunt  "}, "Digipunt"),
    (QuestionKind.LONG_TEXT, {"q": "Een.\r\nTwee."}, "Een.\nTwee."),
    (QuestionKind.LONG_TEXT, {"q": ""}, None),
    (QuestionKind.NUMBER, {"q": "1.250"}, "1250"),
    (QuestionKind.NUMBER, {"q": "0,50"}, "0.5"),
    (QuestionKind.NUMBER, {"q": "10"}, "10"),
    (QuestionKind.MONEY, {"q": "€ 12.500,5"}, "12500.50"),
    (QuestionKind.MONEY, {"q": " "}, None),
    (QuestionKind.DATE, {"q": "2022-11-01"}, "2022-11-01"),
    (QuestionKind.DATE, {"q": "1/11/2022"}, "2022-11-01"),
    (QuestionKind.YES_NO, {"q": "no"}, False),
    (QuestionKind.SINGLE_CHOICE, {"q": "b"}, "b"),
    (QuestionKind.MULTIPLE_CHOICE, [("q", ""), ("q", "b"), ("q", "a"), ("q", "a")], ["b", "a"]),
    (QuestionKind.MULTIPLE_CHOICE, {"q": ""}, []),
    (QuestionKind.DECLARATIONS, [("q", ""), ("q", "a")], ["a"]),
    (QuestionKind.MUNICIPALITIES, [("q", ""), ("q", "46021"), ("q", "13001")], ["13001", "46021"]),
    (QuestionKind.IBAN, {"q": "be71 0961 2345 6769"}, "BE71096123456769"),
    (QuestionKind.ORGANISATION, {"q": "BE 1999.000.150"}, "1999000150"),
    (QuestionKind.PARTNER, {"q": "8"}, "8"),
    (QuestionKind.COST_CATEGORY, {"q": "staff"}, "staff"),
    (
        QuestionKind.PERSON,
        {"q-name": "Eva", "q-email": "eva@noordheide.example", "q-phone": ""},
        {"name": "Eva", "email": "eva@noordheide.example", "phone": ""},
    ),
    (QuestionKind.PERSON, {"q-name": "", "q-email": "", "q-phone": ""}, None),
    (QuestionKind.TARGETS_PER_YEAR, {"q-2023-a": "1.200", "q-2024-b": "0"}, {"2023": {"a": 1200}, "2024": {"b": 0}}),
]


@pytest.mark.parametrize(("kind", "typed", "stored"), TYPED, ids=lambda each: str(each)[:30])
def test_what_is_typed_is_stored_in_one_form_and_opens_as_the_same_answer(kind, typed, stored):
    field = opened(asked(kind), typed)
    assert not field.errors
    assert field.is_posted
    assert field.stored() == stored
    assert opened(asked(kind), stored=stored).stored() == stored


WRONG = [
    (QuestionKind.SHORT_TEXT, {"q": "x" * 21}, "x" * 21),
    (QuestionKind.LONG_TEXT, {"q": "woord " * 10_000}, ("woord " * 10_000).strip()),
    (QuestionKind.LONG_TEXT, {"q": "nul\x00"}, "nul\x00"),
    (QuestionKind.NUMBER, {"q": "ca. 120"}, "ca. 120"),
    (QuestionKind.NUMBER, {"q": "1e99"}, "1e99"),
    (QuestionKind.NUMBER, {"q": "-1"}, "-1"),
    (QuestionKind.MONEY, {"q": "twintig"}, "twintig"),
    (QuestionKind.MONEY, {"q": "-0,01"}, "-0,01"),
    (QuestionKind.MONEY, {"q": "99999999999"}, "99999999999"),
    (QuestionKind.DATE, {"q": "31/2/2022"}, "31/2/2022"),
    (QuestionKind.DATE, {"q": "1022-11-01"}, "1022-11-01"),
    (QuestionKind.YES_NO, {"q": "misschien"}, "misschien"),
    (QuestionKind.SINGLE_CHOICE, {"q": "z"}, "z"),
    (QuestionKind.MULTIPLE_CHOICE, [("q", "a"), ("q", "z")], ["a", "z"]),
    (QuestionKind.MUNICIPALITIES, [("q", "99999")], ["99999"]),
    (QuestionKind.IBAN, {"q": "BE71 0961 2345 6768"}, "BE71 0961 2345 6768"),
    (QuestionKind.ORGANISATION, {"q": "1999.000.151"}, "1999.000.151"),
    (QuestionKind.ORGANISATION, {"q": "999.000"}, "999.000"),
    (QuestionKind.PARTNER, {"q": "9"}, "9"),
    (QuestionKind.COST_CATEGORY, {"q": "gold"}, "gold"),
    (
        QuestionKind.PERSON,
        {"q-name": "Eva", "q-email": "eva", "q-phone": ""},
        {"name": "Eva", "email": "eva", "phone": ""},
    ),
    (QuestionKind.TARGETS_PER_YEAR, {"q-2023-a": "-5"}, {"2023": {"a": "-5"}}),
    (QuestionKind.TARGETS_PER_YEAR, {"q-2023-a": "9" * 30}, {"2023": {"a": "9" * 30}}),
]


@pytest.mark.parametrize(("kind", "typed", "kept"), WRONG, ids=lambda each: str(each)[:30])
def test_what_cannot_be_an_answer_has_an_error_and_is_kept_as_it_was_typed(kind, typed, kept):
    field = opened(asked(kind), typed)
    assert field.errors
    assert field.kept() == kept


@pytest.mark.parametrize(("typed", "shown"), [({"q": "1.250,50"}, "1.250,50"), ({"q": "veel"}, "veel")])
def test_a_figure_stays_on_the_page_as_it_was_typed(typed, shown):
    assert opened(asked(QuestionKind.MONEY), typed)._value() == shown
    assert opened(asked(QuestionKind.NUMBER), typed)._value() == shown


def test_bounds_of_a_number_are_said_with_the_bound():
    question = asked(QuestionKind.NUMBER, minimum=Decimal(1), maximum=Decimal(60))
    assert opened(question, {"q": "0"}).errors == ["Fill in 1 or more."]
    assert opened(question, {"q": "61"}).errors == ["Fill in 60 or less."]
    assert not opened(question, {"q": "60"}).errors


def test_what_was_not_posted_says_nothing():
    for kind in FIELDS:
        if kind not in (QuestionKind.REPEATING_GROUP, QuestionKind.PARTNERS, QuestionKind.BUDGET):
            assert not opened(asked(kind), {"other": "x"}).is_posted, kind


def test_what_is_calculated_cannot_be_typed():
    field = opened(asked(QuestionKind.CALCULATED), {"q": "1000"})
    assert (field.is_stored, field.is_posted, field.stored()) == (False, False, None)


def test_one_municipality_is_typed_by_name_or_code_and_shown_by_name():
    question = asked(QuestionKind.MUNICIPALITIES, maximum=Decimal(1))
    assert opened(question, {"q": "sint niklaas"}).stored() == ["46021"]
    assert opened(question, {"q": "13001"}).stored() == ["13001"]
    assert opened(question, stored=["46021"])._value() == "Sint-Niklaas"
    field = opened(question, {"q": "Nergenshuizen"})
    assert field.errors
    assert field.kept() == "Nergenshuizen"


@pytest.mark.parametrize(
    ("typed", "nis"), [("2370", "13001"), ("9111", "46021"), (" 9112 ", "46021"), ("9100 Sint-Niklaas", "46021")]
)
def test_one_municipality_is_typed_by_any_of_its_postal_codes(typed, nis):
    field = opened(asked(QuestionKind.MUNICIPALITIES, maximum=Decimal(1)), {"q": typed})
    assert (field.stored(), field.errors) == ([nis], [])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("9100", "Several municipalities have this postal code: Baarle-Hertog and Sint-Niklaas. Type a name."),
        ("1234", "No municipality has this name or postal code. Choose one from the list."),
        ("2370 Sint-Niklaas", "No municipality has this name or postal code. Choose one from the list."),
    ],
)
def test_a_postal_code_that_several_share_or_none_has_is_no_answer(typed, said):
    field = opened(asked(QuestionKind.MUNICIPALITIES, maximum=Decimal(1)), {"q": typed})
    assert (field.stored(), field.errors, field.kept()) == (None, [said], typed)


COLUMNS = (
    Question("name", QuestionKind.SHORT_TEXT, LABEL, max_characters=20),
    Question("open", QuestionKind.YES_NO, LABEL),
    Question("kind", QuestionKind.SINGLE_CHOICE, LABEL, options=OPTIONS),
    Question("hours", QuestionKind.NUMBER, LABEL),
)
GROUP = Question("q", QuestionKind.REPEATING_GROUP, LABEL, columns=COLUMNS, maximum=Decimal(2))


def row(place, **cells):
    return {f"q-{place}-{key}": cells.get(key, "") for key in ("name", "open", "kind", "hours")}


def test_rows_are_stored_in_their_order_without_the_empty_ones():
    typed = {
        "q-rows": "1",
        **row(0),
        **row(3, name="Eerste", open="yes", kind="b", hours="12"),
        **row(7, name="Tweede"),
    }
    field = opened(GROUP, typed)
    assert not field.errors
    assert field.stored() == [
        {"name": "Eerste", "open": True, "kind": "b", "hours": "12"},
        {"name": "Tweede", "open": None, "kind": None, "hours": None},
    ]


def test_more_rows_than_the_question_allows_is_said_at_the_table():
    typed = {"q-rows": "1", **row(0, name="a"), **row(1, name="b"), **row(2, name="c")}
    assert opened(GROUP, typed).errors == ["Give at most 2 rows."]


def test_a_fault_in_a_row_stands_at_its_cell_and_the_row_is_kept_as_typed():
    field = opened(GROUP, {"q-rows": "1", **row(0, name="a", hours="veel"), **row(1)})
    assert field.entries[0].form["hours"].errors
    assert field.kept() == [{"name": "a", "open": None, "kind": None, "hours": "veel"}]


def test_a_group_that_was_not_on_the_page_keeps_its_rows():
    stored = [{"name": "Eerste", "open": False, "kind": "a", "hours": "3"}]
    field = opened(GROUP, {"other": "x"}, stored=stored)
    assert not field.is_posted
    assert field.stored() == stored


def test_every_section_of_every_form_can_be_asked():
    for programme in load_programmes():
        for call in programme.calls:
            for section in call.form.sections:
                form = section_form(section, SETTING, {}, version=0)
                assert [each.short_name for each in form.questions()] == [each.key for each in section.questions]


def test_a_question_cannot_take_a_word_of_the_form_itself():
    section = Section("X1", LABEL, (Question("version", QuestionKind.MONEY, LABEL),))
    with pytest.raises(ValueError, match="version"):
        section_form(section, SETTING, {}, version=0)


@pytest.mark.parametrize("kind", [QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT])
def test_words_are_limited_where_the_question_says_so(kind):
    question = asked(kind, max_words=3, max_characters=100)
    assert not opened(question, {"q": "een  twee\ndrie" if kind is QuestionKind.LONG_TEXT else "een  twee drie"}).errors
    refused = opened(question, {"q": "een twee drie vier"})
    assert "This is 4 words; the limit is 3. Shorten it by 1." in refused.errors[0]
    assert refused._value() == "een twee drie vier"


def test_only_a_text_has_a_limit_of_words():
    with pytest.raises(ValueError, match="max_words"):
        asked(QuestionKind.NUMBER, max_words=3)


def test_an_enterprise_number_is_shown_in_its_groups():
    assert opened(asked(QuestionKind.ORGANISATION), stored="1999000150")._value() == "1999.000.150"
