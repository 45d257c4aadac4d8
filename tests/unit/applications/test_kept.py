"""A kept text is read with the form's own words, whatever page it was typed on and whatever it holds."""

import pytest

from portal.applications.answers_shown import Beside, Shape
from portal.applications.kept import kept_answers, where_typed
from tests.world.dossiers import EXECUTION

FORM = EXECUTION.form
BESIDE = Beside(
    organisations={"7": "Noordheide"}, categories={c.code: c.label for c in EXECUTION.definition.cost_categories}
)


def read(answers):
    return {each.key: (each.label.en, each.value.said) for each in kept_answers(FORM, answers, BESIDE)}


def test_a_sections_answers_are_read_by_their_questions_and_an_unfit_one_as_it_was_typed():
    assert read({"loan_term": "9", "device_count": "ca. 120"}) == {
        "loan_term": ("Loan term", 9),
        "device_count": ("How many devices do you lend?", "ca. 120"),
    }


def test_a_cost_and_a_partners_part_are_read_by_the_columns_of_the_form():
    said = read({"organisation_id": 7, "category": "staff", "task": "Leidt.", "explanation": "Twee digihelpers."})
    assert [label for label, _value in said.values()] == [
        "Partner",
        "Cost category",
        "Role and share in the project",
        "Explanation",
    ]
    assert said["organisation_id"][1] == "Noordheide"
    assert said["explanation"][1] == "Twee digihelpers."


def test_what_no_question_asks_is_not_lost():
    (found,) = kept_answers(FORM, {"forged": {"rank": 1}}, BESIDE)
    assert (found.label.nl, found.value.said) == ("forged", "{'rank': 1}")
    (blank,) = kept_answers(FORM, {"forged": None}, BESIDE)
    assert blank.value.shape is Shape.BLANK


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("B4", ("B4", "Objective 1: access")),
        ("budget", ("", "Project budget")),
        ("part:7", ("", "Noordheide")),
        ("part:9", ("", "9")),
    ],
)
def test_the_page_it_was_typed_on_has_a_name(code, said):
    found, words = where_typed(FORM, code, BESIDE)
    assert (found, getattr(words, "en", words)) == said
