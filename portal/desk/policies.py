"""The desk shows everybody their own work and nobody another's; the whole log is the auditor's."""

from __future__ import annotations

from portal.core.actor import Role
from portal.core.policy import Policy, role, signed_in
from portal.core.text import _l

MY_WORK: Policy[None] = Policy("desk.my-work", sees=signed_in, may=signed_in)
READ_EVENTS: Policy[None] = Policy("audit.read-events", sees=role(Role.AUDITOR), may=role(Role.AUDITOR))
READ_SWITCHES: Policy[None] = Policy(
    "switch.read", sees=role(Role.ADMINISTRATOR, Role.AUDITOR), may=role(Role.ADMINISTRATOR, Role.AUDITOR)
)
TURN_SWITCH: Policy[object] = Policy(
    "switch.turn",
    sees=role(Role.ADMINISTRATOR, Role.AUDITOR),
    may=role(Role.ADMINISTRATOR),
    who=_l("Only an administrator turns a switch."),
)
READ_PERIODIC: Policy[None] = Policy(
    "periodic.read", sees=role(Role.ADMINISTRATOR, Role.AUDITOR), may=role(Role.ADMINISTRATOR, Role.AUDITOR)
)
STEER_PERIODIC: Policy[object] = Policy(
    "periodic.steer",
    sees=role(Role.ADMINISTRATOR, Role.AUDITOR),
    may=role(Role.ADMINISTRATOR),
    who=_l("Only an administrator runs and pauses periodic work."),
)
READ_REMINDERS: Policy[object] = Policy(
    "reminder.read-all",
    sees=role(Role.ADMINISTRATOR, Role.CASE_OFFICER, Role.AUDITOR),
    may=role(Role.ADMINISTRATOR, Role.CASE_OFFICER, Role.AUDITOR),
)
SET_REMINDERS: Policy[object] = Policy(
    "reminder.set",
    sees=role(Role.ADMINISTRATOR, Role.CASE_OFFICER, Role.AUDITOR),
    may=role(Role.ADMINISTRATOR),
    who=_l("Only an administrator sets the reminders of a call."),
)
