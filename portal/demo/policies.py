"""Who may use the demo's own pages: everybody, in the demo."""

from __future__ import annotations

from portal.core.policy import Policy, anyone

USE: Policy[None] = Policy("demo.use", sees=anyone, may=anyone, is_public=True)
