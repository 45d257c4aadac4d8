"""Every stored answer is read in words: names for codes, dates and amounts as such, and nothing that is not asked."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from portal.applications.answers_shown import Beside, Shape, shown_sections
from portal.applications.budget_view import EVERYTHING, visible_lines
from portal.calls.form_definitions import QuestionKind
from tests.world.dossiers import EXECUTION, line, part

FORM = EXECUTION.form
BESIDE = Beside(
    municipalities={"13001": "Arendonk", "13014": "Hoogstraten"},
    organisations={"1": "Noordheide"},
    categories={each.code: each.label for each in EXECUTION.definition.cost_categories},
    promotor="Noordheide",
    parts=(part(), part(2, name="De Lus", receives_funds=False, vat_status=None, earlier_aid_amount=None)),
    documents={("dnsh_analysis", None): ["dnsh.pdf"], ("de_minimis_declaration", 1): ["verklaring.pdf"]},
    costs=visible_lines([line("1000.00")], EVERYTHING, frozenset({"staff"})),
)


def shown(answers, beside=BESIDE):
    """Every shown answer's value, by question key."""
    return {each.key: each.value for section in shown_sections(FORM, answers, beside) for each in section.answers}


@pytest.mark.parametrize(
    ("key", "answer", "said"),
    [
        ("bank_account", "BE71096123456769", "BE71 0961 2345 6769"),
        ("deposit", "20.00", Decimal("20.00")),
        ("device_count", "120", Decimal(120)),
        ("project_starts_on", "2023-01-01", date(2023, 1, 1)),
        ("eu_logo", False, "No"),
        ("service_area", ["13001", "13014"], ("Arendonk", "Hoogstraten")),
        (
            "contact_person",
            {"name": "Eva Claes", "email": "eva@noordheide.example"},
            ("Eva Claes", "eva@noordheide.example"),
        ),
        ("cooperation", "Wij werken samen.\nSoms.", "Wij werken samen.\nSoms."),
        ("promotor", None, "Noordheide"),
        ("dnsh_analysis", None, ("dnsh.pdf",)),
    ],
)
def test_an_answer_is_read_in_words(key, answer, said):
    assert shown({key: answer})[key].said == said


def test_a_choice_is_read_by_its_label_in_both_languages():
    (label,) = shown({"device_origin": ["new"]})["device_origin"].said
    assert (label.nl, label.en) == ("Nieuw aangekocht", "Bought new")


def test_what_does_not_fit_its_question_is_shown_as_it_is():
    values = shown({"project_starts_on": "morgen", "device_count": "veel", "deposit": "20 euro"})
    assert [values[key].said for key in ("project_starts_on", "device_count", "deposit")] == [
        "morgen",
        "veel",
        "20 euro",
    ]


def test_rows_are_read_as_a_table_with_names_for_codes():
    row = {"name": "Digipunt", "form": "fixed", "municipality": ["13001"], "weekly_hours": "12", "operator": "1"}
    table = shown({"access_points": [row]})["access_points"].said
    assert len(table.columns) == len(table.rows[0]) == 7
    said = [getattr(each.said, "en", each.said) for each in table.rows[0]]
    assert said == ["Digipunt", "Fixed", None, ("Arendonk",), Decimal(12), None, "Noordheide"]


def test_targets_are_a_row_per_group_and_a_column_per_year():
    table = shown({"unique_users": {"2024": {"jobseekers": 20}, "2023": {"jobseekers": 10}}})["unique_users"].said
    assert table.columns[1:] == ("2023", "2024")
    assert [each.said for each in table.rows[0][1:]] == [Decimal(10), Decimal(20)]
    assert table.rows[1][1].shape is Shape.BLANK


def test_a_question_that_is_hidden_is_not_shown_though_its_answer_is_kept():
    answers = {"eu_logo_reason": "Wij gebruiken een eigen logo."}
    assert "eu_logo_reason" not in shown({**answers, "eu_logo": True})
    assert "eu_logo_reason" in shown({**answers, "eu_logo": False})


def test_partners_and_what_each_is_asked_are_tables():
    values = shown({})
    assert [row[0].said for row in values["partners"].said.rows] == ["Noordheide", "De Lus"]
    assert [row[1].said for row in values["earlier_aid"].said.rows] == [Decimal("0.00")]
    assert [row[1].said for row in values["de_minimis_declaration"].said.rows] == [("verklaring.pdf",)]


def test_the_budget_is_its_lines_for_who_may_see_them_and_its_total_for_others():
    assert shown({})["budget"].said.rows[-1][5].said == Decimal("1000.00")
    total = shown({}, replace(BESIDE, costs=None, costs_amount=Decimal("1000.00")))["budget"]
    assert (total.shape, total.said) == (Shape.AMOUNT, Decimal("1000.00"))


def test_every_kind_of_question_without_an_answer_is_shown_as_not_answered():
    values = shown({}, Beside())
    asked = {each.key: each.kind for each in FORM.questions if each.key in values}
    assert {values[key].shape for key in asked} == {Shape.BLANK}
    assert QuestionKind.TARGETS_PER_YEAR in asked.values()
