"""The variables of letters: a closed list, in Dutch as the letters are, with what each stands for and where it has a value."""

from __future__ import annotations

from enum import StrEnum

from portal.core.text import Msg, _l
from portal.decisions.states import LetterKind


class Variable(StrEnum):
    """What an administrator writes between double braces. The order is fixed: a new one is added at the end."""

    PROGRAMME = "programma"
    DEPARTMENT = "departement"
    CALL = "oproep"
    ROUND = "ronde"
    REFERENCE = "referentie"
    PARTNERSHIP = "samenwerkingsverband"
    PROMOTOR = "promotor"
    ENTERPRISE_NUMBER = "ondernemingsnummer"
    PERIOD = "looptijd"
    REQUESTED = "gevraagd_bedrag"
    NOTICE_DAY = "datum"
    NUMBER = "beslissingsnummer"
    DECIDED_ON = "datum_beslissing"
    OUTCOME = "besluit"
    SIGNATORY = "ondertekenaar"
    TOTAL = "totaalscore"
    THRESHOLD = "drempel"
    SCORES = "scores"
    REASONS = "motivering"
    LAST_DAY_REVIEW = "laatste_dag_herziening"
    AMOUNT = "bedrag"
    AMOUNT_IN_WORDS = "bedrag_in_woorden"
    LAST_DAY_ANSWER = "laatste_dag_antwoord"
    CONDITIONS = "voorwaarden"
    RESERVE_PLACE = "plaats_reservelijst"
    RESERVE_UNTIL = "reservelijst_tot"
    GROUND = "grond"
    ASKED_ON = "datum_verzoek"
    ANSWER = "antwoord"


VARIABLE_WORDS: dict[Variable, Msg] = {
    Variable.PROGRAMME: _l("The programme’s name"),
    Variable.DEPARTMENT: _l("Who owns the programme"),
    Variable.CALL: _l("The call’s name"),
    Variable.ROUND: _l("The round’s code"),
    Variable.REFERENCE: _l("The application’s reference"),
    Variable.PARTNERSHIP: _l("The partnership’s name"),
    Variable.PROMOTOR: _l("The lead partner’s name"),
    Variable.ENTERPRISE_NUMBER: _l("The lead partner’s enterprise number"),
    Variable.PERIOD: _l("First and last day of the project"),
    Variable.REQUESTED: _l("The amount that was asked"),
    Variable.NOTICE_DAY: _l("The day of the letter, on which the decision becomes known"),
    Variable.NUMBER: _l("The decision’s number"),
    Variable.DECIDED_ON: _l("The day of the decision"),
    Variable.OUTCOME: _l("The decision in two or three words"),
    Variable.SIGNATORY: _l("Who signs, with function"),
    Variable.TOTAL: _l("The total score of 100"),
    Variable.THRESHOLD: _l("The lowest total that can be funded"),
    Variable.SCORES: _l("The score of each criterion, as a list"),
    Variable.REASONS: _l(
        "The reasons: why it departs from the ranking, thresholds missed, and the consensus text or the reviewers’ words;"
        " of an inadmissible application why it is so"
    ),
    Variable.LAST_DAY_REVIEW: _l("The last day to ask for a review"),
    Variable.AMOUNT: _l("The awarded amount in figures"),
    Variable.AMOUNT_IN_WORDS: _l("The awarded amount in words"),
    Variable.LAST_DAY_ANSWER: _l("The last day to accept or decline the grant"),
    Variable.CONDITIONS: _l("The conditions with their last days, as a list"),
    Variable.RESERVE_PLACE: _l("The place on the reserve list"),
    Variable.RESERVE_UNTIL: _l("The last day the reserve list can hold"),
    Variable.GROUND: _l("What the request for review rests on"),
    Variable.ASKED_ON: _l("The day on which the review was asked"),
    Variable.ANSWER: _l("The reasons of the answer"),
}

# These take several lines, so each stands on a line of its own; True: as a list, False: as paragraphs.
IN_BLOCKS: dict[Variable, bool] = {
    Variable.SCORES: True,
    Variable.REASONS: False,
    Variable.CONDITIONS: True,
    Variable.ANSWER: False,
}

_ASKED = frozenset({
    Variable.PROGRAMME, Variable.DEPARTMENT, Variable.CALL, Variable.ROUND, Variable.REFERENCE, Variable.PARTNERSHIP,
    Variable.PROMOTOR, Variable.ENTERPRISE_NUMBER, Variable.PERIOD, Variable.REQUESTED, Variable.NOTICE_DAY,
})  # fmt: skip
_ALWAYS = _ASKED | {Variable.NUMBER, Variable.DECIDED_ON, Variable.OUTCOME}
_TOLD = _ALWAYS | {Variable.SIGNATORY, Variable.TOTAL, Variable.THRESHOLD, Variable.SCORES, Variable.REASONS}
_AWARD = _TOLD | {Variable.AMOUNT, Variable.AMOUNT_IN_WORDS, Variable.LAST_DAY_ANSWER}
_CONTESTABLE = frozenset({Variable.LAST_DAY_REVIEW})
_ANSWERED = _ALWAYS | {Variable.GROUND, Variable.ASKED_ON, Variable.ANSWER}

ALLOWED: dict[LetterKind, frozenset[Variable]] = {
    LetterKind.AWARDED: _AWARD,
    LetterKind.REDUCED: _AWARD | _CONTESTABLE,
    LetterKind.CONDITIONAL: _AWARD | _CONTESTABLE | {Variable.CONDITIONS},
    LetterKind.RESERVE: _TOLD | _CONTESTABLE | {Variable.RESERVE_PLACE, Variable.RESERVE_UNTIL},
    LetterKind.REFUSED: _TOLD | _CONTESTABLE,
    LetterKind.PROMOTED: _AWARD | _CONTESTABLE,
    LetterKind.UPHELD: _ANSWERED,
    LetterKind.DISMISSED: _ANSWERED,
    LetterKind.INADMISSIBLE: _ASKED | {Variable.REASONS},
}
"""Which variables have a value in each letter; no other can be saved in it."""
