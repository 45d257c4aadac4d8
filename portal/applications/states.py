"""An application from draft to admissible."""

from __future__ import annotations

from enum import StrEnum

from portal.applications.events import (
    ApplicationAdmitted,
    ApplicationCompleted,
    ApplicationRefusedAdmission,
    ApplicationReopened,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ChangeAgreed,
    ChangeDeclined,
    ChangeGranted,
    ChangeRefused,
    ChangeWithdrawn,
)
from portal.core.text import Msg, _l
from portal.core.workflow import Tone, Words, Workflow, row


class State(StrEnum):
    """The application's own states; the long chain people see is derived from these and its neighbours'."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"  # completion asked
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What people do with an application as a whole."""

    SUBMIT = "submit"
    REOPEN = "reopen"
    RETURN = "return"
    COMPLETE = "complete"
    ADMIT = "admit"
    REFUSE_ADMISSION = "refuse_admission"
    WITHDRAW = "withdraw"


class Verdict(StrEnum):
    """What a case officer found of the judged half of a rule."""

    MET = "met"
    NOT_MET = "not_met"
    COMPLETION = "completion"  # a document or answer must be completed first


class ChangeKind(StrEnum):
    """What can be asked to change between the deadline and the award."""

    PROMOTOR = "promotor"
    LEAVING = "leaving"


class ChangeState(StrEnum):
    """A change of lead partner is decided once both sides agree; a partner that leaves needs nobody's agreement."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"  # by the other side
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ChangeAction(StrEnum):
    AGREE = "agree"
    DECLINE = "decline"
    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


class ShareGoes(StrEnum):
    """What happens with the share of a partner that leaves."""

    TAKEN_OVER = "taken_over"  # the others do its part of the work, with its share
    GIVEN_UP = "given_up"  # nobody asks for it any more


class VatStatus(StrEnum):
    """How a partner stands to VAT: it decides whether its amounts hold VAT."""

    LIABLE = "liable"  # btw-plichtig: without VAT
    EXEMPT = "exempt"  # vrijgesteld: with VAT
    MIXED = "mixed"  # gemengd: with its recoverable share in percent


class RevisionKind(StrEnum):
    """How a version of a section came to be."""

    BEGUN = "begun"  # what a draft began with
    SAVED = "saved"
    AUTOSAVED = "autosaved"
    SET_ASIDE = "set_aside"  # a text that its author gave up for another's: it never stood, and is kept to be read
    RESTORED = "restored"


class PaperKind(StrEnum):
    """What is printed as a PDF: of a frozen version, of a draft, or of a form without answers."""

    APPLICATION = "application"
    RECEIPT = "receipt"
    DRAFT = "draft"
    FORM = "form"


class PaperState(StrEnum):
    """How far a worker is with a PDF."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class PaperFailure(StrEnum):
    """Why a PDF could not be made: the machine cannot, the storage refuses, or the making itself went wrong."""

    NO_LIBRARY = "no_library"
    STORAGE = "storage"
    FAULT = "fault"


class Outcome(StrEnum):
    """What was decided, told down by decisions when it is published."""

    APPROVED = "approved"
    CONDITIONAL = "conditional"
    RESERVE = "reserve"
    REFUSED = "refused"
    DECLINED = "declined"  # an award that the promotor declined: an award no more
    LAPSED = "lapsed"  # an award that was never accepted, or whose condition was not met: an award no more
    WITHDRAWN = "withdrawn"  # an award that the department took back: an award no more


AWARDS = frozenset({Outcome.APPROVED, Outcome.CONDITIONAL})

OUTCOME_WORDS: dict[Outcome, Words] = {
    Outcome.APPROVED: Words(_l("Approved"), _l("Approved"), Tone.APPROVED),
    Outcome.CONDITIONAL: Words(_l("Approved under conditions"), _l("Approved under conditions"), Tone.APPROVED),
    Outcome.RESERVE: Words(_l("Reserve list"), _l("Reserve list"), Tone.WAIT),
    Outcome.REFUSED: Words(_l("Refused"), _l("Refused"), Tone.REFUSED),
    Outcome.DECLINED: Words(_l("Grant declined"), _l("Grant declined"), Tone.NONE),
    Outcome.LAPSED: Words(_l("Grant lapsed"), _l("Grant lapsed"), Tone.NONE),
    Outcome.WITHDRAWN: Words(_l("Grant withdrawn"), _l("Grant withdrawn"), Tone.NONE),
}

