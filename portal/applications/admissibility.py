"""The machine half of the admissibility rules, OV-01 to OV-15 (domain §4).

Each check is a pure function ``(dossier, rule, asked) -> problems``; the call's rule set names it and gives its
parameters. A problem's ``link`` is the code of the form's section that mends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from stdnum.be import vat

from portal.applications.dossier import Dossier, Part
from portal.applications.states import State
from portal.calls.definitions import RuleDefinition
from portal.calls.rules import ONE_DAY, add_months, last_day, lasts_at_least, lasts_at_most
from portal.core.actor import Actor, Right
from portal.core.errors import Problem
from portal.core.money import ZERO, total
from portal.core.text import Msg, _l
from portal.partnerships.states import StrategyState

CEILING_UP_TO_2023 = Decimal("500000.00")
CEILING_FROM_2024 = Decimal("750000.00")
LAST_DAY_OF_FISCAL_YEARS = date(2023, 12, 31)
NEAR = Decimal("0.90")
HANDED_IN = (StrategyState.SUBMITTED, StrategyState.RECOGNISED)
# The arrondissements (first two digits of a NIS code) of Brussels and of Flanders.
_ARRONDISSEMENTS = [
    "21",
    "11",
    "12",
    "13",
    "23",
    "24",
    "31",
    "32",
    "33",
    "34",
    "35",
    "36",
    "37",
    "38",
    "41",
    "42",
    "43",
    "44",
    "45",
    "46",
    "71",
    "72",
    "73",
]


@dataclass(frozen=True, slots=True)
class Asked:
    """When and by whom a check is asked; ``accepted`` are the declarations ticked when submitting."""

    at: datetime
    actor: Actor
    accepted: frozenset[str] = frozenset()


Check = Callable[[Dossier, RuleDefinition, Asked], Iterator[Problem]]


def deadline(dossier: Dossier, _rule: RuleDefinition, asked: Asked) -> Iterator[Problem]:
    """OV-01: arrived at or before the closing moment, to the microsecond."""
    arrived = asked.at if dossier.state is State.DRAFT else dossier.submitted_at or asked.at
    if arrived > dossier.closes_at:
        yield Problem(
            "round-closed",
            _l("The deadline was %(closes_at)s. It is too late to submit.", closes_at=dossier.closes_at),
        )


def right_to_bind(dossier: Dossier, _rule: RuleDefinition, asked: Asked) -> Iterator[Problem]:
    """OV-02: whoever submits leads the lead partner, and no dispute froze that right. Settled once submitted."""
    if dossier.state is not State.DRAFT:
        return
    mandate = asked.actor.mandate_in(dossier.promotor_id)
    if mandate is None or mandate.right is not Right.LEAD:
        yield Problem("not-a-signer", _l("Somebody who may sign for the lead partner must submit the application."))
    elif mandate.is_frozen:
        yield Problem(
            "right-frozen",
            _l("The right to sign for the lead partner is disputed, so it is frozen. A case officer settles this."),
        )


def enterprise_numbers(dossier: Dossier, _rule: RuleDefinition, _asked: Asked) -> Iterator[Problem]:
    """OV-03: the lead partner and each funded partner have a number whose check digits fit."""
    for part in dossier.parts:
        if (part.receives_funds or part.organisation_id == dossier.promotor_id) and not vat.is_valid(
            part.enterprise_number
        ):
            yield _at(
                dossier,
                "partners",
                "enterprise-number-wrong",
                _l("The enterprise number of %(organisation)s is not right.", organisation=part.name),
            )


def grant_cap(dossier: Dossier, _rule: RuleDefinition, _asked: Asked) -> Iterator[Problem]:
    """OV-04: more than nothing, and at most the call's cap: one cent over is refused."""
    requested, cap = dossier.requested_amount, dossier.terms.grant_cap_amount
    if requested <= ZERO:
        yield _at(
            dossier, "budget", "nothing-requested", _l("You request no grant: costs minus other income is not above 0.")
        )
    elif requested > cap:
        message = _l("You request %(requested)s; the highest grant is %(cap)s.", requested=requested, cap=cap)
        yield _at(dossier, "budget", "grant-above-cap", message)
    lowest = dossier.minimum_amount
    if lowest is not None and lowest > requested:
        message = _l("The lowest grant is higher than the %(requested)s you request.", requested=requested)
        yield _at(dossier, "lowest_grant", "lowest-grant-above-request", message)


