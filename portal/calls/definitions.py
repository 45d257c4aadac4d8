"""What a programme and its calls are, as data. A new programme or a new type of call is a folder of TOML, not code.

Nothing here asks what kind of call it is: rules, views and pages read the capabilities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from portal.calls import structure
from portal.calls.form_definitions import FormDefinition
from portal.core.text import Text

ParameterValue = str | int | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CostCategory:
    """A cost category (kostenrubriek). ``is_wages``: partners read what another spends on it as one total only."""

    code: str
    label: Text
    hint: Text
    is_wages: bool = False


@dataclass(frozen=True, slots=True)
class RuleDefinition:
    """One admissibility rule (ontvankelijkheidscriterium) of a call, in up to two halves.

    `check` names the machine half, shown live while drafting; `judged` is what the case officer decides afterwards
    with a reason. A rule that `blocks` refuses the submission while its machine half is not met; one that `warns`
    only says so.
    """

    code: str
    label: Text
    kind: Literal["blocks", "warns"]
    check: str | None = None
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    judged: Text | None = None

    def __post_init__(self) -> None:
        if self.check is None and self.judged is None:
            raise ValueError(f"{self.code}: has neither a machine half nor a judged half")


@dataclass(frozen=True, slots=True)
class Criterion:
    """A selection criterion, scored 0 to 10. `threshold` is the least score (of 10) with which a file is fundable."""

    code: str
    label: Text
    description: Text
    weight: int
    anchor_2: Text
    anchor_5: Text
    anchor_8: Text
    threshold: Decimal | None = None
    is_tie_break: bool = False


@dataclass(frozen=True, slots=True)
class Declaration:
    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class DocumentDefinition:
    """A document of the call, as Markdown: `documents/<slug>.nl.md` and `documents/<slug>.en.md`.

    A template whose slug is the key of an attachment question (with dashes) is offered beside that question.
    """

    slug: str
    kind: Literal["handbook", "template"]
    title: Text
    published_on: date


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    answered_on: date
    question: Text
    answer: Text


@dataclass(frozen=True, slots=True)
class CallDefinition:
    """A call's capabilities. `code` is its file's name, `letter` stands in references. Amounts in euro, months as the domain counts them (both days of a period count).

    `applicant_kinds` limits which kinds of organisation may be lead applicant; empty means any.
    `sign_off` says which partners sign off on their part before the lead partner can submit: those that receive
    funds, all of them, or none.
    `round_may_extend_end` says whether a round may set, with a public reason, its own latest end.
    """

    code: str
    letter: str
    kind: Text
    name: Text
    summary: Text
    description: Text
    applicant: Literal["partnership", "organisation"]
    forms_strategy: bool
    needs_strategy: bool
    grant_cap_amount: Decimal
    support_rate_percent: Decimal
    cost_categories: tuple[CostCategory, ...]
    ineligible_costs: Text
    rules: tuple[RuleDefinition, ...]
    criteria: tuple[Criterion, ...]
    total_threshold: Decimal
    spread_limit: Decimal
    reviewers_per_application: int
    decision_weeks: int
    form: str
    declarations: tuple[Declaration, ...]
    applicant_kinds: tuple[str, ...] = ()
    minimum_months: int | None = None
    maximum_months: int | None = None
    latest_end_on: date | None = None
    round_may_extend_end: bool = False
    sign_off: Literal["funded", "all", "none"] = "funded"
    documents: tuple[DocumentDefinition, ...] = ()
    questions_and_answers: tuple[QuestionAnswer, ...] = ()

    def __post_init__(self) -> None:
        total = sum(criterion.weight for criterion in self.criteria)
        if total != 100:
            raise ValueError(f"the weights of the criteria add up to {total}, not to 100")
        if sum(criterion.is_tie_break for criterion in self.criteria) != 1:
            raise ValueError("exactly one criterion must be the tie-break (is_tie_break = true)")
        for what, codes in (
            ("cost category", [item.code for item in self.cost_categories]),
            ("rule", [item.code for item in self.rules]),
            ("criterion", [item.code for item in self.criteria]),
            ("declaration", [item.code for item in self.declarations]),
        ):
            if len(set(codes)) < len(codes):
                raise ValueError(f"a {what} code occurs twice: {', '.join(codes)}")

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = structure.write(self)
        return data

    @classmethod
    def from_json(cls, data: object) -> CallDefinition:
        """Raises ValueError naming the key that does not fit."""
        return structure.read(cls, data, "call")


@dataclass(frozen=True, slots=True)
class Objective:
    code: str
    label: Text
    description: Text


@dataclass(frozen=True, slots=True)
class ProgrammeDefinition:
    """A programme of the recovery plan. `code` is its folder's name; `prefix` begins every reference: DB in DB-B-2022-3-0017."""

    code: str
    prefix: str
    name: Text
    summary: Text
    plan: Text
    spearhead: Text
    policy_domain: Text
    minister: str
    owner: Text
    funding: Text
    audience: Text
    budget_amount: Decimal
    starts_on: date
    ends_on: date
    calls: tuple[str, ...]
    legal_basis: Text | None = None
    objectives: tuple[Objective, ...] = ()

    def __post_init__(self) -> None:
        if self.starts_on > self.ends_on:
            raise ValueError(f"starts_on {self.starts_on} lies after ends_on {self.ends_on}")


@dataclass(frozen=True, slots=True)
class CatalogueCall:
    """A call with its form and the texts of its documents, keyed (document slug, language)."""

    definition: CallDefinition
    form: FormDefinition
    document_texts: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class CatalogueProgramme:
    definition: ProgrammeDefinition
    calls: tuple[CatalogueCall, ...]
