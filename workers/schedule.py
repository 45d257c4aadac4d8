"""What beat starts, and how often. Every task here may run twice without harm."""

from __future__ import annotations

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {
    "beat-the-heart": {"task": "heart.beat", "schedule": 10.0, "options": {"queue": "urgent", "expires": 30}},
    "relay-events": {"task": "outbox.relay_events", "schedule": 60.0, "options": {"queue": "urgent", "expires": 55}},
    "send-due-mail": {"task": "mail.send_due", "schedule": 60.0, "options": {"queue": "mail", "expires": 55}},
    "scan-held-files": {"task": "files.scan", "schedule": 60.0, "options": {"queue": "files", "expires": 55}},
    "tell-round-moments": {
        "task": "reminders.tell_round_moments",
        "schedule": 60.0,
        "options": {"queue": "periodic", "expires": 55},
    },
    "tell-near-deadlines": {
        "task": "reminders.tell_near_deadlines",
        "schedule": 60.0,
        "options": {"queue": "periodic", "expires": 55},
    },
    "tell-not-submitted": {
        "task": "reminders.tell_not_submitted",
        "schedule": 60.0,
        "options": {"queue": "periodic", "expires": 55},
    },
    "remind-due-reviews": {
        "task": "reminders.remind_due_reviews",
        "schedule": 60.0,
        "options": {"queue": "periodic", "expires": 55},
    },
    "expire-invitations": {
        "task": "reminders.expire_invitations",
        "schedule": 60.0,
        "options": {"queue": "periodic", "expires": 55},
    },
    "tell-answer-due": {
        "task": "reminders.tell_answer_due",
        "schedule": 60.0,
        "options": {"queue": "periodic", "expires": 55},
    },
    "make-letters": {"task": "letters.make", "schedule": 60.0, "options": {"queue": "files", "expires": 55}},
    "make-assignment": {
        "task": "reviewing.make_assignment",
        "schedule": 60.0,
        "options": {"queue": "files", "expires": 55},
    },
    "make-papers": {"task": "papers.make", "schedule": 60.0, "options": {"queue": "files", "expires": 55}},
    "make-jobs": {"task": "jobs.make", "schedule": 60.0, "options": {"queue": "files", "expires": 55}},
    "expire-jobs": {"task": "jobs.expire", "schedule": 3600.0, "options": {"queue": "periodic", "expires": 3000}},
    "thin-revisions": {
        "task": "retention.thin_revisions",
        "schedule": 3600.0,
        "options": {"queue": "periodic", "expires": 3000},
    },
    "extend-chain": {"task": "chain.extend", "schedule": 60.0, "options": {"queue": "periodic", "expires": 55}},
}
