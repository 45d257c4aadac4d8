"""The demo's own text of a message: the reminder of a deadline, written anew by its administrator in two steps."""

from __future__ import annotations

from datetime import date

from flask import Flask

from portal.core.clock import brussels_moment
from portal.demo.world_people import Crowd
from portal.notifications.texts.commands import save_text
from portal.notifications.texts.queries import get_standing

SUBJECT = "Nog in te dienen vóór {{ sluit_op }}: aanvraag {{ referentie }}"
FIRST = """Aanvraag {{ referentie }} van {{ samenwerkingsverband }} is nog een ontwerp. Dien ze in vóór {{ sluit_op }}; daarna neemt ze niet meer deel aan ronde {{ ronde }}.

[Aanvraag openen]({{ link }})"""
SECOND = """Aanvraag {{ referentie }} van {{ samenwerkingsverband }} is nog een ontwerp. Dien ze in vóór {{ sluit_op }}; daarna neemt ze **niet meer deel** aan ronde {{ ronde }}.

Wacht niet tot het laatste uur:

- kijk na of elke partner getekend heeft;
- kijk na of elk document opgeladen is.

[Aanvraag openen]({{ link }})

Vragen? Antwoord niet op deze mail, maar gebruik de pagina Hulp en contact van het portaal."""


def write_texts(app: Flask, crowd: Crowd, scope: str) -> None:
    """Save two versions of one text of the programme ``scope``; the other texts stay as shipped."""
    for body, day in ((FIRST, date(2022, 2, 21)), (SECOND, date(2022, 4, 4))):
        standing = get_standing(app, scope, "deadline-near", "nl")
        save_text(crowd.ctx("sofie", brussels_moment(day, 10)), standing, SUBJECT, body, based_on=standing.number)
