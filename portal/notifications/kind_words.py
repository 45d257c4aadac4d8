"""What each kind of message is called by the people who run the portal."""

from __future__ import annotations

from portal.core.text import Msg, _l

KINDS: dict[str, Msg] = {
    "account-confirmation": _l("Confirm your e-mail address"),
    "address-change-asked": _l("Another address given for an account"),
    "address-confirmation": _l("Confirm the new address of your account"),
    "application-extended": _l("More time for an application"),
    "award-answer-due": _l("Award to be answered soon"),
    "award-answer-overdue": _l("Award not answered in time"),
    "award-declined": _l("Award declined"),
    "award-lapsed": _l("Award lapsed"),
    "award-withdrawn": _l("Award taken back"),
    "change-answered": _l("Change of partners answered"),
    "change-asked": _l("Change of partners asked"),
    "change-decided": _l("Change of partners decided"),
    "claim-confirmed": _l("Organisation confirmed"),
    "claim-disputed": _l("Organisation disputed"),
    "completion-asked": _l("Completion asked"),
    "completion-due": _l("Completion due soon"),
    "consensus-asked": _l("Reviewers asked to discuss"),
    "consensus-proposed": _l("Consensus proposed to reviewers"),
    "daily-digest": _l("Daily digest"),
    "deadline-moved": _l("Deadline moved"),
    "deadline-near": _l("Deadline near for a draft"),
    "decision-published": _l("Decision on an application"),
    "draft-handed-over": _l("Draft handed over to a colleague"),
    "file-infected": _l("Virus found in a file"),
    "invitation-due": _l("Invitation to review due soon"),
    "invitation-expired": _l("Invitation to review expired"),
    "mailing": _l("Mailing"),
    "not-submitted": _l("Draft not submitted in time"),
    "partner-invitation": _l("Invitation into a partnership"),
    "password-reset": _l("New password"),
    "reserve-promoted": _l("Award from the reserve list"),
    "review-answered": _l("Request for review answered"),
    "review-due": _l("Review due soon"),
    "review-received": _l("Receipt of a request for review"),
    "review-to-answer": _l("Request for review to answer"),
    "review-to-follow-up": _l("New decision to take after a review"),
    "reviewer-did-not-answer": _l("Reviewer did not answer"),
    "reviewer-in-conflict": _l("Conflict of interest of a reviewer"),
    "reviewer-invited": _l("Invitation to review"),
    "round-cancelled": _l("Round cancelled"),
    "round-opened": _l("Round opened"),
    "sign-off-asked": _l("Partner asked to sign off"),
    "sign-off-cancelled": _l("Sign-off of a partner cancelled by a change"),
    "sign-off-due": _l("Sign-off missing close to the deadline"),
    "strategy-judged": _l("Strategy judged"),
    "submission-receipt": _l("Receipt of a submission"),
    "text-trial": _l("Text of a message sent as a test"),
}


def kind_words(name: str) -> Msg | str:
    """Return the words for the notification called ``name``; the name itself where it has none any more."""
    return KINDS.get(name, name)
