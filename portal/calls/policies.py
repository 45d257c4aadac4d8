"""Who may see and change programmes, calls and rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.actor import Actor, Role
from portal.core.policy import Policy, anyone, role
from portal.core.text import _l

if TYPE_CHECKING:
    from portal.calls.models import Call, Round

STAFF = role(Role.ADMINISTRATOR, Role.CASE_OFFICER, Role.AUDITOR)


def _is_announced(_actor: Actor, round_: Round) -> bool:
    return round_.announced_at is not None


READ_PROGRAMMES: Policy[None] = Policy("programme.read-all", sees=STAFF, may=STAFF)
READ_CALL: Policy[Call] = Policy("call.read", sees=STAFF, may=STAFF)
READ_ROUNDS: Policy[None] = Policy("round.read-all", sees=STAFF, may=STAFF)
READ_ROUND: Policy[Round] = Policy("round.read", sees=STAFF, may=STAFF)
DRAFT_ROUND: Policy[None] = Policy(
    "round.draft",
    sees=STAFF,
    may=role(Role.ADMINISTRATOR),
    who=_l("Only an administrator drafts and announces rounds."),
)
STEER_ROUND: Policy[Round] = Policy(
    "round.steer",
    sees=STAFF,
    may=role(Role.ADMINISTRATOR),
    who=_l("Only an administrator drafts and announces rounds."),
)
SEE_ANNOUNCED: Policy[Round] = Policy("round.see", sees=_is_announced, may=anyone, is_public=True)
