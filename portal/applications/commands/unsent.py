"""Keeping what arrived too late, for its author alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from portal.applications.models import UnsentText
from portal.core.context import Ctx
from portal.core.db import apart, db


def keep_unsent_text(
    ctx: Ctx,
    application_id: int,
    code: str,
    answers: Mapping[str, Any],
    started_from: Mapping[str, int] | None = None,
) -> int | None:
    """Keep the answers in a transaction of their own, so that they survive the refusal, and return their number.

    Nothing, and None, without a person.
    """
    if ctx.actor.person_id is None:
        return None
    kept = UnsentText(
        application_id=application_id,
        section_code=code,
        person_id=ctx.actor.person_id,
        answers={key: storable(answer) for key, answer in answers.items()},
        started_from=None if started_from is None else dict(started_from),
        kept_at=ctx.now,
    )
    with apart() as session:
        session.add(kept)
        session.flush()
        return kept.id


def forget_held_text(ctx: Ctx, application_id: int, number: int) -> None:
    """Take away the actor's own text that was held through signing in: it is saved now."""
    mine = (UnsentText.application_id == application_id, UnsentText.person_id == ctx.actor.person_id)
    db.session.execute(
        sa.delete(UnsentText).where(UnsentText.id == number, *mine, UnsentText.started_from.is_not(None))
    )


def storable(answer: Any) -> Any:
    """Return the answer with every character that PostgreSQL cannot hold replaced, in lists and mappings too."""
    if isinstance(answer, str):
        shown = answer.replace("\x00", "\ufffd")
        return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in shown)
    if isinstance(answer, list | tuple):
        return [storable(each) for each in answer]
    if isinstance(answer, Mapping):
        return {str(key): storable(each) for key, each in answer.items()}
    return answer
