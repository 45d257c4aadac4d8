"""What a case officer can ask to complete by name, and what then differs between two versions."""

import pytest

from portal.applications.answers_shown import BLANK, Shape, ShownAnswer, ShownSection, Value
from portal.applications.changes import changed_sections
from portal.applications.completion import askables_of, asked_of, problems_before_asking
from portal.core.text import Text
from tests.world.dossiers import CLOSES, PARTNER, dossier, part
from tests.world.time import moment

DUE = moment("2022-08-16T12:00")
LABEL = Text("Missie", "Mission")


def two_partners():
    return dossier(parts=(part(), part(PARTNER, name="De Brem", role="core")))


def test_each_thing_is_named_once_in_the_order_of_the_form():
    found = askables_of(two_partners())
    keys = [each.key for each in found]
    assert len(keys) == len(set(keys))
    places = [two_partners().form.sections.index(each.section) for each in found]
    assert places == sorted(places)
    assert {"B2", "B8", "budget", "part:1", "part:2", "document:cooperation_agreement"} <= set(keys)
    assert "document:social_security_attest:2" in keys
    assert "document:vat_proof:2" not in keys  # liable to VAT: not asked


def test_what_was_asked_is_read_in_the_order_of_the_form():
    asked = {"budget": "Licht toe.", "B2": "Vul aan."}
    assert [(item.key, text) for item, text in asked_of(two_partners(), asked)] == [
        ("B2", "Vul aan."),
        ("budget", "Licht toe."),
    ]


@pytest.mark.parametrize(
    ("asked", "infected", "at", "codes"),
    [
        ({"B2": "Vul aan."}, (), CLOSES, []),
        ({"B2": "Vul aan."}, (), DUE, ["due-in-the-past"]),
        ({}, (), CLOSES, ["nothing-asked"]),
        ({"B99": "Vul aan."}, (), CLOSES, ["asked-unknown"]),
        ({"B2": " "}, (), CLOSES, ["ask-unfit"]),
        ({"B2": "x" * 1501}, (), CLOSES, ["ask-unfit"]),
        ({"B2": "Vul aan."}, ("budget",), CLOSES, ["infected-not-asked"]),
        ({"B2": "Vul aan.", "budget": "Ook dit."}, ("budget",), CLOSES, []),
    ],
)
def test_a_completion_names_what_exists_and_says_what_is_missing(asked, infected, at, codes):
    found = problems_before_asking(asked, {"B2", "budget"}, infected, DUE, at)
    assert [each.code for each in found] == codes


def section(*answers, code="B2"):
    return ShownSection(code, LABEL, tuple(ShownAnswer(key, LABEL, value) for key, value in answers))


def prose(text):
    return Value(Shape.PROSE, text)


def test_only_what_differs_is_told_and_what_was_hidden_or_shown_since_too():
    before = [section(("mission", prose("Een")), ("why", prose("Hierom"))), section(("same", prose("x")), code="B3")]
    after = [section(("mission", prose("Twee")), ("new", prose("Nieuw"))), section(("same", prose("x")), code="B3")]
    (found,) = changed_sections(before, after)
    assert [(each.key, each.before, each.after) for each in found.changes] == [
        ("mission", prose("Een"), prose("Twee")),
        ("new", BLANK, prose("Nieuw")),
        ("why", prose("Hierom"), BLANK),
    ]
    assert changed_sections(before, after, but={"mission", "new", "why"}) == []
