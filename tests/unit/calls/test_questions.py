"""What a draft can store: incomplete is fine, another type or a forged answer is not."""

import pytest

from portal.calls.answers import problems_with_answers
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
