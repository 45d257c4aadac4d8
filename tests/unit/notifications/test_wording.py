"""The text of a message: what an administrator may write, and the subject, text and HTML it makes of real values."""

import re
from datetime import date

import pytest

from portal.notifications.catalogue.applications import CompletionAsked
from portal.notifications.catalogue.awards import AwardAnswerDue
from portal.notifications.catalogue.decisions import DecisionPublished
from portal.notifications.table import NOTIFICATIONS
from portal.notifications.texts.problems import (
    LONGEST_BODY,
    LONGEST_SUBJECT,
    needed_in,
    problems_with_wording,
)
from portal.notifications.texts.wording import Wording, fill
from portal.notifications.variables import IN_BLOCKS

COMPLETION = CompletionAsked()
SUBJECT = "Vul {{ referentie }} aan"
BODY = """Beste promotor

Vul **{{ referentie }}** aan tot {{ uiterlijk }}.

{{ gevraagd }}

{{ bericht }}

[Open {{ referentie }}]({{ link }})"""
CONTEXT = {
    "reference": "DB-B-2022-2-0009",
    "partnership": "Digibank Leiekant",
    "asked_lines": ["B4 Uitleen: hoeveel toestellen?", "B13 Begroting: licht toe."],
    "message": "Eerste alinea.\n\nTweede alinea.",
    "link": "https://portaal.example/applications/DB-B-2022-2-0009",
}


def codes(subject=SUBJECT, body=BODY, notification=COMPLETION):
    return [(each.code, each.field) for each in problems_with_wording(notification, subject, body)]


def test_paragraphs_lists_and_one_button_stand_in_both_parts():
    assert codes() == []
    made = fill(COMPLETION, Wording(1, SUBJECT, BODY), CONTEXT)
    assert made.subject == "Vul DB-B-2022-2-0009 aan"
    assert made.text == (
        "Beste promotor\n\nVul DB-B-2022-2-0009 aan tot .\n\n"
        "- B4 Uitleen: hoeveel toestellen?\n- B13 Begroting: licht toe.\n\n"
        "Eerste alinea.\n\nTweede alinea.\n\n"
        "Open DB-B-2022-2-0009:\nhttps://portaal.example/applications/DB-B-2022-2-0009"
    )
    assert "<p>Vul <strong>DB-B-2022-2-0009</strong> aan tot .</p>" in made.html
    assert "<li>B13 Begroting: licht toe.</li>" in made.html
    button = '<a class="button" href="https://portaal.example/applications/DB-B-2022-2-0009">Open DB-B-2022-2-0009</a>'
    assert button in made.html


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "**vet**", "{{ link }}", "[x](http://elders.example)", "\ue001"]
)
def test_what_a_variable_stands_for_is_never_markup(name):
    made = fill(COMPLETION, Wording(1, "{{ referentie }}", BODY), {**CONTEXT, "reference": name})
    assert made.subject == name
    assert "<script>" not in made.html
    assert made.html.count("<a ") == 1
    assert re.findall('href="([^"]*)"', made.html) == [CONTEXT["link"]]


def test_a_variable_without_a_value_takes_its_paragraph_along():
    body = "{{ na_herziening }}\n\n{{ besluit }}\n\nLees ze. {{ antwoord_gevraagd }} Tot dan.\n\n{{ herziening }}\n\n[Open]({{ link }})"
    made = fill(DecisionPublished(), Wording(1, "Besluit", body), {"news": "Ja.", "link": "https://portaal.example/"})
    assert made.text == "Ja.\n\nLees ze. Tot dan.\n\nOpen:\nhttps://portaal.example/"


def test_days_are_said_as_people_write_them():
    body = "Antwoord voor {{ laatste_dag }}.\n\n[Open]({{ link }})"
    made = fill(AwardAnswerDue(), Wording(1, "Antwoord", body), {"due_on": date(2022, 7, 17), "link": "x"})
    assert made.text.startswith("Antwoord voor 17 juli 2022.")


@pytest.mark.parametrize(
    ("subject", "body", "found"),
    [
        ("", BODY, ("subject-empty", "subject")),
        ("Twee\nregels", BODY, ("subject-lines", "subject")),
        ("x" * (LONGEST_SUBJECT + 1), BODY, ("subject-too-long", "subject")),
        ("{{ onbekend }}", BODY, ("variable-unknown", "subject")),
        ("{{ referentie", BODY, ("brace-alone", "subject")),
        ("{{ gevraagd }}", BODY, ("subject-variable", "subject")),
        ("{{ link }}", BODY, ("subject-variable", "subject")),
        (SUBJECT, "", ("body-empty", "body")),
        (SUBJECT, BODY + "x" * LONGEST_BODY, ("body-too-long", "body")),
        (SUBJECT, BODY + "\n\n{{ sluit_op }}", ("variable-unknown", "body")),
        (SUBJECT, BODY + "\n\n{{ referentie }", ("brace-alone", "body")),
        (SUBJECT, BODY + "\n\n{% if ronde %}", ("brace-alone", "body")),
        (SUBJECT, BODY + "\n\n<b>vet</b>", ("html", "body")),
        (SUBJECT, BODY + "\n\nNu: {{ bericht }}", ("variable-crowded", "body")),
        (SUBJECT, BODY.replace("[Open {{ referentie }}]({{ link }})", "Ga naar {{ link }}"), ("link-crowded", "body")),
        (SUBJECT, BODY + "\n\n[Nog eens]({{ link }})", ("link-twice", "body")),
        (SUBJECT, BODY + "\n\n[Win een prijs](https://elders.example)", ("link-elsewhere", "body")),
    ],
)
def test_a_text_with_a_fault_is_refused_at_its_field(subject, body, found):
    assert found in codes(subject, body)


@pytest.mark.parametrize("name", ["uiterlijk", "gevraagd", "link"])
def test_what_the_law_asks_of_a_message_cannot_be_left_out_and_is_named(name):
    lines = [each for each in BODY.split("\n\n") if f"{{{{ {name} }}}}" not in each]
    (missing,) = [
        each
        for each in problems_with_wording(COMPLETION, SUBJECT, "\n\n".join(lines))
        if each.code == "variable-missing"
    ]
    assert missing.message.params["name"] == name


def test_a_decision_always_says_how_a_review_is_asked():
    assert "herziening" in {each.name for each in needed_in(DecisionPublished())}


@pytest.mark.parametrize("notification", [each for each in NOTIFICATIONS if each.variables], ids=lambda each: each.name)
def test_each_notification_has_a_closed_list_in_which_a_name_means_one_thing(notification):
    names = [each.name for each in notification.variables]
    assert len(set(names)) == len(names) == len({each.key for each in notification.variables})
    assert set(needed_in(notification)) <= set(notification.variables)
    assert "link" in names
    assert all(each.words for each in notification.variables)


def test_one_name_has_one_kind_whatever_the_message():
    kinds = {}
    for each in (variable for notification in NOTIFICATIONS for variable in notification.variables):
        assert kinds.setdefault(each.name, each.kind) is each.kind
    assert {"gevraagd", "reden"} <= {name for name, kind in kinds.items() if kind in IN_BLOCKS}
