"""Letters: their texts saved version by version, what each says frozen when it is told, their files made by a worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.applications.models import Application
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.digests import canonical, digest
from portal.core.errors import NotFound, Problem, RuleViolation, refuse_if
from portal.core.event_log import record
from portal.core.files import Storage, store_made
from portal.core.leasing import due_again, lease_next
from portal.core.text import _l
from portal.core.waking import wake_after_commit
from portal.decisions import letter_queries
from portal.decisions.events import (
    AdmissionLetterFrozen,
    AdmissionLetterMade,
    AdmissionLetterRetried,
    LetterFrozen,
    LetterMade,
    LetterRetried,
    LetterTextSaved,
)
from portal.decisions.letter_models import Letter, LetterText
from portal.decisions.letter_queries import StandingText
from portal.decisions.letter_text import FIELD, problems_with_text
from portal.decisions.letter_values import (
    Values,
    kind_of,
    values_of_answer,
    values_of_decision,
    values_of_refused_admission,
)
from portal.decisions.models import Decision, ReviewRequest
from portal.decisions.states import LetterFailure, LetterKind, LetterState

PDF, DOCX = "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def save_text(ctx: Ctx, standing: StandingText, text: str, *, based_on: int, restores: int | None = None) -> LetterText:
    """Save a new version of a text, and return it. Letters that were told keep what they say.

    RuleViolation with everything that is wrong with the text, ``text-unchanged``, or ``text-overtaken`` where the
    version that stands is no longer ``based_on``.
    """
    if ctx.actor.person_id is None:
        raise NotFound
    words = "\n".join(line.rstrip() for line in text.splitlines()).strip()
    if standing.number != based_on:
        message = _l(
            "Somebody saved version %(number)s meanwhile. Look at it before you save yours.", number=standing.number
        )
        raise RuleViolation([Problem("text-overtaken", message, FIELD)])
    refuse_if(problems_with_text(words, standing.kind))
    if words == standing.text:
        raise RuleViolation([Problem("text-unchanged", _l("This is what the letter says already."), FIELD)])
    version = LetterText(
        programme_id=standing.programme.id,
        kind=standing.kind,
        number=standing.number + 1,
        text=words,
        written_at=ctx.now,
        written_by_id=ctx.actor.person_id,
        restored_number=restores,
    )
    db.session.add(version)
    event = LetterTextSaved(
        programme_id=standing.programme.id, kind=str(standing.kind), number=version.number, sha256=digest(words)
    )
    record(ctx, event)
    return version


def restore_text(ctx: Ctx, standing: StandingText, number: int) -> LetterText:
    """Let an earlier version stand again, as a new one. NotFound where there is no such version."""
    text = letter_queries.text_of_version(standing, number)
    return save_text(ctx, standing, text, based_on=standing.number, restores=number)


def freeze_letters(ctx: Ctx, decisions: list[Decision]) -> None:
    """Freeze what the letter of each decision of one round says, now that it is told; workers make the files after the
    commit.
    """
    if not decisions:
        return
    texts = _texts_for(decisions[0])
    for each in decisions:
        values = values_of_decision(each, each.application.feedback or {}, ctx.now)
        _freeze(ctx, each.application, texts[kind_of(each)], values, each)


def freeze_answer(ctx: Ctx, request: ReviewRequest, kind: LetterKind) -> None:
    """Freeze the letter that answers a request for review."""
    decision = request.decision
    values = values_of_answer(request, kind, ctx.now)
    _freeze(ctx, decision.application, _texts_for(decision)[kind], values, decision)


def freeze_refused_admission(ctx: Ctx, application: Application) -> None:
    """Freeze the letter that says why an application is inadmissible."""
    programme = application.round.call.programme
    standing = letter_queries.list_standing([programme])[programme.id][LetterKind.INADMISSIBLE]
    _freeze(ctx, application, standing, values_of_refused_admission(application, ctx.now), None)


def _texts_for(decision: Decision) -> dict[LetterKind, StandingText]:
    programme = decision.round.call.programme
    return letter_queries.list_standing([programme])[programme.id]


def _freeze(
    ctx: Ctx, application: Application, standing: StandingText, values: Values, decision: Decision | None
) -> None:
    said: dict[str, Any] = {
        "kind": str(standing.kind),
        "version": standing.number,
        "text": standing.text,
        "values": values,
    }
    content = canonical(said)
    letter = Letter(
        application_id=application.id,
        decision_id=decision.id if decision else None,
        kind=standing.kind,
        told_at=ctx.now,
        content=content,
        sha256=digest(content),
        due_at=machine_now(),
    )
    db.session.add(letter)
    db.session.flush()
    facts: dict[str, Any] = {"letter_id": letter.id, "kind": str(standing.kind), "sha256": letter.sha256}
    if decision is None:
        record(ctx, AdmissionLetterFrozen(application_id=application.id, **facts))
    else:
        record(ctx, LetterFrozen(decision_id=decision.id, **facts))
    wake_after_commit("letters.make", queue="files")


def retry_letter(ctx: Ctx, letter: Letter) -> bool:
    """Have a letter made again that could not be made; False where it is there or on its way, which stays as it is."""
    if letter.state is not LetterState.FAILED:
        return False
    letter.state, letter.failure = LetterState.WAITING, None
    letter.attempts, letter.due_at = 0, machine_now()
    if letter.decision_id is None:
        record(ctx, AdmissionLetterRetried(application_id=letter.application_id, letter_id=letter.id))
    else:
        record(ctx, LetterRetried(decision_id=letter.decision_id, letter_id=letter.id))
    wake_after_commit("letters.make", queue="files")
    return True


def claim_next(at: datetime) -> Letter | None:
    """Lease the next letter that is due at machine time ``at``; None where none is. Another worker skips it."""
    return lease_next(Letter, Letter.state == LetterState.WAITING, at)


@dataclass(frozen=True, slots=True)
class MadeFiles:
    """What a worker made of a letter; ``name`` is without an ending."""

    name: str
    pdf: bytes
    docx: bytes


def keep_letter(ctx: Ctx, storage: Storage, letter: Letter, made: MadeFiles) -> None:
    """Store the files of a letter. A second worker that made the same one finds it kept, and does nothing."""
    db.session.refresh(letter, with_for_update=True)
    if letter.state is LetterState.READY:
        return
    as_pdf = store_made(ctx, storage, f"{made.name}.pdf", made.pdf, PDF)
    as_docx = store_made(ctx, storage, f"{made.name}.docx", made.docx, DOCX)
    letter.pdf_id, letter.docx_id, letter.made_at = as_pdf.id, as_docx.id, ctx.now
    letter.state, letter.failure = LetterState.READY, None
    digests = {"pdf_sha256": as_pdf.sha256, "docx_sha256": as_docx.sha256}
    if letter.decision_id is None:
        record(ctx, AdmissionLetterMade(application_id=letter.application_id, letter_id=letter.id, **digests))
    else:
        record(ctx, LetterMade(decision_id=letter.decision_id, letter_id=letter.id, **digests))


def note_failure(letter: Letter, failure: LetterFailure, at: datetime) -> None:
    """Try again in a minute; after three attempts, or where the machine cannot, say so until somebody asks again."""
    db.session.refresh(letter, with_for_update=True)
    if letter.state is not LetterState.WAITING:
        return
    again = due_again(letter.attempts, at, is_final=failure is LetterFailure.NO_LIBRARY)
    if again is None:
        letter.state, letter.failure = LetterState.FAILED, failure
    else:
        letter.due_at = again
