"""An application read without knowing whose it is: what a rule can take out, and what stays."""

from types import SimpleNamespace

from portal.applications.answers_shown import Shape, ShownAnswer, ShownSection, Table, Value
from portal.applications.blinding import blind_for, blinded
from portal.calls.form_definitions import FormDefinition, Question, QuestionKind, Section
from portal.core.text import Msg, Text


def organisation(name):
    return SimpleNamespace(organisation=SimpleNamespace(name=name))


LABEL = Text("Vraag", "Question")
FORM = FormDefinition(
    "execution",
    1,
    LABEL,
    (
        Section(
            "B1",
            LABEL,
            questions=(
                Question("contact", QuestionKind.PERSON, LABEL),
                Question("account", QuestionKind.IBAN, LABEL),
                Question("approach", QuestionKind.LONG_TEXT, LABEL, max_characters=500),
                Question("agreement", QuestionKind.ATTACHMENT, LABEL),
            ),
        ),
    ),
)
APPLICATION = SimpleNamespace(
    reference="DB-B-2022-2-0007",
    promotor=SimpleNamespace(name="Streekvereniging Noordheide"),
    partnership=SimpleNamespace(
        name="Digibank Noordheide", partners=[organisation("Buurtwerk Het Anker vzw"), organisation("Noordheide")]
    ),
    parts=[],
)
CONTENT = {
    "partnership": "Digibank Noordheide",
    "partners": [{"name": "Streekvereniging Noordheide"}],
    "documents": [{"name": "overeenkomst-noordheide.pdf"}],
    "sections": {"B1": {"contact": {"name": "Eva Claes", "email": "eva@x.example"}}},
}
BLIND = blind_for(APPLICATION, FORM, CONTENT)


def test_every_name_is_replaced_wherever_it_stands_the_longest_first():
    text = "Streekvereniging\n Noordheide leidt DIGIBANK NOORDHEIDE met buurtwerk het anker vzw; Eva Claes antwoordt."
    assert BLIND(text) == "[partner 1] leidt [partnerschap] met [partner 2]; [persoon 1] antwoordt."


def test_a_name_inside_a_longer_word_is_no_name():
    assert BLIND("Het Noordheidepark ligt in Noordheide.") == "Het Noordheidepark ligt in [partner 3]."


def test_addresses_and_numbers_are_replaced_and_amounts_stay():
    text = (
        "Mail info@noordheide.example, bel 014 12 34 56 of kijk op www.noordheide.example/digibank. "
        "Nummer 1999.000.150 of BE1999000150, rekening BE71 0961 2345 6769, budget 1.250.000,00 euro in 2022."
    )
    assert BLIND(text) == (
        "Mail [e-mailadres], bel [telefoonnummer] of kijk op [webadres]. "
        "Nummer [ondernemingsnummer] of [ondernemingsnummer], rekening [rekeningnummer], "
        "budget 1.250.000,00 euro in 2022."
    )


def test_contacts_are_left_out_and_tables_and_files_lose_their_names():
    words = Value(Shape.WORDS, "Streekvereniging Noordheide")
    shown = ShownSection(
        "B1",
        LABEL,
        (
            ShownAnswer("contact", LABEL, Value(Shape.LIST, ("Eva Claes",))),
            ShownAnswer("account", LABEL, words),
            ShownAnswer("approach", LABEL, Value(Shape.TABLE, Table((LABEL,), ((words,),)))),
            ShownAnswer("agreement", LABEL, Value(Shape.LIST, ("overeenkomst-noordheide.pdf",))),
        ),
    )
    (found,) = blinded([shown], FORM, BLIND)
    assert [each.key for each in found.answers] == ["approach", "agreement"]
    assert found.answers[0].value.said.rows[0][0].said == "[partner 1]"
    assert found.answers[1].value.said == ("[bestand 1]",)


def test_the_portals_own_words_stay():
    yes = ShownAnswer("approach", LABEL, Value(Shape.WORDS, Msg("Yes")))
    (found,) = blinded([ShownSection("B1", LABEL, (yes,))], FORM, BLIND)
    assert found.answers[0] == yes
