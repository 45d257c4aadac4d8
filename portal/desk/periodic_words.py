"""What each piece of periodic work is called by people, and what rests while it is paused."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.text import Msg, _l


@dataclass(frozen=True, slots=True)
class PeriodicWords:
    """``name`` of the work; ``paused``: what does not happen by itself while it is paused."""

    name: Msg
    paused: Msg


_BY_PAGES = _l("What a page asks for is still done at once; only what was missed then waits.")

PERIODIC_WORDS: dict[str, PeriodicWords] = {
    "outbox.relay_events": PeriodicWords(_l("Make messages of what happened"), _BY_PAGES),
    "mail.send_due": PeriodicWords(_l("Send the messages that wait"), _BY_PAGES),
    "mail.clear_reached": PeriodicWords(
        _l("See who can be reached again"), _l("People stay marked as unreachable although messages arrive.")
    ),
    "files.scan": PeriodicWords(_l("Scan uploaded files for viruses"), _BY_PAGES),
    "letters.make": PeriodicWords(_l("Make letters"), _BY_PAGES),
    "reviewing.make_assignment": PeriodicWords(_l("Make proposals of reviewers"), _BY_PAGES),
    "papers.make": PeriodicWords(_l("Make PDFs"), _BY_PAGES),
    "jobs.make": PeriodicWords(_l("Make exports"), _BY_PAGES),
    "digests.make": PeriodicWords(
        _l("Make the daily digests"), _l("What people gathered waits for the digest of the next day that it runs.")
    ),
    "reminders.tell_round_moments": PeriodicWords(
        _l("Tell that rounds open and close"),
        _l("Rounds open and close in time all the same; nobody is told."),
    ),
    "reminders.tell_near_deadlines": PeriodicWords(
        _l("Remind of drafts, sign-offs and completions"), _l("Applicants get no reminders.")
    ),
    "reminders.tell_not_submitted": PeriodicWords(
        _l("Tell that a draft was not submitted"), _l("Applicants are not told that their deadline passed.")
    ),
    "reminders.remind_due_reviews": PeriodicWords(_l("Remind reviewers"), _l("Reviewers get no reminders.")),
    "reminders.expire_invitations": PeriodicWords(
        _l("Let invitations of reviewers expire"), _l("No alternate is asked when an invitation expires.")
    ),
    "reminders.tell_answer_due": PeriodicWords(
        _l("Remind of awards to answer"), _l("Nobody is reminded to answer an award.")
    ),
    "reminders.release_mailings": PeriodicWords(
        _l("Send mailings at their moment"), _l("Mailings wait beyond their moment; sending one at once still works.")
    ),
    "jobs.expire": PeriodicWords(_l("Delete exports of a week ago"), _l("Old exports stay.")),
    "retention.thin_revisions": PeriodicWords(
        _l("Thin out old versions of texts"), _l("Every step of old texts stays kept.")
    ),
    "chain.extend": PeriodicWords(
        _l("Seal the event log"), _l("New events stand in the log unsealed: changes to them could not be proven.")
    ),
}


def words_of(name: str) -> PeriodicWords:
    """Return the words of the task called ``name``; its own name where a newer worker listed it."""
    return PERIODIC_WORDS.get(name) or PeriodicWords(Msg(name), _BY_PAGES)
