"""Texts of messages: saved version by version, put back, and tried on oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.context import Ctx
from portal.core.db import db
from portal.core.digests import canonical, digest
from portal.core.errors import NotFound, Problem, RuleViolation, StaleVersion, refuse_if
from portal.core.event_log import record
from portal.core.text import _l
from portal.notifications.events import MessageTextSaved, TextTried
from portal.notifications.texts.models import MessageText, TextTrial
from portal.notifications.texts.problems import BODY, problems_with_wording
from portal.notifications.texts.queries import StandingText, get_version
from portal.notifications.texts.wording import Wording

if TYPE_CHECKING:
    from flask import Flask


def save_text(ctx: Ctx, standing: StandingText, subject: str, body: str, *, based_on: int) -> MessageText:
    """Save a new version of a text, and return it: the messages that are made from now on have it.

    RuleViolation with everything that is wrong with it, or ``text-unchanged``. StaleVersion where the version that
    stands is no longer ``based_on``.
    """
    _refuse_overtaken(standing, based_on)
    subject, body = subject.strip(), _tidy(body)
    refuse_if(problems_with_wording(standing.notification, subject, body))
    _refuse_unchanged(standing, subject, body)
    return _write(ctx, standing, subject, body, None)


def restore_text(ctx: Ctx, app: Flask, standing: StandingText, number: int, *, based_on: int) -> MessageText:
    """Let an earlier version stand again, as a new one; 0 is the text as shipped, which then follows the portal's own.

    NotFound where there is no such version, otherwise as ``save_text``: a variable that there was may be gone.
    """
    _refuse_overtaken(standing, based_on)
    wording, row = get_version(app, standing, number)
    if row is None or row.subject is None:
        if standing.is_shipped:
            _refuse_unchanged(standing, standing.wording.subject, standing.wording.body)
        return _write(ctx, standing, None, None, number)
    refuse_if(problems_with_wording(standing.notification, wording.subject, wording.body))
    _refuse_unchanged(standing, wording.subject, wording.body)
    return _write(ctx, standing, wording.subject, wording.body, number)


def try_text(ctx: Ctx, standing: StandingText, wording: Wording | None, case_id: int | None) -> TextTrial:
    """Send whoever asks the message that ``wording`` makes of a case, or of the example; None: of the shipped templates.

    RuleViolation with everything that is wrong with the text.
    """
    if ctx.actor.person_id is None:
        raise NotFound
    if wording is not None:
        refuse_if(problems_with_wording(standing.notification, wording.subject, wording.body))
    trial = TextTrial(
        programme_id=standing.programme.id if standing.programme else None,
        notification=standing.notification.name,
        language=standing.language,
        subject=wording.subject if wording else None,
        body=wording.body if wording else None,
        case_id=case_id,
        asked_at=ctx.now,
        asked_by_id=ctx.actor.person_id,
    )
    db.session.add(trial)
    db.session.flush()
    event = TextTried(
        trial_id=trial.id,
        programme_id=trial.programme_id,
        kind=trial.notification,
        language=trial.language,
        sha256=_digest(trial.subject, trial.body),
    )
    record(ctx, event)
    return trial


def _refuse_overtaken(standing: StandingText, based_on: int) -> None:
    if standing.number != based_on:
        raise StaleVersion(based_on, standing.number)


def _refuse_unchanged(standing: StandingText, subject: str, body: str) -> None:
    if (standing.wording.subject, standing.wording.body) == (subject, body):
        raise RuleViolation([Problem("text-unchanged", _l("This is what the message says already."), BODY)])


def _write(
    ctx: Ctx, standing: StandingText, subject: str | None, body: str | None, restores: int | None
) -> MessageText:
    if ctx.actor.person_id is None:
        raise NotFound
    version = MessageText(
        programme_id=standing.programme.id if standing.programme else None,
        notification=standing.notification.name,
        language=standing.language,
        number=standing.number + 1,
        subject=subject,
        body=body,
        written_at=ctx.now,
        written_by_id=ctx.actor.person_id,
        restored_number=restores,
    )
    db.session.add(version)
    db.session.flush()
    event = MessageTextSaved(
        text_id=version.id,
        programme_id=version.programme_id,
        kind=version.notification,
        language=version.language,
        number=version.number,
        sha256=_digest(subject, body),
    )
    record(ctx, event)
    return version


def _digest(subject: str | None, body: str | None) -> str:
    return digest(canonical({"subject": subject, "body": body}))


def _tidy(body: str) -> str:
    return "\n".join(line.rstrip() for line in body.splitlines()).strip()
