"""The programmes as they stand in TOML: what the calls ask, and how unfit data is refused."""

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from portal.calls.catalogue import FOLDER, load_programme, load_programmes
from portal.calls.definitions import CallDefinition, CatalogueCall
from portal.calls.form_definitions import Clause, FormDefinition, QuestionKind, is_shown, shown_questions

EXECUTION_RULES = {f"OV-{number:02}" for number in range(1, 16)}
FORMATION_RULES = EXECUTION_RULES - {"OV-06", "OV-07", "OV-08", "OV-09", "OV-10", "OV-11", "OV-15"}


def digibanken_call(name: str) -> CatalogueCall:
    programme = load_programme(FOLDER / "digibanken")
    return next(call for call in programme.calls if call.definition.code == name)


ALL_CALLS = [call for programme in load_programmes() for call in programme.calls]
every_call = pytest.mark.parametrize("call", ALL_CALLS, ids=lambda call: call.definition.code)


def test_the_three_programmes_of_the_plan_are_loaded():
    loaded = {p.definition.prefix: (p.definition.minister, p.definition.budget_amount) for p in load_programmes()}
    assert loaded == {
        "DB": ("Hilde Crevits", Decimal("50000000.00")),
        "EI": ("Bart Somers", Decimal("50000000.00")),
        "ID": ("Benjamin Dalle", Decimal("250000.00")),
    }


@pytest.mark.parametrize(
    ("name", "letter", "cap", "months", "forms", "needs", "rules"),
    [
        ("formation", "A", "15000.00", (None, 4), True, False, FORMATION_RULES),
        ("execution", "B", "500000.00", (24, None), False, True, EXECUTION_RULES),
    ],
)
def test_the_capabilities_of_the_two_calls(*, name, letter, cap, months, forms, needs, rules):
    call = digibanken_call(name).definition
    assert call.letter == letter
    assert call.grant_cap_amount == Decimal(cap)
    assert (call.minimum_months, call.maximum_months) == months
    assert call.latest_end_on is not None
    assert call.latest_end_on.isoformat() == "2024-12-31"
    assert (call.forms_strategy, call.needs_strategy) == (forms, needs)
    assert {rule.code for rule in call.rules} == rules
    assert [rule.code for rule in call.rules if rule.kind == "warns"] == ["OV-13"]


def test_what_the_case_officer_judges_is_not_what_the_machine_checks_alone():
    rules = digibanken_call("execution").definition.rules
    machine_only = {rule.code for rule in rules if rule.judged is None}
    assert machine_only == {"OV-01", "OV-04", "OV-05", "OV-12", "OV-13"}
    assert all(rule.check for rule in rules)


@pytest.mark.parametrize(
    ("name", "weights", "tie_break"),
    [
        ("formation", {"need": 25, "partnership": 25, "approach": 25, "ambition": 15, "costs": 10}, "need"),
        (
            "execution",
            {
                "strategy": 20,
                "objective_1": 15,
                "objective_2": 15,
                "objective_3": 20,
                "reach": 10,
                "feasibility": 10,
                "circularity": 5,
                "cost_effectiveness": 5,
            },
            "objective_3",
        ),
    ],
)
def test_weights_and_tie_break(name, weights, tie_break):
    criteria = digibanken_call(name).definition.criteria
    assert {criterion.code: criterion.weight for criterion in criteria} == weights
    assert [criterion.code for criterion in criteria if criterion.is_tie_break] == [tie_break]


def test_each_objective_of_an_execution_must_reach_half():
    criteria = digibanken_call("execution").definition.criteria
    thresholds = {criterion.code: criterion.threshold for criterion in criteria if criterion.threshold is not None}
    assert thresholds == dict.fromkeys(("objective_1", "objective_2", "objective_3"), Decimal("5.00"))


