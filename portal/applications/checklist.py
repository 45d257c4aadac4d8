"""The living checklist and the refusal at submission: the same checks, so that they cannot drift apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import chain

from portal.applications.admissibility import CHECKS, WARNINGS, Asked
from portal.applications.completeness import problems_across_questions, problems_with_completeness
from portal.applications.dossier import Dossier
from portal.applications.sign_offs import problems_with_sign_offs
from portal.applications.states import State, Verdict
from portal.calls.definitions import RuleDefinition
from portal.core.errors import Problem
from portal.core.text import Text, _l
from portal.partnerships.states import StrategyState


class Machine(StrEnum):
    """What the portal itself found of a rule."""

    MET = "met"
    NOT_MET = "not_met"
    WARNING = "warning"
    LATER = "later"  # only a case officer can tell, or it is settled by submitting


@dataclass(frozen=True, slots=True)
class RuleState:
    """One rule of a call as it stands. ``question`` is what the case officer judges; None where nothing is judged."""

    code: str
    label: Text
    machine: Machine
    problems: tuple[Problem, ...]
    question: Text | None
    verdict: Verdict | None
    reason: str | None

    @property
    def is_judged_half_open(self) -> bool:
        return self.question is not None and self.verdict is None


def check_rule(dossier: Dossier, rule: RuleDefinition, asked: Asked) -> tuple[Problem, ...]:
    """Return what one rule's machine half finds; nothing where it has none."""
    return tuple(CHECKS[rule.check](dossier, rule, asked)) if rule.check else ()


def rule_states(
    dossier: Dossier, asked: Asked, judged: Mapping[str, tuple[Verdict, str]] | None = None
) -> list[RuleState]:
    """Return the checklist in the call's order; ``judged`` is each judged half's verdict and reason by rule code."""
    states = []
    for rule in dossier.terms.rules:
        problems = check_rule(dossier, rule, asked)
        warnings = tuple(WARNINGS[rule.check](dossier, rule, asked)) if rule.check in WARNINGS else ()
        verdict, reason = (judged or {}).get(rule.code, (None, None))
        states.append(
            RuleState(
                rule.code,
                rule.label,
                _machine(dossier, rule, asked, problems, warnings),
                problems or warnings,
                rule.judged,
                verdict,
                reason,
            )
        )
    return states


def _machine(
    dossier: Dossier, rule: RuleDefinition, asked: Asked, problems: tuple[Problem, ...], warnings: tuple[Problem, ...]
) -> Machine:
    if rule.check is None:
        return Machine.LATER
    if problems:
        if rule.check == "right_to_bind" and problems[0].code == "not-a-signer":
            return Machine.LATER  # who drafts need not be who signs
        if rule.check == "declared" and dossier.state is State.DRAFT:
            return Machine.LATER  # declared when submitting, by whoever signs
        return Machine.NOT_MET if rule.kind == "blocks" else Machine.WARNING
    if rule.check == "deadline" and dossier.state is State.DRAFT and asked.at <= dossier.closes_at:
        return Machine.LATER
    return Machine.WARNING if warnings else Machine.MET


def problems_before_submission(
    dossier: Dossier, asked: Asked, *, but: frozenset[str] = frozenset()
) -> Iterator[Problem]:
    """Yield everything that refuses the submission: blocking rules first, then answers that no rule spoke of.

    Those are what is missing or too long, and what goes against a rule of the form.

    ``but`` names checks that are left out.
    """
    spoken: set[str | None] = set()
    for rule in dossier.terms.rules:
        if rule.kind == "blocks" and rule.check not in but:
            for found in check_rule(dossier, rule, asked):
                spoken.add(found.field)
                yield found
    for found in chain(problems_with_completeness(dossier), problems_across_questions(dossier)):
        if found.field not in spoken:
            yield found
    yield from problems_with_sign_offs(dossier)
    for declaration in dossier.terms.declarations:
        if declaration.code not in asked.accepted:
            yield Problem("declaration-not-accepted", _l("Accept every declaration."), "accepted")
            break
    if dossier.has_award:
        message = _l("This partnership carries out a strategy with a grant of this programme already.")
        yield Problem("award-already", message)


def problems_before_completing(dossier: Dossier, asked: Asked, due_at: datetime) -> Iterator[Problem]:
    """Yield everything that refuses a completion: its own due moment, and all that would refuse the submission.

    The round's deadline is not asked again: the submission met it. ``asked.accepted`` are the declarations of that
    submission, which stand; whoever hands in the completion binds the lead partner anew.
    """
    if asked.at > due_at:
        message = _l("The completion was due on %(due_at)s. It is too late to hand it in.", due_at=due_at)
        yield Problem("completion-too-late", message)
    yield from problems_before_submission(replace(dossier, state=State.DRAFT), asked, but=frozenset({"deadline"}))


def problems_before_admitting(
    dossier: Dossier,
    judged: Mapping[str, tuple[Verdict, str]],
    *,
    is_claim_confirmed: bool,
    has_infected_document: bool = False,
) -> Iterator[Problem]:
    """Yield why an application cannot be found admissible: each judged half must be met, OV-02 and OV-15 in fact too.

    A document that the virus scanner refused after the submission must have been completed.
    """
    if has_infected_document:
        message = _l("The virus scanner refused a document. Ask for a clean one as a completion first.")
        yield Problem("document-infected", message)
    for rule in dossier.terms.rules:
        if rule.judged is None:
            continue
        verdict, _reason = judged.get(rule.code, (None, ""))
        if verdict is None:
            yield Problem("rule-not-judged", _l("%(rule)s is not judged yet.", rule=rule.code), rule.code)
        elif verdict is not Verdict.MET:
            yield Problem("rule-not-met", _l("%(rule)s is judged, but not as met.", rule=rule.code), rule.code)
        if rule.check == "right_to_bind" and not is_claim_confirmed:
            message = _l("The right to sign for the lead partner is not confirmed yet. Judge the claim first.")
            yield Problem("claim-unconfirmed", message, rule.code)
        if rule.check == "strategy_handed_in" and dossier.strategy_state is not StrategyState.RECOGNISED:
            message = _l("The partnership’s strategy is not recognised yet. Judge the strategy first.")
            yield Problem("strategy-not-recognised", message, rule.code)


def problems_with_verdict(
    dossier: Dossier, rule: RuleDefinition, verdict: Verdict, *, is_claim_confirmed: bool
) -> Iterator[Problem]:
    """Yield why a rule cannot be judged as met yet: the claim or the strategy behind it stands open."""
    if verdict is not Verdict.MET:
        return
    if rule.check == "right_to_bind" and not is_claim_confirmed:
        message = _l("The right to sign for the lead partner is not confirmed yet. Judge the claim first.")
        yield Problem("claim-unconfirmed", message, "verdict")
    if rule.check == "strategy_handed_in" and dossier.strategy_state is not StrategyState.RECOGNISED:
        message = _l("The partnership’s strategy is not recognised yet. Judge the strategy first.")
        yield Problem("strategy-not-recognised", message, "verdict")
