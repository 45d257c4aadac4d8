"""An auditor may read everything, and what is read only by that right is written down: who, what, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from portal.core.actor import Actor, Role
from portal.core.context import Ctx
from portal.core.event_log import record_apart
from portal.core.events import Event
from portal.core.policy import Policy


@dataclass(frozen=True)
class AuditRead(Event, topic="audit.read"):
    """The auditor ``audit_id`` (a person) opened a page under ``policy``; ``kind`` and ``row_id`` say of what."""

    audit_id: int
    policy: str
    kind: str
    row_id: int | None


def reads_as_auditor(actor: Actor, policy: Policy[Any], subject: Any) -> bool:
    """Return whether only the role of auditor opens this page to ``actor``: without it, it would stay closed."""
    if not actor.has(Role.AUDITOR):
        return False
    return not policy.allows(replace(actor, roles=actor.roles - {Role.AUDITOR}), subject)


def record_reading(ctx: Ctx, policy: Policy[Any], subject: Any) -> None:
    """Record that the actor read ``subject`` (a row, or None for a list) as an auditor."""
    kind, row_id = getattr(subject, "__tablename__", ""), getattr(subject, "id", None)
    is_row = bool(kind) and isinstance(row_id, int)
    record_apart(
        ctx,
        AuditRead(
            audit_id=ctx.actor.person_id or 0,
            policy=policy.name,
            kind=kind if is_row else "",
            row_id=row_id if is_row else None,
        ),
    )
