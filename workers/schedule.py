"""Periodic work: what is started, and how often. Every task here may run twice without harm.

The rows of ``periodic_task`` are made from this table. Beat itself only beats the heart and wakes the dispatcher, which
looks at the rows: a second beat finds everything sent, and what was missed is one run.
"""

from __future__ import annotations

from datetime import time
from typing import Any

from portal.core.periodic import Listed
from portal.core.periods import Plan

TICK = 10.0  # seconds between two looks at the rows
MINUTE, HOUR = Plan(every=60), Plan(every=3600)
AT_NIGHT = Plan(daily_at=time(2, 30))  # the offices are closed; summer time skips or repeats it, and it runs once

SCHEDULE: tuple[Listed, ...] = (
    Listed("outbox.relay_events", "urgent", MINUTE),
    Listed("mail.send_due", "mail", Plan(every=10)),  # what the limit of a minute or a retry's wait held up is due then
    Listed("mail.clear_reached", "periodic", MINUTE),
    Listed("files.scan", "files", MINUTE),
    Listed("reminders.tell_round_moments", "periodic", MINUTE),
    Listed("reminders.tell_near_deadlines", "periodic", MINUTE),
    Listed("reminders.tell_not_submitted", "periodic", MINUTE),
    Listed("reminders.remind_due_reviews", "periodic", MINUTE),
    Listed("reminders.expire_invitations", "periodic", MINUTE),
    Listed("reminders.tell_answer_due", "periodic", MINUTE),
    Listed("digests.make", "periodic", MINUTE),
    Listed("reminders.release_mailings", "periodic", MINUTE),
    Listed("letters.make", "files", MINUTE),
    Listed("reviewing.make_assignment", "files", MINUTE),
    Listed("papers.make", "files", MINUTE),
    Listed("jobs.make", "files", MINUTE),
    Listed("jobs.expire", "periodic", HOUR),
    Listed("retention.thin_revisions", "periodic", AT_NIGHT),
    Listed("chain.extend", "periodic", MINUTE),
)

BEAT: dict[str, dict[str, Any]] = {
    "beat-the-heart": {"task": "heart.beat", "schedule": TICK, "options": {"queue": "urgent", "expires": 30}},
    "dispatch": {"task": "periodic.dispatch", "schedule": TICK, "options": {"queue": "urgent", "expires": 9}},
}
