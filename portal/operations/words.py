"""What each finding means, and what somebody who looks after the portal does about it."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.text import Msg, _l
from portal.operations.rules import Level


@dataclass(frozen=True, slots=True)
class Words:
    """``says`` may hold ``%(number)s``, ``%(waited)s`` and ``%(about)s``; ``advice`` is shown where it is not good."""

    name: Msg
    says: Msg
    advice: Msg
    endpoint: str = ""  # the page where something can be done about it


LEVELS: dict[Level, tuple[Msg, str]] = {
    Level.GOOD: (_l("Good"), "done"),
    Level.LOOK: (_l("Look at it"), "wait"),
    Level.ACT: (_l("Act now"), "attention"),
}
_PARKED = _l("Mend the cause, then try them again.")
_SLOW = _l("Are the workers alive, and is another long task before it?")
_MAKE_AGAIN = _l("Whoever asked sees it failed and can ask again. Look in the log for the cause.")
_WAITING = _l("%(number)s waiting; the oldest has been due for %(waited)s")
_FAILED_LATELY = _l("%(number)s failed in the last day")

WORDS: dict[str, Words] = {
    "database": Words(
        _l("Database"), _l("PostgreSQL"), _l("The database does not answer: nobody can work until it is back.")
    ),
    "migrations": Words(
        _l("Form of the database"),
        _l("Newest migration"),
        _l("The code and the database do not match: run the migrations."),
    ),
    "broker": Words(
        _l("Queue server"),
        _l("Valkey or Redis"),
        _l("It does not answer. People can work on; messages and PDFs wait until it is back."),
    ),
    "outbox": Words(_l("Events to tell"), _WAITING, _SLOW, "notifications.parked"),
    "outbox-parked": Words(_l("Parked events"), _l("%(number)s parked"), _PARKED, "notifications.parked"),
    "delivery": Words(
        _l("Messages to send"),
        _WAITING,
        _l("A large mailing takes its time. Otherwise: is the mail server there, and does a worker listen to mail?"),
        "notifications.parked",
    ),
    "delivery-parked": Words(_l("Parked messages"), _l("%(number)s parked"), _PARKED, "notifications.parked"),
    "letter": Words(_l("Letters to make"), _WAITING, _SLOW, "decisions.letters"),
    "letter-failed": Words(
        _l("Failed letters"), _l("%(number)s failed"), _l("Try them again on the page of letters."), "decisions.letters"
    ),
    "paper": Words(_l("PDFs to make"), _WAITING, _SLOW),
    "paper-failed": Words(_l("Failed PDFs"), _FAILED_LATELY, _MAKE_AGAIN),
    "job": Words(_l("Exports to make"), _WAITING, _SLOW),
    "job-failed": Words(_l("Failed exports"), _FAILED_LATELY, _MAKE_AGAIN),
    "file-held": Words(
        _l("Files not scanned yet"),
        _l("%(number)s held"),
        _l("Nobody can open them. Is the virus scanner there? You can decide to go on without one."),
        "desk.switches",
    ),
    "file-held-open": Words(
        _l("Files not scanned yet"),
        _l("%(number)s, and can be opened: no scanner is used"),
        Msg(""),
        "desk.switches",
    ),
    "worker": Words(
        _l("Worker of the queue %(about)s"),
        _l("Last sign %(waited)s ago"),
        _l("It is busy for long, or it is gone: look at it."),
    ),
    "worker-none": Words(
        _l("Worker of the queue %(about)s"),
        _l("No sign for a day"),
        _l("Nobody listens to this queue: start a worker, and beat."),
    ),
    "queue": Words(_l("Tasks in the queue %(about)s"), _l("%(number)s waiting"), _SLOW),
    "disk": Words(
        _l("Room for files"), _l("%(share)s free"), _l("Uploads are refused once the disk is full: make room.")
    ),
    "backup": Words(
        _l("Last backup"), _l("%(waited)s ago"), _l("The nightly backup did not run or failed: look in its log.")
    ),
    "backup-none": Words(_l("Last backup"), _l("None was recorded"), _l("Set up the nightly backup.")),
}
GROUPS: tuple[tuple[Msg, frozenset[str]], ...] = (
    (_l("Parts"), frozenset({"database", "migrations", "broker", "disk", "backup", "backup-none"})),
    (_l("Messages"), frozenset({"outbox", "outbox-parked", "delivery", "delivery-parked"})),
    (_l("Workers and queues"), frozenset({"worker", "worker-none", "queue"})),
    (
        _l("Documents"),
        frozenset(
            {"letter", "letter-failed", "paper", "paper-failed", "job", "job-failed", "file-held", "file-held-open"}
        ),
    ),
)