@pytest.mark.parametrize(
    ("name", "section", "question", "limit"),
    [
        ("formation", "A2", "partners_sought", 2000),
        ("formation", "A3", "public_summary", 800),
        ("formation", "A3", "objective_1_approach", 1500),
        ("formation", "A3", "objective_2_approach", 1500),
        ("formation", "A3", "objective_3_approach", 1500),
        ("formation", "A4", "needs", 2500),
        ("formation", "A5", "existing_offer", 1500),
        ("formation", "A6", "formation_approach", 2000),
        ("execution", "B2", "cooperation", 3000),
        ("execution", "B3", "topic_target_group", 1200),
        ("execution", "B3", "topic_outreach", 1200),
        ("execution", "B3", "topic_social_economy", 1200),
        ("execution", "B3", "topic_circularity", 1200),
        ("execution", "B3", "topic_sustainability", 1200),
        ("execution", "B3", "topic_connectivity", 1200),
        ("execution", "B3", "topic_impact_measurement", 1200),
        ("execution", "B4", "lending_service", 2500),
        ("execution", "B5", "training", 2500),
        ("execution", "B6", "guidance", 2500),
        ("execution", "B8", "circularity", 1500),
        ("execution", "B11", "after_grant", 1500),
    ],
)
def test_the_limits_of_the_forms(name, section, question, limit):
    questions = {q.key: q for q in digibanken_call(name).form.section(section).questions}
    assert questions[question].max_characters == limit


def test_a_budget_line_of_an_execution_is_explained_in_thirty_characters():
    columns = {column.key: column for column in digibanken_call("execution").form.question("budget").columns}
    assert list(columns) == ["partner", "category", "year", "quantity", "unit_price", "explanation"]
    assert columns["explanation"].min_characters == 30


def test_the_lowest_grant_may_stay_empty():
    assert not any(
        digibanken_call(name).form.question("lowest_grant").is_required for name in ("formation", "execution")
    )


def test_the_sections_of_both_forms():
    assert [s.code for s in digibanken_call("formation").form.sections] == [f"A{n}" for n in range(1, 9)]
    assert [s.code for s in digibanken_call("execution").form.sections] == [f"B{n}" for n in range(1, 15)]


def test_the_rules_of_every_call_name_questions_of_its_form():
    named_by = {
        "question",
        "start",
        "end",
        "municipalities",
        "access_points",
        "earlier_aid",
    }
    for call in ALL_CALLS:
        keys = {question.key for question in call.form.questions}
        for rule in call.definition.rules:
            named = {value for name, value in rule.parameters.items() if name in named_by}
            named |= set(rule.parameters.get("questions", ()))
            assert named <= keys, f"{call.definition.code} {rule.code}"


def test_an_execution_is_filled_from_the_formation_and_its_strategy():
    formation, execution = digibanken_call("formation").form, digibanken_call("execution").form
    carried = [question.carry_from for question in execution.questions if question.carry_from]
    assert sum(source.startswith("strategy.") for source in carried) == 7
    for source in carried:
        if source.startswith("formation."):
            assert formation.question(source.removeprefix("formation."))


@every_call
def test_a_form_and_a_call_survive_storage_as_json(call):
    assert FormDefinition.from_json(json.loads(json.dumps(call.form.to_json()))) == call.form
    assert CallDefinition.from_json(json.loads(json.dumps(call.definition.to_json()))) == call.definition


@every_call
def test_a_form_carries_the_declarations_of_its_call(call):
    asked = [question for question in call.form.questions if question.kind is QuestionKind.DECLARATIONS]
    assert [option.code for option in asked[0].options] == [item.code for item in call.definition.declarations]


def test_guidance_is_asked_only_when_it_is_needed():
    form = digibanken_call("formation").form
    question = form.question("guidance_needed")
    assert not is_shown(question, {"needs_guidance": False})
    assert is_shown(question, {"needs_guidance": True})
    assert question not in list(shown_questions(form, {"needs_guidance": False}))


@pytest.mark.parametrize(
    ("clause", "answer", "holds"),
    [
        ({"is": "mixed"}, "mixed", True),
        ({"is": "mixed"}, None, False),
        ({"is_not": "mixed"}, None, True),
        ({"includes": "new"}, ["donated", "new"], True),
        ({"includes": "new"}, "newer", False),
        ({"at_least": 3}, 3, True),
        ({"at_least": 3}, Decimal("2.5"), False),
        ({"at_least": 3}, "3", True),
        ({"at_least": 3}, "2.99", False),
        ({"at_least": 3}, "drie", False),
        ({"at_least": 3}, None, False),
    ],
)
def test_a_clause_compares_one_answer_and_never_stumbles_over_an_unfit_one(clause, answer, holds):
    assert Clause.from_data({"question": "q", **clause}, "here").holds({"q": answer}) is holds


