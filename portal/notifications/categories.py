"""Kinds of messages as a person chooses about them: a message belongs to one category, and a category has one rule.

What the law or a right of the reader hangs on always comes by mail, at once. Everything else may wait for the daily
digest or be kept to the portal, as its reader chooses. ``docs/NOTIFICATIONS.md`` shows the whole table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.core.text import Msg, _l


class Category(StrEnum):
    """What a message is about, in the words of its reader."""

    ACCOUNT = "account"
    APPLICATIONS = "applications"
    DECISIONS = "decisions"
    PARTNERSHIPS = "partnerships"
    REVIEW_INVITATIONS = "review-invitations"
    DEADLINES = "deadlines"
    COLLABORATION = "collaboration"
    REVIEWING = "reviewing"
    DESK = "desk"
    MAILINGS = "mailings"
    DIGEST = "digest"  # the digest itself: whoever stops it wants none of what it gathers by mail


class Choice(StrEnum):
    """How a person wants the messages of a category. ``portal``: not by mail; they stand in the portal all the same."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Words:
    """What the pages say of a category: its name, what is in it, and why it always comes by mail, where it does."""

    name: Msg
    about: Msg
    why_always: Msg | None = None

    @property
    def is_mutable(self) -> bool:
        return self.why_always is None


CATEGORIES: dict[Category, Words] = {
    Category.ACCOUNT: Words(
        _l("Account and security"),
        _l("Links to confirm your address or choose a password, and what happens to your organisations."),
        _l("Always by mail: these protect your account and your right to sign."),
    ),
    Category.APPLICATIONS: Words(
        _l("My applications"),
        _l("Receipts, completions that are asked, a deadline that changes, a draft that was not submitted."),
        _l("Always by mail: these prove what you submitted or set a term to you."),
    ),
    Category.DECISIONS: Words(
        _l("Decisions and grants"),
        _l("Decisions, grants to accept, and answers to a request for review."),
        _l("Always by mail: the term to accept a grant or to ask a review runs from it."),
    ),
    Category.PARTNERSHIPS: Words(
        _l("Partnerships and strategies"),
        _l("Invitations into a partnership, changes of partners, and the recognition of a strategy."),
        _l("Always by mail: these change what your organisation has agreed to or may apply for."),
    ),
    Category.REVIEW_INVITATIONS: Words(
        _l("Invitations to review"),
        _l("A review that is asked of you, and one that is asked no more."),
        _l("Always by mail: an invitation that is not answered expires."),
    ),
    Category.DEADLINES: Words(
        _l("Calls and deadlines"),
        _l("A round that opens, and reminders of a draft before its round closes."),
    ),
    Category.COLLABORATION: Words(
        _l("Working together"),
        _l("A sign-off that is asked of you or holds no more, and a draft that a colleague hands over."),
    ),
    Category.REVIEWING: Words(
        _l("Reviewing"),
        _l("Reminders of reviews that are due, and discussions towards a consensus."),
    ),
    Category.DESK: Words(
        _l("Work of the department"),
        _l("What waits for a case officer or an administrator. It stands in My work too."),
    ),
    Category.MAILINGS: Words(
        _l("Messages of the department"),
        _l("News and explanations that the department sends to many at once."),
    ),
    Category.DIGEST: Words(
        _l("Daily digest"),
        _l("One message a day with what you chose to gather."),
    ),
}
