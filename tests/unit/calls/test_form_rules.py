"""Rules across the questions of a form: what each finds, and which a form may not switch on."""

from dataclasses import replace

import pytest

from portal.calls.catalogue import load_programmes
from portal.calls.form_definitions import FormDefinition, Option, Question, QuestionKind, Section, SwitchedRule
from portal.calls.form_rules import RULES
from portal.core.text import Text

LABEL = Text("Vraag", "Question")
PERIOD = {"start": "starts", "end": "ends"}


def day(key):
    return Question(key, QuestionKind.DATE, LABEL)


ASKED = (
    day("starts"),
    day("ends"),
    Question("steps", QuestionKind.REPEATING_GROUP, LABEL, columns=(day("from_on"), day("until_on"))),
    Question("others", QuestionKind.REPEATING_GROUP, LABEL, columns=(day("due_on"),)),
    Question("users", QuestionKind.TARGETS_PER_YEAR, LABEL, options=(Option("a", LABEL), Option("b", LABEL))),
    Question("text", QuestionKind.SHORT_TEXT, LABEL, max_characters=10),
)
FORM = FormDefinition("f", 1, LABEL, (Section("B1", LABEL, ASKED),))


def switched(rule, **parameters):
    return replace(FORM, rules=(SwitchedRule(rule, parameters),))


def found(rule, answers, **parameters):
    """The problems as code, field and the row they speak of."""
    form = switched(rule, **parameters)
    problems = RULES[rule].problems(form, answers, **parameters)
    return [(each.code, each.field, each.message.params.get("row")) for each in problems]


def steps(*pairs):
    return [{"from_on": first, "until_on": last} for first, last in pairs]


@pytest.mark.parametrize(
    ("answers", "problems"),
    [
        ({"starts": "2023-01-01", "ends": "2023-01-01"}, []),
        ({"starts": "2023-01-02", "ends": "2023-01-01"}, [("end-before-start", "ends", None)]),
        ({"starts": "2023-01-02"}, []),
        ({"ends": "2023-01-02"}, []),
        ({"starts": "soon", "ends": "2023-01-01"}, []),
        ({}, []),
    ],
)
def test_an_end_does_not_lie_before_its_start(answers, problems):
    assert found("end_not_before_start", answers, start="starts", end="ends") == problems


def test_of_a_table_each_row_is_compared_with_itself():
    rows = steps(("2023-01-01", "2023-06-01"), ("2023-07-01", "2023-06-01"), (None, "2022-01-01"))
    said = found("end_not_before_start", {"steps": rows}, start="steps.from_on", end="steps.until_on")
    assert said == [("end-before-start", "steps", 2)]
    assert found("end_not_before_start", {"steps": "?"}, start="steps.from_on", end="steps.until_on") == []


KNOWN = {"starts": "2023-01-01", "ends": "2024-12-31"}


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        (steps(("2023-01-01", "2024-12-31")), []),
        (steps(("2022-12-31", "2024-12-31")), [("day-outside-period", "steps", 1)]),
        (steps(("2023-01-01", None), (None, "2025-01-01")), [("day-outside-period", "steps", 2)]),
    ],
)
def test_days_lie_in_the_period_and_both_its_days_count(rows, problems):
    days = ("steps.from_on", "steps.until_on")
    assert found("days_within_period", KNOWN | {"steps": rows}, days=days, **PERIOD) == problems


@pytest.mark.parametrize("period", [{}, {"starts": "2023-01-01"}, {"starts": "2024-12-31", "ends": "2023-01-01"}])
def test_nothing_is_said_of_a_period_that_is_not_known_or_runs_back(period):
    rows = steps(("1999-01-01", "1999-01-01"))
    assert found("days_within_period", period | {"steps": rows}, days=("steps.from_on",), **PERIOD) == []


@pytest.mark.parametrize(
    ("targets", "years"),
    [
        ({"2023": {"a": 1}, "2024": {"a": 0}}, []),
        ({"2023": {"a": 1}}, ["2024"]),
        ({"2023": {"a": None}, "2024": {"a": 1}, "2025": {"a": 1}}, ["2023"]),
        ({}, []),
        (None, []),
    ],
)
def test_there_are_targets_for_each_year_of_the_project(targets, years):
    parameters = {"targets": "users", **PERIOD}
    form = switched("targets_each_year", **parameters)
    problems = list(RULES["targets_each_year"].problems(form, KNOWN | {"users": targets}, **parameters))
    assert [each.message.params["year"] for each in problems] == years
    assert {each.field for each in problems} <= {"users"}


@pytest.mark.parametrize(
    ("rule", "parameters", "message"),
    [
        ("always_right", {}, "rule always_right is not one of days_within_period"),
        ("end_not_before_start", {"start": "starts"}, "expected the parameters start, end"),
        ("end_not_before_start", {**PERIOD, "least": "1"}, "expected the parameters start, end"),
        ("end_not_before_start", {"start": "starts", "end": "text"}, "end: expected a date of this form, got 'text'"),
        ("end_not_before_start", {"start": "starts", "end": "nope"}, "got 'nope'"),
        ("end_not_before_start", {"start": "starts", "end": "steps.until_on"}, "in one table, or in none"),
        ("end_not_before_start", {"start": "steps.from_on", "end": "others.due_on"}, "in one table, or in none"),
        ("end_not_before_start", {"start": ("starts",), "end": "ends"}, "start: expected one name"),
        ("days_within_period", {"days": "starts", **PERIOD}, "days: expected a list of names"),
        ("days_within_period", {"days": ("steps.nope",), **PERIOD}, "got 'steps.nope'"),
        ("days_within_period", {"days": ("starts",), "start": "steps.from_on", "end": "ends"}, "got 'steps.from_on'"),
        ("targets_each_year", {"targets": "users.a", **PERIOD}, "got 'users.a'"),
        ("targets_each_year", {"targets": "steps", **PERIOD}, "expected a targets_per_year of this form"),
    ],
)
def test_a_form_with_an_unknown_rule_or_an_unfit_parameter_is_refused(rule, parameters, message):
    with pytest.raises(ValueError, match=message):
        switched(rule, **parameters)


def test_the_rules_are_stored_and_read_with_their_form():
    form = switched("days_within_period", days=("steps.from_on", "others.due_on"), **PERIOD)
    assert FormDefinition.from_json(form.to_json()) == form


def test_the_two_forms_of_digibanken_switch_on_what_their_calls_ask():
    forms = {call.definition.code: call.form for each in load_programmes() for call in each.calls}
    assert [each.rule for each in forms["formation"].rules] == ["days_within_period"]
    assert {each.rule for each in forms["execution"].rules} == set(RULES), "no rule without a form"