@pytest.mark.parametrize("clause", [{"is": 1, "is_not": 2}, {}, {"equals": 1}, {"is": 1.5}])
def test_a_clause_with_another_operator_or_none_is_refused(clause):
    with pytest.raises(ValueError, match=r"^here"):
        Clause.from_data({"question": "q", **clause}, "here")


def test_an_answer_that_is_itself_hidden_shows_nothing_further():
    form = FormDefinition.from_json(
        {
            "code": "f",
            "version": 1,
            "title": {"nl": "F", "en": "F"},
            "sections": [
                {
                    "code": "1",
                    "title": {"nl": "S", "en": "S"},
                    "questions": [
                        yes_no("first"),
                        yes_no("second", show_if={"any": [{"question": "first", "is": True}]}),
                        yes_no(
                            "third",
                            show_if={
                                "all": [{"question": "second", "is_not": False}, {"question": "second", "is": True}]
                            },
                        ),
                    ],
                }
            ],
        }
    )
    shown = [question.key for question in shown_questions(form, {"first": False, "second": True})]
    assert shown == ["first"]
    assert [q.key for q in shown_questions(form, {"first": True, "second": True})] == ["first", "second", "third"]


def yes_no(key, **more):
    return {"key": key, "kind": "yes_no", "label": {"nl": key, "en": key}, **more}


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "execution.toml",
            "weight = 20",
            "weight = 21",
            r"execution\.toml: the weights of the criteria add up to 102, not to 100",
        ),
        ("formation.toml", 'letter = "A"', 'letter = "A"\nceiling = 1', r"formation\.toml: unknown key 'ceiling'"),
        (
            "formation.toml",
            'check = "deadline"',
            "check = 3",
            r"formation\.toml\.rules\[0\]\.check: expected a text, got 3",
        ),
        ("formation.toml", "forms_strategy = true\n", "", r"formation\.toml: missing key 'forms_strategy'"),
        ("programme.toml", "2021-10-04", "2025-10-04", r"starts_on 2025-10-04 lies after ends_on 2024-12-31"),
        ("programme.toml", '"50000000.00"', '"vijftig"', r"programme\.toml\.budget_amount: 'vijftig' is not a number"),
        (
            "execution_form.toml",
            'kind = "iban"',
            'kind = "bank"',
            r"questions\[2\]\.kind: 'bank' is not one of short_text",
        ),
        (
            "execution_form.toml",
            'key = "training"',
            'key = "lending_service"',
            r"question 'lending_service' occurs twice",
        ),
        (
            "execution_form.toml",
            "max_characters = 3000\n",
            "",
            r"cooperation: a long_text question needs max_characters",
        ),
        (
            "execution_form.toml",
            'criterion = "reach"',
            'criterion = "range"',
            r"service_area speaks to an unknown criterion 'range'",
        ),
        (
            "formation_form.toml",
            'question = "needs_guidance"',
            'question = "nope"',
            r"show_if names 'nope', which is not asked before it",
        ),
        ("formation_form.toml", "version = 2", "version = ", r"digibanken/formation_form\.toml: Invalid value"),
    ],
)
def test_unfit_data_is_refused_naming_file_and_key(tmp_path: Path, file, old, new, message):
    folder = tmp_path / "digibanken"
    shutil.copytree(FOLDER / "digibanken", folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load_programme(folder)


def test_a_missing_document_is_named(tmp_path: Path):
    shutil.copytree(FOLDER / "digibanken", tmp_path / "digibanken")
    (tmp_path / "digibanken" / "documents" / "dnsh-analysis.en.md").unlink()
    with pytest.raises(ValueError, match=r"documents/dnsh-analysis\.en\.md: this file is missing"):
        load_programme(tmp_path / "digibanken")
