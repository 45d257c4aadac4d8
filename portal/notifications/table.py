"""The one table of all notifications."""

from __future__ import annotations

from portal.notifications.catalogue import (
    accounts,
    applications,
    awards,
    calls,
    changes,
    decisions,
    digest,
    files,
    mailings,
    partnerships,
    reminders,
    review_requests,
    reviewing,
    trials,
)
from portal.notifications.categories import Category
from portal.notifications.notification import Notification

NOTIFICATIONS: tuple[Notification, ...] = (
    accounts.AccountConfirmation(),
    accounts.PasswordReset(),
    accounts.AddressConfirmation(),
    accounts.AddressChangeAsked(),
    accounts.ClaimConfirmed(),
    accounts.ClaimDisputed(),
    calls.RoundOpened(),
    calls.DeadlineMoved(),
    calls.RoundCancelled(),
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
    reminders.SignOffDue(),
    reminders.CompletionDue(),
    reminders.InvitationDue(),
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
    digest.DailyDigest(),
    trials.TextTrialSent(),
    mailings.DepartmentMailing(),
)

URGENT_TOPICS = tuple(sorted({topic for each in NOTIFICATIONS if each.is_urgent for topic in each.topics}))
"""The events of which somebody is told who waits at a screen."""

_BY_NAME = {each.name: each for each in NOTIFICATIONS}
BY_TOPIC: dict[str, list[Notification]] = {}
for _each in NOTIFICATIONS:
    for _topic in _each.topics:
        BY_TOPIC.setdefault(_topic, []).append(_each)


def notifications_for(topic: str) -> list[Notification]:
    """Return the notifications that answer ``topic``."""
    return BY_TOPIC.get(topic, [])


def notification_named(name: str) -> Notification:
    """Return the notification called ``name``; KeyError for one that is not in the table."""
    return _BY_NAME[name]


def names_of(category: Category) -> list[str]:
    """Return the names of the notifications in ``category``."""
    return [each.name for each in NOTIFICATIONS if each.category is category]


def find_notification(name: str) -> Notification | None:
    """Return the notification called ``name``, or None for one that is told no more."""
    return _BY_NAME.get(name)