def duration(dossier: Dossier, rule: RuleDefinition, _asked: Asked) -> Iterator[Problem]:
    """OV-05: begins no earlier than the round lets it, lasts as long as the call asks, and ends in time."""
    start_key, end_key = str(rule.parameters["start"]), str(rule.parameters["end"])
    start, end = dossier.day(start_key), dossier.day(end_key)
    if start is None or end is None:
        missing = start_key if start is None else end_key
        yield _at(dossier, missing, "period-missing", _l("Fill in when the project starts and ends."))
        return
    if end < start:
        yield _at(dossier, end_key, "period-reversed", _l("The project ends before it starts."))
        return
    if start < dossier.earliest_start_on:
        message = _l("The project can start on %(earliest)s at the earliest.", earliest=dossier.earliest_start_on)
        yield _at(dossier, start_key, "start-too-early", message)
    if end > dossier.latest_end_on:
        message = _l("The project must end on %(latest)s at the latest.", latest=dossier.latest_end_on)
        yield _at(dossier, end_key, "end-too-late", message)
    yield from _problems_with_length(dossier, start, end, end_key)


def _problems_with_length(dossier: Dossier, start: date, end: date, end_key: str) -> Iterator[Problem]:
    shortest, longest = dossier.minimum_months, dossier.terms.maximum_months
    if shortest is not None and not lasts_at_least(start, end, shortest):
        message = _l(
            "The project must last at least %(months)s months: until %(until)s or later.",
            months=shortest,
            until=last_day(start, shortest),
        )
        yield _at(dossier, end_key, "period-too-short", message)
    if longest is not None and not lasts_at_most(start, end, longest):
        message = _l(
            "The project may last at most %(months)s months: until %(until)s.",
            months=longest,
            until=last_day(start, longest),
        )
        yield _at(dossier, end_key, "period-too-long", message)


def objectives_addressed(dossier: Dossier, rule: RuleDefinition, _asked: Asked) -> Iterator[Problem]:
    """OV-06: a text for each objective."""
    for key in _texts(rule.parameters["questions"]):
        if not str(dossier.answer(key) or "").strip():
            yield _at(dossier, key, "objective-missing", _l("Say how the project works on this objective."))


def document_present(dossier: Dossier, rule: RuleDefinition, _asked: Asked) -> Iterator[Problem]:
    """OV-07 and OV-11: the document is attached."""
    key = str(rule.parameters["question"])
    if not any(kind == key for kind, _ in dossier.documents):
        label = dossier.form.question(key).label
        yield _at(dossier, key, "document-missing", _l("Attach this document: %(document)s.", document=label))


def document_per_partner(dossier: Dossier, rule: RuleDefinition, _asked: Asked) -> Iterator[Problem]:
    """OV-08 and OV-10: each partner that the question asks has attached the document."""
    key = str(rule.parameters["question"])
    question = dossier.form.question(key)
    for part in dossier.funded:
        if question.per_partner == "funded_exempt_or_mixed" and not part.must_prove_vat:
            continue
        if (key, part.organisation_id) not in dossier.documents:
            message = _l(
                "Attach this document of %(organisation)s: %(document)s.",
                organisation=part.name,
                document=question.label,
            )
            yield _at(dossier, key, "document-missing", message)


def ceiling_on(day: date) -> Decimal:
    """Return the de-minimis ceiling for a grant decided on ``day``: it rose on 1 January 2024 (domain §4)."""
    return CEILING_UP_TO_2023 if day <= LAST_DAY_OF_FISCAL_YEARS else CEILING_FROM_2024


def aid_counts_from(day: date) -> date:
    """Return the first day whose aid counts for a grant decided on ``day`` (domain §4).

    Up to 2023-12-31 that is the first day of the two fiscal years before, taken as calendar years; from 2024-01-01
    the three years roll: 2024-06-14 counts back to 2021-06-15.
    """
    return date(day.year - 2, 1, 1) if day <= LAST_DAY_OF_FISCAL_YEARS else add_months(day, -36) + ONE_DAY


def aid_of(dossier: Dossier, part: Part) -> Decimal:
    """Return what counts against the part's ceiling: its earlier aid and its own share of this grant.

    The declared aid is *all* aid the partner received, so it holds what this portal awarded: that amount is its floor.
    A partner that declares less cannot leave it out, and one that declared it is not counted twice.
    """
    first = aid_counts_from(dossier.decided_on).year
    by_year = total(amount for year, amount in part.earlier_aid.items() if year >= first)
    declared = by_year if part.earlier_aid else part.earlier_aid_amount or ZERO
    earlier = max(declared, part.portal_aid_amount)
    return earlier + dossier.share_of(part)


@dataclass(frozen=True, slots=True)
class AidShare:
    """How much of its de-minimis ceiling a partner uses, in percent: by earlier aid, and by its share of this grant."""

    earlier_percent: Decimal
    own_percent: Decimal

    @property
    def percent(self) -> Decimal:
        return self.earlier_percent + self.own_percent

    @property
    def is_near(self) -> bool:
        return self.percent >= NEAR * 100


def aid_shares(dossier: Dossier) -> dict[int, AidShare]:
    """Return each funded partner's use of its ceiling, by organisation; nothing where the call has no such rule."""
    if not any(rule.check == "de_minimis" for rule in dossier.terms.rules):
        return {}
    ceiling = ceiling_on(dossier.decided_on)
    return {
        part.organisation_id: AidShare(
            (aid_of(dossier, part) - dossier.share_of(part)) / ceiling * 100, dossier.share_of(part) / ceiling * 100
        )
        for part in dossier.funded
    }


