"""What the variables of a letter stand for in one application: in Dutch, as plain text, ready to be frozen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import force_locale

from portal.applications.models import Application
from portal.applications.states import AWARDS, OUTCOME_WORDS, Outcome
from portal.calls.queries import terms_of
from portal.core.clock import brussels_day
from portal.core.formats import format_day, format_enterprise_number, format_money, format_number
from portal.core.requests import LOCALES
from portal.core.text import Msg, _l
from portal.core.variable_text import Value
from portal.core.web import translate
from portal.decisions.contesting import last_day_to_ask
from portal.decisions.dutch_amounts import in_words
from portal.decisions.letter_words import ALLOWED, Variable
from portal.decisions.models import Decision, ReviewRequest
from portal.decisions.presenters import criterion_figures, missed_in_words, score
from portal.decisions.rules import answer_due, reserve_ends_on
from portal.decisions.states import GROUND_WORDS, DecisionState, Ground, LetterKind

ABSENT = "–"  # never a hole in a sentence
EXAMPLE_SIGNATORY = "Naam, functie"
REPLACES = _l("After the request for review this decision takes the place of decision %(number)s of %(day)s.")
REDUCED_BY_BUDGET = _l(
    "In the order of the ranking the budget allows no more than this amount. It is not below the lowest amount with"
    " which, as the application says, the project can go on."
)
Values = dict[str, Value]


def kind_of(decision: Decision) -> LetterKind:
    """Return which letter tells this decision."""
    if decision.promoted_at is not None:
        return LetterKind.PROMOTED
    if decision.outcome == Outcome.APPROVED:
        is_whole = decision.amount >= (decision.application.requested_amount or 0)
        return LetterKind.AWARDED if is_whole else LetterKind.REDUCED
    return {
        Outcome.CONDITIONAL: LetterKind.CONDITIONAL,
        Outcome.RESERVE: LetterKind.RESERVE,
        Outcome.REFUSED: LetterKind.REFUSED,
    }[Outcome(decision.outcome)]


@dataclass(frozen=True, slots=True)
class Notice:
    """What a decision gets when it is told."""

    day: date
    decided_on: date
    number: str
    signed_by: str
    answer_due_on: date
    reserve_place: int | None

    @classmethod
    def of(cls, decision: Decision, at: datetime) -> Notice:
        """Return the notice of a decision that becomes known ``at``; examples stand in for what it has not got yet."""
        today = brussels_day(at)
        is_told = decision.state not in (DecisionState.PENDING, DecisionState.CONFIRMED)
        return cls(
            day=today,
            decided_on=decision.decided_on or today,
            number=decision.number or f"{decision.round.code}/00",
            signed_by=decision.signed_by or EXAMPLE_SIGNATORY,
            answer_due_on=(decision.answer_due_on if is_told else None) or answer_due(today),
            reserve_place=decision.reserve_position if is_told else 1,
        )


def values_of_decision(decision: Decision, feedback: Mapping[str, Any], at: datetime) -> Values:
    """Return the values of the letter that tells the decision ``at``; ``feedback`` as ``feedback_of`` gives it."""
    notice = Notice.of(decision, at)
    with force_locale(LOCALES["nl"]):
        found = {
            **_common(decision, notice),
            Variable.SIGNATORY: notice.signed_by,
            **_assessed(decision, feedback),
            Variable.LAST_DAY_REVIEW: format_day(last_day_to_ask(notice.day)),
            Variable.AMOUNT: format_money(decision.amount),
            Variable.AMOUNT_IN_WORDS: in_words(decision.amount),
            Variable.LAST_DAY_ANSWER: format_day(notice.answer_due_on),
            Variable.CONDITIONS: [
                f"Uiterlijk op {format_day(each.due_on)}: {each.text}" for each in decision.conditions
            ],
            Variable.RESERVE_PLACE: str(notice.reserve_place or ABSENT),
            Variable.RESERVE_UNTIL: format_day(reserve_ends_on(notice.decided_on)),
        }
    return _allowed(kind_of(decision), found)


def values_of_answer(request: ReviewRequest, kind: LetterKind, at: datetime) -> Values:
    """Return the values of the letter that answers a request for review ``at``."""
    with force_locale(LOCALES["nl"]):
        found = {
            **_common(request.decision, Notice.of(request.decision, at)),
            Variable.GROUND: translate(GROUND_WORDS[Ground(request.ground)]).lower(),
            Variable.ASKED_ON: format_day(request.asked_at),
            Variable.ANSWER: list(_paragraphs(request.answer)),
        }
    return _allowed(kind, found)


def values_of_refused_admission(application: Application, at: datetime) -> Values:
    """Return the values of the letter that tells ``at`` why an application is inadmissible."""
    reason = str((application.feedback or {}).get("inadmissible_reason", ""))
    with force_locale(LOCALES["nl"]):
        found = {
            **_asked(application),
            Variable.NOTICE_DAY: format_day(brussels_day(at)),
            Variable.REASONS: list(_paragraphs(reason)),
        }
    return _allowed(LetterKind.INADMISSIBLE, found)


def _allowed(kind: LetterKind, found: Mapping[Variable, Value]) -> Values:
    return {str(each): value for each, value in found.items() if each in ALLOWED[kind]}


def _common(decision: Decision, notice: Notice) -> dict[Variable, Value]:
    return {
        **_asked(decision.application),
        Variable.NOTICE_DAY: format_day(notice.day),
        Variable.NUMBER: notice.number,
        Variable.DECIDED_ON: format_day(notice.decided_on),
        Variable.OUTCOME: translate(OUTCOME_WORDS[Outcome(decision.outcome)].applicant).lower(),
    }


def _asked(application: Application) -> dict[Variable, Value]:
    round_, programme = application.round, application.round.call.programme
    starts_on, ends_on = application.starts_on, application.ends_on
    period = f"{format_day(starts_on)} tot en met {format_day(ends_on)}" if starts_on and ends_on else ABSENT
    requested = application.requested_amount
    return {
        Variable.PROGRAMME: programme.definition.name.nl,
        Variable.DEPARTMENT: programme.definition.owner.nl,
        Variable.CALL: terms_of(round_).name.nl,
        Variable.ROUND: round_.code,
        Variable.REFERENCE: application.reference,
        Variable.PARTNERSHIP: application.partnership.name,
        Variable.PROMOTOR: application.promotor.name,
        Variable.ENTERPRISE_NUMBER: format_enterprise_number(application.promotor.enterprise_number),
        Variable.PERIOD: period,
        Variable.REQUESTED: ABSENT if requested is None else format_money(requested),
    }


def _assessed(decision: Decision, feedback: Mapping[str, Any]) -> dict[Variable, Value]:
    terms = terms_of(decision.round)
    figures = criterion_figures(feedback, terms)
    total = feedback.get("total")
    return {
        Variable.TOTAL: ABSENT if total is None else format_number(float(total), decimals=2),
        Variable.THRESHOLD: format_number(terms.total_threshold),
        Variable.SCORES: [f"{translate(each.label)}: {score(each.score)} op 10" for each in figures],
        Variable.REASONS: [each for said in _reasons(decision, feedback) for each in _paragraphs(said)],
    }


def _reasons(decision: Decision, feedback: Mapping[str, Any]) -> Iterator[Msg | str]:
    if decision.replaces is not None and decision.replaces.decided_on is not None:
        first = decision.replaces
        yield translate(Msg(REPLACES, {"number": first.number or "", "day": first.decided_on}))
    yield decision.reason
    is_reduced = decision.outcome in AWARDS and decision.amount < (decision.application.requested_amount or 0)
    if is_reduced and not decision.reason:
        yield translate(REDUCED_BY_BUDGET)
    if decision.replaces is None or decision.outcome not in AWARDS:  # a review may have found that it was met
        yield from (translate(each) for each in missed_in_words(feedback, terms_of(decision.round)))
    yield feedback.get("text") or ""
    for number, each in enumerate(feedback.get("reviews") or [], start=1):
        for label, name in (("sterke punten", "strengths"), ("zwakke punten", "weaknesses")):
            if each.get(name):
                yield f"Beoordelaar {number}, {label}: {each[name]}"


def _paragraphs(said: str) -> Iterator[str]:
    return (each.strip() for each in re.split(r"\n\s*\n", said.replace("\r\n", "\n")) if each.strip())
