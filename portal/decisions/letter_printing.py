"""From a frozen letter to its files: one page in Dutch, as a tagged PDF and as a Word document with the same words."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale

from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db, get_one
from portal.core.leasing import make_leased, name_of, refuse_worn_out
from portal.core.pdf import write_pdf
from portal.core.requests import LOCALES
from portal.decisions.commands.letters import MadeFiles, claim_next, keep_letter, note_failure
from portal.decisions.letter_models import Letter
from portal.decisions.letter_text import fill
from portal.decisions.letter_values import Values
from portal.decisions.letter_word import write_letter
from portal.decisions.letter_words import Variable
from portal.decisions.states import LetterFailure


def make_next(app: Flask, ctx: Ctx) -> bool:
    """Make the next letter that is due, and commit; return whether there was one. A failure is noted and logged."""
    return make_leased(claim_next(machine_now()), partial(_make, app, ctx), _note_failure, what="letter")


def page_of(text: str, values: Values) -> dict[str, Any]:
    """Return what the page of a letter shows: from whom, to whom, what it refers to, and what it says."""

    def said(variable: Variable) -> str:
        return str(values.get(variable, ""))

    return {
        "sender": said(Variable.DEPARTMENT),
        "addressee": [said(Variable.PROMOTOR), f"Ondernemingsnummer {said(Variable.ENTERPRISE_NUMBER)}"],
        "facts": [
            (label, said(each))
            for label, each in (
                ("Datum", Variable.NOTICE_DAY),
                ("Uw aanvraag", Variable.REFERENCE),
                ("Onze beslissing", Variable.NUMBER),
                ("Programma", Variable.PROGRAMME),
            )
            if said(each)
        ],
        "blocks": fill(text, values),
    }


def _make(app: Flask, ctx: Ctx, number: int, attempts: int) -> None:
    refuse_worn_out(attempts, f"letter {number}")
    letter = _get(number)
    content = json.loads(letter.content)
    page = page_of(content["text"], content["values"])
    name = f"{content['values'][Variable.REFERENCE]}-{_NAMES.get(letter.kind, 'beslissing')}"
    with force_locale(LOCALES["nl"]):
        html = app.jinja_env.get_template("papers/letter.html").render(**page)
    db.session.rollback()  # nothing is held while the pages are drawn
    docx = write_letter([page["sender"], "", *page["addressee"]], page["facts"], page["blocks"])
    keep_letter(ctx, app.extensions["portal.storage"], letter, MadeFiles(name, write_pdf(html), docx))


_NAMES = {
    "promoted": "toekenning-reservelijst",
    "upheld": "herziening",
    "dismissed": "herziening",
    "inadmissible": "onontvankelijk",
}


def _note_failure(number: int, fault: Exception) -> None:
    note_failure(_get(number), LetterFailure(name_of(fault)), machine_now())


def _get(number: int) -> Letter:
    return get_one(sa.select(Letter).where(Letter.id == number))
