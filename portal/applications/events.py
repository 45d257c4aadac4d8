"""What happened to applications: ids, codes, amounts, digests and times only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from portal.core.events import Event


@dataclass(frozen=True)
class ApplicationBegun(Event, topic="application.begun"):
    application_id: int
    round_id: int
    partnership_id: int


@dataclass(frozen=True)
class ApplicationSubmitted(Event, topic="application.submitted"):
    application_id: int
    round_id: int
    snapshot_sha256: str
    requested_amount: Decimal | None = None


@dataclass(frozen=True)
class ApplicationReopened(Event, topic="application.reopened"):
    application_id: int


@dataclass(frozen=True)
class ApplicationReturned(Event, topic="application.returned"):
    application_id: int
    completion_request_id: int
    due_at: datetime


@dataclass(frozen=True)
class ApplicationCompleted(Event, topic="application.completed"):
    application_id: int
    completion_request_id: int
    snapshot_sha256: str


@dataclass(frozen=True)
class ApplicationWithdrawn(Event, topic="application.withdrawn"):
    application_id: int


@dataclass(frozen=True)
class ApplicationAdmitted(Event, topic="application.admitted"):
    application_id: int


@dataclass(frozen=True)
class ApplicationRefusedAdmission(Event, topic="application.found-inadmissible"):
    application_id: int


@dataclass(frozen=True)
class RuleJudged(Event, topic="application.rule-judged"):
    application_id: int
    rule: str
    verdict: str


@dataclass(frozen=True)
class SectionAssigned(Event, topic="application.section-assigned"):
    """``organisation_id`` is null where the section is everybody's again."""

    application_id: int
    section: str
    organisation_id: int | None


@dataclass(frozen=True)
class SignedOff(Event, topic="application.signed-off"):
    """A partner confirmed its part; ``sha256`` is the digest of what it confirmed."""

    application_id: int
    organisation_id: int
    sign_off_id: int
    sha256: str


@dataclass(frozen=True)
class SignOffCancelled(Event, topic="application.sign-off-cancelled"):
    """What a partner had confirmed was changed, so that it must sign off again."""

    application_id: int
    organisation_id: int
    sign_off_id: int


@dataclass(frozen=True)
class SignOffAsked(Event, topic="application.sign-off-asked"):
    """The lead partner asks; natural key ``sign-off-asked:<application>:<organisation>:<day>``, so once a day."""

    application_id: int
    organisation_id: int


@dataclass(frozen=True)
class FundsLeftOut(Event, topic="application.funds-left-out"):
    """The application goes on without funds for a partner; ``amount`` is what its costs were."""

    application_id: int
    organisation_id: int
    amount: Decimal


@dataclass(frozen=True)
class FundsTakenIn(Event, topic="application.funds-taken-in"):
    """The costs of a partner that was left out count again."""

    application_id: int
    organisation_id: int
    amount: Decimal


@dataclass(frozen=True)
class DraftHandedOver(Event, topic="application.handed-over"):
    """Somebody left an organisation: what hung on that person in the application passed to a colleague."""

    application_id: int
    organisation_id: int
    from_person_id: int
    to_person_id: int


@dataclass(frozen=True)
class FileAttached(Event, topic="application.file-attached"):
    application_id: int
    attachment_id: int
    kind: str


@dataclass(frozen=True)
class AttachmentRemoved(Event, topic="application.file-removed"):
    application_id: int
    attachment_id: int
    kind: str


@dataclass(frozen=True)
class PaperMade(Event, topic="application.paper-made"):
    """A worker made a PDF; ``sha256`` is that of the file."""

    application_id: int
    paper_id: int
    kind: str
    sha256: str


@dataclass(frozen=True)
class SubmissionRefused(Event, topic="application.submission-refused"):
    """``codes`` are the problems' codes, joined by spaces."""

    application_id: int
    codes: str


@dataclass(frozen=True)
class DeadlineNear(Event, topic="application.deadline-near"):
    """A draft's round closes within ``days``; natural key ``deadline-near:<application>:<closes_at>:<lead>``."""

    application_id: int
    days: int
    closes_at: datetime


@dataclass(frozen=True)
class SignOffDue(Event, topic="application.sign-off-due"):
    """A draft closes within ``days`` and a partner's sign-off is missing.

    Natural key ``sign-off-due:<application>:<organisation>:<closes_at>:<lead>``.
    """

    application_id: int
    organisation_id: int
    days: int
    closes_at: datetime


@dataclass(frozen=True)
class CompletionDue(Event, topic="application.completion-due"):
    """A completion is due within ``days``; natural key ``completion-due:<request>:<due_at>:<lead>``."""

    application_id: int
    completion_request_id: int
    days: int
    due_at: datetime


@dataclass(frozen=True)
class ApplicationExtended(Event, topic="application.extended"):
    """An administrator gave this one application more time."""

    application_id: int
    extension_id: int
    old_closes_at: datetime
    new_closes_at: datetime


@dataclass(frozen=True)
class ApplicationNotSubmitted(Event, topic="application.not-submitted"):
    """A draft's deadline passed; natural key ``not-submitted:<application>:<closes_at>``."""

    application_id: int
    closes_at: datetime


@dataclass(frozen=True)
class OutcomeRecorded(Event, topic="application.outcome-recorded"):
    """What was decided became public to the applicant; ``amount`` is null where nothing is awarded."""

    application_id: int
    outcome: str
    amount: Decimal | None


@dataclass(frozen=True)
class ChangeAsked(Event, topic="change.asked"):
    """``kind`` says what is asked; ``organisation_id`` is who would lead, or leave."""

    change_id: int
    application_id: int
    kind: str
    organisation_id: int


@dataclass(frozen=True)
class ChangeAgreed(Event, topic="change.agreed"):
    change_id: int
    application_id: int


@dataclass(frozen=True)
class ChangeDeclined(Event, topic="change.declined"):
    change_id: int
    application_id: int


@dataclass(frozen=True)
class ChangeWithdrawn(Event, topic="change.withdrawn"):
    change_id: int
    application_id: int


@dataclass(frozen=True)
class ChangeGranted(Event, topic="change.granted"):
    change_id: int
    application_id: int


@dataclass(frozen=True)
class ChangeRefused(Event, topic="change.refused"):
    change_id: int
    application_id: int
