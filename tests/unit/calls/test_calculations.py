"""What a form computes from its own answers: sums, products and shares, exact and rounded once."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calls.calculations import Calculation, sum_of
from portal.calls.form_definitions import (
    Clause,
    Condition,
    FormDefinition,
    Option,
    Question,
    QuestionKind,
    Section,
    calculated_answers,
)
from portal.core.text import Text

LABEL = Text("Vraag", "Question")
COLUMNS = (
    Question("name", QuestionKind.SHORT_TEXT, LABEL, max_characters=20),
    Question("hours", QuestionKind.NUMBER, LABEL),
)
ASKED = (
    Question("lends", QuestionKind.YES_NO, LABEL),
    Question("devices", QuestionKind.NUMBER, LABEL, show_if=Condition(all=(Clause("lends", "is_not", False),))),
    Question("deposit", QuestionKind.MONEY, LABEL),
    Question("points", QuestionKind.REPEATING_GROUP, LABEL, columns=COLUMNS),
    Question("users", QuestionKind.TARGETS_PER_YEAR, LABEL, options=(Option("a", LABEL), Option("b", LABEL))),
    Question("aid", QuestionKind.MONEY, LABEL, per_partner="funded"),
)


def calculated(operation, *of, is_money=False):
    return Question(
        "found", QuestionKind.CALCULATED, LABEL, is_required=False, calculation=Calculation(operation, of, is_money)
    )


def form(*questions):
    return FormDefinition("f", 1, LABEL, (Section("B1", LABEL, (*ASKED, *questions)),))


def result(question, **answers):
    return calculated_answers(form(question), answers).get("found")


USERS = {"2023": {"a": 100, "b": 20}, "2024": {"a": 80}}
POINTS = [{"name": "Noord", "hours": "12.5"}, {"name": "Zuid", "hours": None}, {"name": "West", "hours": "20"}]


@pytest.mark.parametrize(
    ("question", "answers", "found"),
    [
        (calculated("sum", "users"), {"users": USERS}, "200"),
        (calculated("sum", "users.a"), {"users": USERS}, "180"),
        (calculated("sum", "points.hours"), {"points": POINTS}, "32.5"),
        (calculated("sum", "devices", "points.hours"), {"points": POINTS, "devices": "3"}, "35.5"),
        (calculated("sum", "devices", "points.hours"), {"devices": "3"}, "3"),
        (calculated("sum", "users"), {"users": {"2023": {"a": 0}}}, "0"),
        (calculated("sum", "users"), {}, None),
        (calculated("product", "devices", "deposit", is_money=True), {"devices": "120", "deposit": "12.50"}, "1500.00"),
        (calculated("product", "devices", "deposit", is_money=True), {"devices": "1.5", "deposit": "0.01"}, "0.02"),
        (calculated("product", "devices", "deposit", is_money=True), {"devices": "120"}, None),
        (calculated("share", "users.b", "users"), {"users": USERS}, "10"),
        (calculated("share", "users.b", "users"), {"users": {"2023": {"a": 2, "b": 1}}}, "33.33"),
        (calculated("share", "users.b", "users"), {"users": {"2023": {"a": 1, "b": 2}}}, "66.67"),
        (calculated("share", "users.b", "users"), {"users": {"2023": {"a": 0, "b": 0}}}, None),
        (calculated("share", "users.b", "users"), {"users": {"2023": {"a": 5}}}, None),
    ],
)
def test_a_sum_a_product_and_a_share(question, answers, found):
    assert result(question, **answers) == found


@pytest.mark.parametrize("unfit", ["veel", True, ["1"], 1.5, "NaN", "Infinity"])
def test_what_is_no_figure_counts_for_nothing(unfit):
    assert result(calculated("sum", "devices", "deposit", is_money=True), devices=unfit, deposit="2.00") == "2.00"


def test_an_answer_that_is_hidden_does_not_count():
    question = calculated("sum", "devices")
    assert result(question, lends=True, devices="12") == "12"
    assert result(question, lends=False, devices="12") is None


def test_a_calculation_that_is_not_asked_gives_nothing():
    hidden = replace(calculated("sum", "devices"), show_if=Condition(all=(Clause("lends", "is", True),)))
    assert result(hidden, lends=True, devices="12") == "12"
    assert result(hidden, devices="12") is None


@given(st.lists(st.decimals(0, Decimal("9999999999.99"), places=2), min_size=1, max_size=20))
def test_a_sum_is_exact_to_the_cent(amounts):
    rows = [{"hours": str(each)} for each in amounts]
    assert Decimal(result(calculated("sum", "points.hours"), points=rows)) == sum(amounts)
    assert sum_of({"points": rows}, "points.hours") == sum(amounts)


@pytest.mark.parametrize(
    ("operation", "of", "message"),
    [
        ("sum", (), "a sum of 0 answers"),
        ("product", ("devices",), "a product of 1 answers"),
        ("share", ("users",), "a share of 1 answers"),
    ],
)
def test_too_few_answers_are_refused(operation, of, message):
    with pytest.raises(ValueError, match=message):
        Calculation(operation, of)


@pytest.mark.parametrize("name", ["nope", "lends", "points", "points.name", "points.nope", "users.c", "aid", "found"])
def test_only_a_figure_that_is_asked_before_it_can_be_calculated_with(name):
    with pytest.raises(ValueError, match="found: calculation names"):
        form(calculated("sum", name))


@pytest.mark.parametrize(
    "question",
    [
        calculated("sum", "deposit"),
        calculated("sum", "devices", is_money=True),
        calculated("share", "deposit", "devices", is_money=True),
    ],
)
def test_a_result_is_in_euro_exactly_where_euros_are_added_or_multiplied(question):
    with pytest.raises(ValueError, match="is_money"):
        form(question)


def test_a_calculated_question_has_a_calculation_is_not_required_and_brings_up_no_other():
    with pytest.raises(ValueError, match="needs calculation"):
        Question("found", QuestionKind.CALCULATED, LABEL, is_required=False)
    with pytest.raises(ValueError, match="has no calculation"):
        Question("found", QuestionKind.NUMBER, LABEL, calculation=Calculation("sum", ("devices",)))
    with pytest.raises(ValueError, match="is_required must be false"):
        Question("found", QuestionKind.CALCULATED, LABEL, calculation=Calculation("sum", ("devices",)))
    asks = Question("more", QuestionKind.YES_NO, LABEL, show_if=Condition(all=(Clause("found", "at_least", 3),)))
    with pytest.raises(ValueError, match="show_if names 'found'"):
        form(calculated("sum", "devices"), asks)


def test_a_calculation_is_stored_and_read_with_its_form():
    kept = form(calculated("share", "users.b", "users"))
    assert FormDefinition.from_json(kept.to_json()) == kept