VERDICT_LABELS = {
    Verdict.MET: _l("Met"),
    Verdict.NOT_MET: _l("Not met"),
    Verdict.COMPLETION: _l("Completion asked"),
}

_JUDGED = {State.SUBMITTED, State.RETURNED}

WORKFLOW = Workflow(
    "application",
    State.DRAFT,
    (
        row(Action.SUBMIT, {State.DRAFT}, State.SUBMITTED, ApplicationSubmitted, _l("Submit application")),
        row(Action.REOPEN, {State.SUBMITTED}, State.DRAFT, ApplicationReopened, _l("Reopen application")),
        row(Action.RETURN, {State.SUBMITTED}, State.RETURNED, ApplicationReturned, _l("Ask for completion")),
        row(Action.COMPLETE, {State.RETURNED}, State.SUBMITTED, ApplicationCompleted, _l("Hand in completion")),
        row(Action.ADMIT, {State.SUBMITTED}, State.ADMISSIBLE, ApplicationAdmitted, _l("Declare admissible")),
        row(
            Action.REFUSE_ADMISSION,
            _JUDGED,
            State.INADMISSIBLE,
            ApplicationRefusedAdmission,
            _l("Declare inadmissible"),
        ),
        row(
            Action.WITHDRAW,
            {State.DRAFT, *_JUDGED, State.ADMISSIBLE},
            State.WITHDRAWN,
            ApplicationWithdrawn,
            _l("Withdraw application"),
        ),
    ),
    {
        State.DRAFT: Words(_l("Draft"), _l("Draft"), Tone.PROGRESS),
        State.SUBMITTED: Words(_l("Admissibility to judge"), _l("Submitted"), Tone.DONE),
        State.RETURNED: Words(_l("Completion asked"), _l("Completion asked"), Tone.ATTENTION),
        State.ADMISSIBLE: Words(_l("Admissible"), _l("Admissible"), Tone.APPROVED),
        State.INADMISSIBLE: Words(_l("Inadmissible"), _l("Inadmissible"), Tone.REFUSED),
        State.WITHDRAWN: Words(_l("Withdrawn"), _l("Withdrawn"), Tone.NONE),
    },
)

NOT_SUBMITTED = Words(_l("Not submitted"), _l("Not submitted"), Tone.FROZEN)

CHANGE_LABELS: dict[ChangeKind, Msg] = {
    ChangeKind.PROMOTOR: _l("Change of lead partner"),
    ChangeKind.LEAVING: _l("A partner leaves"),
}

SHARE_LABELS: dict[ShareGoes, Msg] = {
    ShareGoes.TAKEN_OVER: _l("The other partners take over its work and its share"),
    ShareGoes.GIVEN_UP: _l("Its share is given up: the application asks for that much less"),
}

OPEN_CHANGES = frozenset({ChangeState.ASKED, ChangeState.AGREED})

CHANGE = Workflow(
    "change",
    ChangeState.ASKED,
    (
        row(ChangeAction.AGREE, {ChangeState.ASKED}, ChangeState.AGREED, ChangeAgreed, _l("Agree with this change")),
        row(ChangeAction.DECLINE, {ChangeState.ASKED}, ChangeState.DECLINED, ChangeDeclined, _l("Do not agree")),
        row(ChangeAction.GRANT, OPEN_CHANGES, ChangeState.GRANTED, ChangeGranted, _l("Grant the change")),
        row(ChangeAction.REFUSE, OPEN_CHANGES, ChangeState.REFUSED, ChangeRefused, _l("Refuse the change")),
        row(ChangeAction.WITHDRAW, OPEN_CHANGES, ChangeState.WITHDRAWN, ChangeWithdrawn, _l("Withdraw the request")),
    ),
    {
        ChangeState.ASKED: Words(_l("Asked"), _l("Asked"), Tone.WAIT),
        ChangeState.AGREED: Words(_l("Both sides agree"), _l("Both sides agree"), Tone.WAIT),
        ChangeState.DECLINED: Words(_l("Not agreed"), _l("Not agreed"), Tone.NONE),
        ChangeState.GRANTED: Words(_l("Granted"), _l("Granted"), Tone.APPROVED),
        ChangeState.REFUSED: Words(_l("Not granted"), _l("Not granted"), Tone.REFUSED),
        ChangeState.WITHDRAWN: Words(_l("Withdrawn"), _l("Withdrawn"), Tone.NONE),
    },
)
