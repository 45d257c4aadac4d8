"""The variables of messages: a closed list, named in Dutch as those of letters are, with what each stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from portal.core.text import Msg, _l


class Kind(StrEnum):
    """How a value is said. PARAGRAPHS and BULLETS take several lines; a LINK is the address of a page."""

    TEXT = "text"
    MOMENT = "moment"
    SECOND = "second"  # a moment to the second, for receipts
    DAY = "day"
    MONEY = "money"
    PARAGRAPHS = "paragraphs"
    BULLETS = "bullets"
    LINK = "link"


IN_BLOCKS = {Kind.PARAGRAPHS: False, Kind.BULLETS: True}


@dataclass(frozen=True, slots=True)
class Variable:
    """What an administrator writes between double braces; ``key`` names its value in a notification's context.

    ``example`` stands in for the value where no real message can be shown.
    """

    name: str
    key: str
    words: Msg
    example: Any
    kind: Kind = Kind.TEXT


_NOON = datetime(2022, 9, 30, 10, 0, tzinfo=UTC)
_DAY = date(2022, 9, 30)
_WHY = _l("Here stand the reasons that were given.")
_PAGE = "https://portaal.example/voorbeeld"

NAME = Variable("naam", "name", _l("The name of the person it is about"), "An Peeters")
REFERENCE = Variable("referentie", "reference", _l("The application’s reference"), "DB-B-2022-9-0001")
PARTNERSHIP = Variable("samenwerkingsverband", "partnership", _l("The partnership’s name"), "Digibank Voorbeeld")
ROUND = Variable("ronde", "round", _l("The round’s code"), "B-2022-9")
CALL = Variable("oproep", "call", _l("The call’s name"), "Implementatietraject")
ORGANISATION = Variable("organisatie", "organisation", _l("The organisation’s name"), "OCMW Voorbeeld")
PERSON = Variable("collega", "person", _l("The name of the colleague who left"), "Jan Claes")
INVITER = Variable("uitnodiger", "inviter", _l("The name of who invites"), "An Peeters")
REVIEWER = Variable("beoordelaar", "reviewer", _l("The reviewer’s name"), "Wouter Janssens")
FILE = Variable("bestand", "file_name", _l("The file’s name"), "overeenkomst.pdf")
SIGNATURE = Variable("virus", "signature", _l("What the virus scanner calls what it found"), "Eicar-Test-Signature")
DIGEST = Variable("sha256", "sha256", _l("The digest of what was submitted"), "0" * 64)
DAYS = Variable("dagen", "days", _l("How many days are left"), 7)
NUMBER = Variable("beslissingsnummer", "number", _l("The decision’s number"), "B-2022-9/01")
GROUND = Variable("grond", "ground", _l("What the request for review rests on"), _l("The content of the assessment"))

CLOSES_AT = Variable("sluit_op", "closes_at", _l("The moment the round closes"), _NOON, Kind.MOMENT)
NEW_CLOSES_AT = Variable("nieuwe_sluiting", "new_closes_at", _l("The new deadline"), _NOON, Kind.MOMENT)
OLD_CLOSES_AT = Variable("oude_sluiting", "old_closes_at", _l("The deadline before"), _NOON, Kind.MOMENT)
DUE_AT = Variable("uiterlijk", "due_at", _l("Until when it can be done"), _NOON, Kind.MOMENT)
UNTIL = Variable("uiterlijk", "until", _l("Until when it can be done"), _NOON, Kind.MOMENT)
EXPIRES_AT = Variable("geldig_tot", "expires_at", _l("Until when the invitation can be answered"), _NOON, Kind.MOMENT)
SUBMITTED_AT = Variable("ingediend_op", "submitted_at", _l("The moment of submission"), _NOON, Kind.SECOND)
UPLOADED_AT = Variable("opgeladen_op", "uploaded_at", _l("When the file was uploaded"), _NOON, Kind.MOMENT)
ASKED_AT = Variable("gevraagd_op", "asked_at", _l("When the review was asked"), _NOON, Kind.SECOND)
DUE_ON = Variable("laatste_dag", "due_on", _l("The last day to do it"), _DAY, Kind.DAY)
ANSWER_DUE_ON = Variable("laatste_dag_antwoord", "answer_due_on", _l("The last day to answer"), _DAY, Kind.DAY)
AMOUNT = Variable("bedrag", "amount", _l("The amount"), Decimal("125000.00"), Kind.MONEY)

TITLE = Variable("onderwerp", "title", _l("What happened, in a few words"), _l("What happened, in a few words"))
SENTENCE = Variable(
    "uitleg", "sentence", _l("What it is about: the sentence differs by case"), _l("Here stands what it is about.")
)
NEXT = Variable(
    "vervolg", "next", _l("What happens now: the sentence differs by case"), _l("Here stands what follows.")
)
WHY = Variable("reden", "why", _l("The reason that was given"), _WHY, Kind.PARAGRAPHS)
NOTE = Variable("bericht", "note", _l("What the inviter wrote along"), _WHY, Kind.PARAGRAPHS)
MESSAGE = Variable("bericht", "message", _l("What the case officer wrote along"), _WHY, Kind.PARAGRAPHS)
ANSWER = Variable("antwoord", "answer", _l("The reasons of the answer"), _WHY, Kind.PARAGRAPHS)
ASKED = Variable(
    "gevraagd",
    "asked_lines",
    _l("What is asked, part by part"),
    ("B4: …", "B13: …"),
    Kind.BULLETS,
)

LINK = Variable("link", "link", _l("The page to open"), _PAGE, Kind.LINK)
VERIFY_LINK = Variable("controlelink", "verify_link", _l("The page that verifies the digest"), _PAGE, Kind.LINK)
PAPERS_LINK = Variable("papieren_link", "papers_link", _l("The page to download what was written"), _PAGE, Kind.LINK)


def sentence(name: str, key: str, words: Msg) -> Variable:
    """Return a variable of one notification that stands for a sentence of ours, which differs by case or stays away."""
    return Variable(name, key, words, _l("Here stands a sentence that differs by case."))
