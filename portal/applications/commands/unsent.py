"""Keeping what arrived too late, for its author alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.applications.models import UnsentText
from portal.core.context import Ctx
from portal.core.db import apart


def keep_unsent_text(ctx: Ctx, application_id: int, code: str, answers: Mapping[str, Any]) -> None:
    """Keep the answers in a transaction of their own, so that they survive the refusal; nothing without a person."""
    if ctx.actor.person_id is None:
        return
    with apart() as session:
        session.add(
            UnsentText(
                application_id=application_id,
                section_code=code,
                person_id=ctx.actor.person_id,
                answers={key: storable(answer) for key, answer in answers.items()},
                kept_at=ctx.now,
            )
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
