"""Who sees how the portal does, and who the figures are for."""

from __future__ import annotations

from portal.core.actor import Role
from portal.core.policy import Policy, role

_reads = role(Role.ADMINISTRATOR, Role.AUDITOR)

READ_OPERATIONS: Policy[None] = Policy("operations.read", sees=_reads, may=_reads)
