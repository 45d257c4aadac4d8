"""An auditor may read everything, and what is read only by that right is written down: who, what, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from portal.core.actor import Actor, Role
from portal.core.events import Event
from portal.core.policy import Policy


@dataclass(frozen=True)
class AuditRead(Event, topic="audit.read"):
    """The auditor ``audit_id`` (a person) opened a page under ``policy``; ``kind`` and ``row_id`` say of what."""

    audit_id: int
    policy: str
    kind: str
    row_id: int | None


def reading_of(actor: Actor, policy: Policy[Any], subject: Any) -> AuditRead | None:
    """Return the event of a page that only the role of auditor opens to ``actor``; None where another right does.

    ``subject`` is the row that was loaded, or None for a list.
    """
    if not actor.has(Role.AUDITOR) or policy.allows(replace(actor, roles=actor.roles - {Role.AUDITOR}), subject):
        return None
    kind, row_id = getattr(subject, "__tablename__", ""), getattr(subject, "id", None)
    is_row = bool(kind) and isinstance(row_id, int)
    return AuditRead(
        audit_id=actor.person_id or 0,
        policy=policy.name,
        kind=kind if is_row else "",
        row_id=row_id if is_row else None,
    )
