"""The text of a letter: light markup with variables from a closed list. What a variable stands for is never markup."""

import pytest

from portal.core.variable_text import Block, Run, Shape
from portal.decisions.letter_queries import shipped_text
from portal.decisions.letter_text import LONGEST, fill, problems_with_text, title_of
from portal.decisions.letter_words import ALLOWED, IN_BLOCKS, VARIABLE_WORDS, Variable
from portal.decisions.states import LETTER_WORDS, LetterKind

TEXT = """# Aanvraag {{ referentie }}

Geachte heer, mevrouw
Wij kennen **{{ bedrag }}** toe aan _{{samenwerkingsverband}}_.

{{ motivering }}

## Scores

{{ scores }}

1. Aanvaard de subsidie.
2. Teken de overeenkomst.
"""
VALUES = {
    "referentie": "DB-B-2022-1-0006",
    "bedrag": "€ 349.949,15",
    "samenwerkingsverband": "Digibank Scheldebocht",
    "motivering": ["Sterk plan.", "De planning is krap."],
    "scores": ["Bereik: 7,00 op 10", "Kosten: 6,00 op 10"],
}


def refused(text, kind=LetterKind.AWARDED):
    return [(each.code, each.message.params) for each in problems_with_text(text, kind)]


def said(blocks):
    return [(each.shape, ["".join(run.text for run in line) for line in each.lines]) for each in blocks]


def test_a_text_becomes_blocks_with_its_values_in_place():
    assert not refused(TEXT)
    blocks = fill(TEXT, VALUES)
    assert title_of(blocks) == "Aanvraag DB-B-2022-1-0006"
    assert said(blocks) == [
        (Shape.TITLE, ["Aanvraag DB-B-2022-1-0006"]),
        (Shape.PARAGRAPH, ["Geachte heer, mevrouw\nWij kennen € 349.949,15 toe aan Digibank Scheldebocht."]),
        (Shape.PARAGRAPH, ["Sterk plan."]),
        (Shape.PARAGRAPH, ["De planning is krap."]),
        (Shape.HEADING, ["Scores"]),
        (Shape.BULLETS, ["Bereik: 7,00 op 10", "Kosten: 6,00 op 10"]),
        (Shape.NUMBERS, ["Aanvaard de subsidie.", "Teken de overeenkomst."]),
    ]
    assert Run("€ 349.949,15", is_bold=True) in blocks[1].lines[0]
    assert Run("Digibank Scheldebocht", is_italic=True) in blocks[1].lines[0]


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "**vet** _schuin_", "# Kop\n\n- punt", "{{ bedrag }}", "{% for x in y %}", "\ue014"],
)
def test_a_value_is_text_whatever_it_looks_like(name):
    blocks = fill("# Brief\n\nAan {{ samenwerkingsverband }}.", {**VALUES, "samenwerkingsverband": name})
    assert blocks[1:] == [Block(Shape.PARAGRAPH, ((Run(f"Aan {name}."),),))]


@pytest.mark.parametrize(
    ("line", "code", "params"),
    [
        ("Beste {{ naam }}", "variable-unknown", {"line": 3, "name": "naam"}),
        ("{{ Referentie }}", "variable-unknown", {"line": 3, "name": "Referentie"}),
        ("{{ referentie.__class__ }}", "variable-unknown", {"line": 3, "name": "referentie.__class__"}),
        ("{{ }}", "variable-unknown", {"line": 3, "name": ""}),
        ("{{ reservelijst_tot }}", "variable-elsewhere", {"line": 3, "name": "reservelijst_tot"}),
        ("{{ referentie", "brace-alone", {"line": 3}),
        ("{ referentie }", "brace-alone", {"line": 3}),
        ("{% if bedrag %}", "brace-alone", {"line": 3}),
        ("Dit is <b>vet</b>", "html", {"line": 3}),
        ("<!-- weg -->", "html", {"line": 3}),
        ("Een\ue001teken", "unprintable", {"line": 3}),
        ("Omwille van {{ motivering }}", "variable-crowded", {"name": "motivering"}),
        ("- {{ motivering }}", "variable-crowded", {"name": "motivering"}),
        ("# Nog een titel", "title-twice", {}),
    ],
)
def test_what_cannot_stand_in_a_letter_is_refused_with_its_line(line, code, params):
    assert refused(f"# Brief\n\n{line}") == [(code, params)]


def test_less_than_is_no_html_and_every_problem_is_told_at_once():
    assert not refused("# Brief\n\nMinder dan 3 < 5, en a<b.")
    found = refused("Geen titel {{ x }} en {{ y }}\n\n<i>z</i>")
    assert [code for code, _ in found] == ["variable-unknown", "variable-unknown", "html", "title-missing"]
    assert [code for code, _ in refused("# " + "x" * LONGEST)] == ["text-too-long"]


def test_a_value_that_is_missing_leaves_no_empty_paragraph():
    assert said(fill("# Brief\n\n{{ motivering }}\n\nSlot", {})) == [
        (Shape.TITLE, ["Brief"]),
        (Shape.PARAGRAPH, ["Slot"]),
    ]


@pytest.mark.parametrize("kind", LetterKind)
def test_the_shipped_text_of_each_letter_can_be_saved_as_it_is(kind):
    text = shipped_text(kind)
    assert not refused(text, kind)
    for variable in ("referentie", "samenwerkingsverband", "ronde", "departement"):
        assert f"{{{{ {variable} }}}}" in text
    has_remedies = Variable.LAST_DAY_REVIEW in ALLOWED[kind]
    assert ("vijftien kalenderdagen" in text) == has_remedies
    assert (f"{{{{ {Variable.LAST_DAY_REVIEW} }}}}" in text) == has_remedies


def test_every_variable_has_words_and_a_letter_that_uses_it():
    assert set(VARIABLE_WORDS) == set(Variable)
    assert frozenset().union(*ALLOWED.values()) == set(Variable)
    assert set(IN_BLOCKS) <= set(Variable)
    assert set(LETTER_WORDS) == set(LetterKind) == set(ALLOWED)
