"""What was ranked and decided: ids, codes, amounts and times only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.core.events import Event


@dataclass(frozen=True)
class RankingComputed(Event, topic="ranking.computed"):
    ranking_id: int
    round_id: int
    sha256: str


@dataclass(frozen=True)
class DecisionPrepared(Event, topic="decision.prepared"):
    decision_id: int
    outcome: str
    amount: Decimal


@dataclass(frozen=True)
class DecisionChanged(Event, topic="decision.changed"):
    """A proposed decision was changed before its confirmation."""

    decision_id: int
    outcome: str
    amount: Decimal


@dataclass(frozen=True)
class DecisionConfirmed(Event, topic="decision.confirmed"):
    decision_id: int


@dataclass(frozen=True)
class DecisionRecalled(Event, topic="decision.recalled"):
    """A confirmed decision was taken back to be changed, before anybody outside knew it."""

    decision_id: int


@dataclass(frozen=True)
class DecisionPublished(Event, topic="decision.published"):
    decision_id: int
    application_id: int
    outcome: str
    amount: Decimal


@dataclass(frozen=True)
class AwardAccepted(Event, topic="decision.accepted"):
    decision_id: int


@dataclass(frozen=True)
class AwardDeclined(Event, topic="decision.declined"):
    decision_id: int
    amount: Decimal


@dataclass(frozen=True)
class AwardLapsed(Event, topic="decision.lapsed"):
    decision_id: int


@dataclass(frozen=True)
class WithdrawalProposed(Event, topic="decision.withdrawal-proposed"):
    """An administrator proposes to take an award back; a second one confirms it."""

    decision_id: int


@dataclass(frozen=True)
class WithdrawalDropped(Event, topic="decision.withdrawal-dropped"):
    decision_id: int


@dataclass(frozen=True)
class AwardWithdrawn(Event, topic="decision.withdrawn"):
    decision_id: int
    amount: Decimal


@dataclass(frozen=True)
class ReservePromoted(Event, topic="decision.promoted"):
    """A reserve was promoted: by which freed award, and to what amount."""

    decision_id: int
    application_id: int
    freed_by_id: int
    amount: Decimal


@dataclass(frozen=True)
class ReserveKept(Event, topic="decision.kept-on-reserve"):
    """A freed award did not fit the next reserve: ``code`` says why (``rules.ReasonCode``), ``left_amount`` what was left."""

    decision_id: int
    freed_by_id: int
    code: str
    left_amount: Decimal
    limit: str = ""  # ``rules.Limit``: the sum that ended; events of before it was told have none
    province: str = ""  # the code of the province it counts for, in a round with budgets for provinces


@dataclass(frozen=True)
class AnswerDue(Event, topic="decision.answer-due"):
    """An award is to be answered within ``days`` (0: the last day has passed).

    Natural key ``answer-due:<decision>:<answer_due_on>:<lead>``, and ``…:0d``.
    """

    decision_id: int
    answer_due_on: date
    days: int


@dataclass(frozen=True)
class ConditionJudged(Event, topic="decision.condition-judged"):
    decision_id: int
    condition_id: int
    is_met: bool


@dataclass(frozen=True)
class ReviewAsked(Event, topic="application.review-asked"):
    """The lead partner asked for a review of the decision, on ground ``code``. About the application, so that
    its timeline tells it; the same holds for the answers.
    """

    application_id: int
    review_request_id: int
    code: str


@dataclass(frozen=True)
class ReviewUpheld(Event, topic="application.review-upheld"):
    application_id: int
    review_request_id: int


@dataclass(frozen=True)
class ReviewDismissed(Event, topic="application.review-dismissed"):
    application_id: int
    review_request_id: int


@dataclass(frozen=True)
class ReviewWithdrawn(Event, topic="application.review-withdrawn"):
    application_id: int
    review_request_id: int


@dataclass(frozen=True)
class NewDecisionProposed(Event, topic="decision.new-proposed"):
    """After an upheld request for review an administrator proposes what takes this decision's place; a second one
    confirms it.
    """

    decision_id: int
    review_request_id: int
    outcome: str
    amount: Decimal


@dataclass(frozen=True)
class NewDecisionDropped(Event, topic="decision.new-dropped"):
    decision_id: int
    review_request_id: int


@dataclass(frozen=True)
class DecisionReplaced(Event, topic="application.decision-replaced"):
    """Decision ``decision_id`` is history: another one was taken after a review. About the application, so that its
    timeline tells it.
    """

    application_id: int
    decision_id: int
    review_request_id: int


@dataclass(frozen=True)
class LetterTextSaved(Event, topic="programme.letter-text-saved"):
    """A new version of the text of a kind of letter stands; ``sha256`` is of the text."""

    programme_id: int
    kind: str
    number: int
    sha256: str


@dataclass(frozen=True)
class LetterFrozen(Event, topic="decision.letter-frozen"):
    """What a letter says stands: ``sha256`` is of its text and values. A worker makes its files."""

    decision_id: int
    letter_id: int
    kind: str
    sha256: str


@dataclass(frozen=True)
class LetterMade(Event, topic="decision.letter-made"):
    decision_id: int
    letter_id: int
    pdf_sha256: str
    docx_sha256: str


@dataclass(frozen=True)
class LetterRetried(Event, topic="decision.letter-retried"):
    decision_id: int
    letter_id: int


@dataclass(frozen=True)
class AdmissionLetterFrozen(Event, topic="application.letter-frozen"):
    """What the letter about an inadmissible application says stands; ``sha256`` is of its text and values."""

    application_id: int
    letter_id: int
    kind: str
    sha256: str


@dataclass(frozen=True)
class AdmissionLetterMade(Event, topic="application.letter-made"):
    application_id: int
    letter_id: int
    pdf_sha256: str
    docx_sha256: str


@dataclass(frozen=True)
class AdmissionLetterRetried(Event, topic="application.letter-retried"):
    application_id: int
    letter_id: int