def de_minimis(dossier: Dossier, rule: RuleDefinition, asked: Asked) -> Iterator[Problem]:
    """OV-09: a declaration per funded partner, and no partner over the ceiling of the day the grant is decided."""
    yield from document_per_partner(dossier, rule, asked)
    key, ceiling = str(rule.parameters["earlier_aid"]), ceiling_on(dossier.decided_on)
    for part in dossier.funded:
        if aid_of(dossier, part) > ceiling:
            message = _l(
                "With this grant %(organisation)s comes to %(aid)s of de-minimis aid; the ceiling is %(ceiling)s.",
                organisation=part.name,
                aid=aid_of(dossier, part),
                ceiling=ceiling,
            )
            yield _at(dossier, key, "de-minimis-exceeded", message)


def near_ceiling(dossier: Dossier, rule: RuleDefinition, _asked: Asked) -> Iterator[Problem]:
    """OV-09, warning only: a partner at 90 % of its ceiling or more."""
    ceiling = ceiling_on(dossier.decided_on)
    for part in dossier.funded:
        if ceiling * NEAR <= aid_of(dossier, part) <= ceiling:
            message = _l(
                "With this grant %(organisation)s comes near the de-minimis ceiling: %(aid)s of %(ceiling)s.",
                organisation=part.name,
                aid=aid_of(dossier, part),
                ceiling=ceiling,
            )
            yield _at(dossier, str(rule.parameters["earlier_aid"]), "de-minimis-near", message)


def service_area(dossier: Dossier, rule: RuleDefinition, _asked: Asked) -> Iterator[Problem]:
    """OV-12: enough municipalities in Flanders or Brussels, and enough access points where the call asks them."""
    key = str(rule.parameters["municipalities"])
    found = dossier.answer(key)
    chosen = {str(nis) for nis in found} if isinstance(found, list) else set()
    if sum(nis[:2] in _ARRONDISSEMENTS for nis in chosen) < int(str(rule.parameters["minimum_municipalities"])):
        message = _l("Choose at least one municipality in Flanders or Brussels.")
        yield _at(dossier, key, "no-municipality", message)
    if "access_points" in rule.parameters:
        key = str(rule.parameters["access_points"])
        points = dossier.answer(key)
        if (len(points) if isinstance(points, list) else 0) < int(str(rule.parameters["minimum_access_points"])):
            yield _at(dossier, key, "no-access-point", _l("Describe at least one access point."))


def composition(dossier: Dossier, rule: RuleDefinition, _asked: Asked) -> Iterator[Problem]:
    """OV-13, warning only: enough organisations, of enough kinds, one of them of a kind that must be there."""
    kinds = {part.kind for part in dossier.parts}
    if (
        len(dossier.parts) < int(str(rule.parameters["minimum_organisations"]))
        or len(kinds) < int(str(rule.parameters["minimum_kinds"]))
        or kinds.isdisjoint(_texts(rule.parameters["one_of_kinds"]))
    ):
        message = _l(
            "A broad partnership is stronger: at least three organisations of two kinds, "
            "one of them a local government or civil society."
        )
        yield _at(dossier, "partners", "partnership-narrow", message)


def declared(dossier: Dossier, rule: RuleDefinition, asked: Asked) -> Iterator[Problem]:
    """OV-14: the declaration is ticked, in the form or when submitting."""
    key, code = str(rule.parameters["question"]), str(rule.parameters["declaration"])
    if code not in _ticked(dossier.answer(key)) | asked.accepted:
        yield _at(dossier, key, "not-declared", _l("Declare that the same costs get no other grant."))


def strategy_handed_in(dossier: Dossier, _rule: RuleDefinition, _asked: Asked) -> Iterator[Problem]:
    """OV-15: the strategy is handed in; that it is recognised is judged afterwards."""
    if dossier.strategy_state not in HANDED_IN:
        message = _l("Hand in your partnership’s strategy first. You can submit once it is handed in.")
        yield _at(dossier, "strategy", "strategy-not-handed-in", message)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (str(value),)


def _ticked(answer: Any) -> frozenset[str]:
    return frozenset(answer) if isinstance(answer, list) else frozenset()


def _at(dossier: Dossier, key: str, code: str, message: Msg) -> Problem:
    return Problem(code, message, key, dossier.section_of(key))


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        deadline,
        right_to_bind,
        enterprise_numbers,
        grant_cap,
        duration,
        objectives_addressed,
        document_present,
        document_per_partner,
        de_minimis,
        service_area,
        composition,
        declared,
        strategy_handed_in,
    )
}
WARNINGS: dict[str, Check] = {"de_minimis": near_ceiling}
