"""The one table of all notifications."""

from __future__ import annotations

from portal.notifications.catalogue import (
    accounts,
    applications,
    awards,
    calls,
    changes,
    decisions,
    files,
    partnerships,
    review_requests,
    reviewing,
)
from portal.notifications.notification import Notification

NOTIFICATIONS: tuple[Notification, ...] = (
    accounts.AccountConfirmation(),
    accounts.PasswordReset(),
    accounts.ClaimConfirmed(),
    accounts.ClaimDisputed(),
    calls.RoundOpened(),
    calls.DeadlineMoved(),
    partnerships.PartnerInvitation(),
    partnerships.StrategyJudged(),
    applications.SubmissionReceipt(),
    applications.CompletionAsked(),
    applications.DeadlineNear(),
    applications.SignOffAsked(),
    applications.SignOffCancelled(),
    applications.DraftHandedOver(),
    applications.ApplicationExtended(),
    applications.NotSubmitted(),
    changes.ChangeAsked(),
    changes.ChangeAnswered(),
    changes.ChangeDecided(),
    files.FileInfected(),
    awards.AwardAnswerDue(),
    awards.AwardAnswerOverdue(),
    awards.AwardLapsed(),
    awards.AwardWithdrawn(),
    reviewing.ReviewerInvited(),
    reviewing.ReviewDue(),
    reviewing.ReviewerInConflict(),
    reviewing.ConsensusAsked(),
    reviewing.ConsensusProposed(),
    reviewing.InvitationExpired(),
    reviewing.ReviewerDidNotAnswer(),
    decisions.DecisionPublished(),
    decisions.AwardDeclined(),
    decisions.ReservePromoted(),
    review_requests.ReviewReceived(),
    review_requests.ReviewToAnswer(),
    review_requests.ReviewAnswered(),
    review_requests.ReviewToFollowUp(),
)

_BY_NAME = {each.name: each for each in NOTIFICATIONS}


def notifications_for(topic: str) -> list[Notification]:
    """Return the notifications that answer ``topic``."""
    return [each for each in NOTIFICATIONS if topic in each.topics]


def notification_named(name: str) -> Notification:
    """Return the notification called ``name``; KeyError for one that is not in the table."""
    return _BY_NAME[name]
