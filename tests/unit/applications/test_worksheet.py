"""A form to work on outside: everything that is asked, within which limits, and when."""

from dataclasses import replace

import pytest

from portal.applications.answers_shown import Shape, ShownAnswer, ShownSection, Value
from portal.applications.budget_view import EVERYTHING, NOBODY, REVIEWER, Viewer
from portal.applications.worksheet import sheets_of
from portal.calls.catalogue import load_programmes
from tests.world.dossiers import CALLS

FORM = CALLS["execution"].form


def items(form=FORM, shown=()):
    return {item.label.nl: item for sheet in sheets_of(form, shown) for item in sheet.items}


def said(messages):
    return [str(each) % each.params if each.params else str(each) for each in messages]


def test_every_question_of_every_section_stands_on_the_sheet_and_is_blank():
    sheets = sheets_of(FORM)
    assert [each.code for each in sheets] == [each.code for each in FORM.sections]
    assert sum(len(each.items) for each in sheets) == len(FORM.questions)
    assert all(item.is_blank for sheet in sheets for item in sheet.items)


@pytest.mark.parametrize("programme", load_programmes(), ids=lambda each: each.definition.code)
def test_every_form_of_the_catalogue_can_be_worked_on_outside(programme):
    for call in programme.calls:
        for sheet in sheets_of(call.form):
            for item in sheet.items:
                assert said([*item.limits, *item.condition])
                assert item.columns or item.choices or not item.limits[0].endswith(("choice", "choices", "table"))


def test_limits_are_said_in_words():
    loan = items()["Hoe organiseert u de uitleendienst?"]
    question = next(each for each in FORM.questions if each.label == loan.label)
    assert said(loan.limits)[0] == "long text"
    assert f"at most {question.max_characters} characters" in said(loan.limits)
    assert "at most 60" in said(items()["Uitleentermijn"].limits)
    assert "at most 12 rows" in said(items()["Werkpakketten"].limits)


def test_what_is_calculated_says_from_what_and_leaves_no_room_to_write():
    share, deposits = items()["Aandeel werkzoekenden"], items()["Waarborgen samen"]
    assert (share.is_asked, deposits.is_asked) == (False, False)
    assert said(share.limits)[0] == "calculated from other answers"
    assert "not required" not in said(share.limits)
    assert share.limits[-1].params["answers"].nl == (
        "Unieke gebruikers per jaar en doelgroep (Werkzoekenden), Unieke gebruikers per jaar en doelgroep"
    )
    assert deposits.limits[-1].params["answers"].en == "How many devices do you lend?, Deposit per device"
    hours = items()["Uren per week van alle knooppunten samen"]
    assert hours.limits[-1].params["answers"].nl == "Knooppunten (Uren per week)"


def test_a_question_that_depends_on_another_says_on_which_answer():
    conditional = next(each for each in FORM.questions if each.show_if)
    asked = FORM.question(conditional.show_if.clauses[0].question)
    (condition,) = items()[conditional.label.nl].condition
    assert condition.params["question"] == asked.label
    assert condition.params["value"].nl == "Nee"


def test_an_answer_takes_the_place_of_the_room_for_it():
    question = FORM.sections[3].questions[0]
    shown = [
        ShownSection(
            "B4", FORM.sections[3].title, (ShownAnswer(question.key, question.label, Value(Shape.PROSE, "Zo.")),)
        )
    ]
    filled = items(shown=shown)
    assert not filled[question.label.nl].is_blank
    assert sum(not each.is_blank for each in filled.values()) == 1


@pytest.mark.parametrize("viewer", [EVERYTHING, REVIEWER, NOBODY, Viewer(False, frozenset({12, 3}))])
def test_a_viewer_is_found_again_by_its_key(viewer):
    assert Viewer.named(viewer.key) == viewer


def test_what_was_made_for_one_viewer_opens_only_to_who_may_see_as_much():
    partner, other = Viewer(False, frozenset({3})), Viewer(False, frozenset({12}))
    opens = {
        name: [key for key in ("all", "review", "", "3", "12") if viewer.may_open(key)]
        for name, viewer in (("all", EVERYTHING), ("reviewer", REVIEWER), ("partner", partner), ("other", other))
    }
    assert opens == {
        "all": ["all", "review", "", "3", "12"],
        "reviewer": ["review", ""],
        "partner": ["", "3"],
        "other": ["", "12"],
    }
    assert replace(partner, organisation_ids=frozenset()).key == NOBODY.key
