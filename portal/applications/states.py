"""An application from draft to admissible."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """The application's own states; the long chain people see is derived from these and its neighbours'."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"  # completion asked
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    WITHDRAWN = "withdrawn"


class Verdict(StrEnum):
    """What a case officer found of the judged half of a rule."""

    MET = "met"
    NOT_MET = "not_met"
    COMPLETION = "completion"  # a document or answer must be completed first


class VatStatus(StrEnum):
    """How a partner stands to VAT: it decides whether its amounts hold VAT."""

    LIABLE = "liable"  # btw-plichtig: without VAT
    EXEMPT = "exempt"  # vrijgesteld: with VAT
    MIXED = "mixed"  # gemengd: with its recoverable share in percent


class Outcome(StrEnum):
    """What was decided, told down by decisions when it is published."""

    APPROVED = "approved"
    CONDITIONAL = "conditional"
    RESERVE = "reserve"
    REFUSED = "refused"
