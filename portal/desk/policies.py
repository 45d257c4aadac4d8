"""The desk shows everybody their own work and nobody another's."""

from __future__ import annotations

from portal.core.policy import Policy, signed_in

MY_WORK: Policy[None] = Policy("desk.my-work", sees=signed_in, may=signed_in)
