"""What a draft can store: incomplete is fine, another type or a forged answer is not."""

from decimal import Decimal

import pytest

from portal.calls.answers import Known, problems_with_answers
from portal.calls.form_definitions import Option, Question, QuestionKind, Section
from portal.core.text import Text

LABEL = Text("Vraag", "Question")
SECTION = Section(
    "B1",
    LABEL,
    (
        Question("cost", QuestionKind.MONEY, LABEL),
        Question("start", QuestionKind.DATE, LABEL),
        Question("text", QuestionKind.LONG_TEXT, LABEL, max_characters=10),
        Question("agreed", QuestionKind.YES_NO, LABEL),
        Question("one", QuestionKind.SINGLE_CHOICE, LABEL, options=(Option("a", LABEL),)),
        Question("rows", QuestionKind.REPEATING_GROUP, LABEL, columns=(Question("n", QuestionKind.NUMBER, LABEL),)),
    ),
)


def codes(key, answer):
    return [each.code for each in problems_with_answers(SECTION, {key: answer})]


@pytest.mark.parametrize("answer", ["-1", "1e99", "NaN", "Infinity", "twelve", True, ["1"], {}, 1.5])
def test_what_is_no_amount_is_refused(answer):
    assert codes("cost", answer) == ["answer-unfit"]


@pytest.mark.parametrize(
    ("key", "answer"),
    [("cost", "0"), ("cost", "12500.50"), ("cost", ""), ("start", "2022-11-01"), ("agreed", False), ("one", "a")],
)
def test_what_fits_or_is_blank_is_stored(key, answer):
    assert codes(key, answer) == []


@pytest.mark.parametrize(("key", "answer"), [("start", "2022-02-30"), ("agreed", "yes"), ("one", "z"), ("text", 5)])
def test_another_type_or_choice_is_refused(key, answer):
    assert codes(key, answer) == ["answer-unfit"]


def test_a_text_over_its_limit_is_stored_for_its_author_to_shorten():
    assert codes("text", "word " * 10_000) == []
    assert codes("text", "x" * 100_001) == ["answer-unfit"]


def test_a_forged_key_is_refused_also_in_a_row():
    assert codes("forged", "x") == ["question-unknown"]
    assert codes("rows", [{"n": "2", "forged": "x"}]) == ["question-unknown"]
    assert codes("rows", [{"n": "2"}]) == []


KINDS = Section(
    "B2",
    LABEL,
    (
        Question("area", QuestionKind.MUNICIPALITIES, LABEL, maximum=Decimal(2)),
        Question("partner", QuestionKind.PARTNER, LABEL),
        Question("account", QuestionKind.IBAN, LABEL),
        Question("person", QuestionKind.PERSON, LABEL),
        Question("users", QuestionKind.TARGETS_PER_YEAR, LABEL, options=(Option("a", LABEL),), maximum=Decimal(100)),
        Question("hours", QuestionKind.NUMBER, LABEL, minimum=Decimal(1), maximum=Decimal(168)),
        Question("aid", QuestionKind.MONEY, LABEL, per_partner="funded"),
        Question("text", QuestionKind.SHORT_TEXT, LABEL, max_characters=10),
    ),
)
KNOWN = Known(municipalities={"13001", "13014", "46021"}, partners={"7"})


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("area", ["13001", "46021"]),
        ("partner", "7"),
        ("account", "BE71096123456769"),
        ("account", "NL91ABNA0417164300"),
        ("person", {"name": "Eva", "email": "eva@noordheide.example", "phone": ""}),
        ("users", {"2023": {"a": 0}, "2024": {"a": 100}}),
        ("users", {"2023": {"a": None}}),
        ("hours", "168"),
        ("text", "“🎉” & 'quotes'"),
    ],
)
def test_an_answer_that_fits_its_kind_is_stored(key, answer):
    assert [each.code for each in problems_with_answers(KINDS, {key: answer}, KNOWN)] == []


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("area", ["99999"]),
        ("area", ["13001", "13014", "46021"]),
        ("area", ["13001\x00"]),
        ("area", "13001"),
        ("area", [["13001"]]),
        ("partner", "8"),
        ("partner", 7),
        ("account", "BE71096123456768"),
        ("account", "BE71 0961 2345 6769"),
        ("person", {"name": "Eva", "rank": "x"}),
        ("person", {"name": ["Eva"]}),
        ("person", {"name": "x" * 201}),
        ("person", {"email": "eva"}),
        ("person", "Eva"),
        ("users", {"2023": {"a": -1}}),
        ("users", {"2023": {"a": 101}}),
        ("users", {"2023": {"a": True}}),
        ("users", {"2023": {"z": 1}}),
        ("users", {"soon": {"a": 1}}),
        ("users", {"2023": 5}),
        ("users", [5]),
        ("hours", "0"),
        ("hours", "169"),
        ("hours", 12),
        ("hours", "1_0"),
        ("hours", " 10"),
        ("hours", "1.234"),
        ("text", "nul\x00nul"),
        ("text", "half \ud83d"),
    ],
)
def test_an_answer_that_does_not_fit_its_kind_is_refused(key, answer):
    assert [each.code for each in problems_with_answers(KINDS, {key: answer}, KNOWN)] == ["answer-unfit"]


def test_what_is_answered_elsewhere_is_not_taken_in_a_section():
    assert [each.code for each in problems_with_answers(KINDS, {"aid": "10.00"}, KNOWN)] == ["question-unknown"]
