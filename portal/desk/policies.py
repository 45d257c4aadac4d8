"""The desk shows everybody their own work and nobody another's; the whole log is the auditor's."""

from __future__ import annotations

from portal.core.actor import Role
from portal.core.policy import Policy, role, signed_in

MY_WORK: Policy[None] = Policy("desk.my-work", sees=signed_in, may=signed_in)
READ_EVENTS: Policy[None] = Policy("audit.read-events", sees=role(Role.AUDITOR), may=role(Role.AUDITOR))
