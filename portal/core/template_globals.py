"""What every template knows, in one dictionary for each."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from flask.templating import Environment


class PortalEnvironment(Environment):
    """Jinja chains the template's globals to the environment's, and walks both chains at each import of each page.

    A page of twenty imports spent a twentieth of its time there. A template that was used once does not see what is
    registered later; here everything is registered before the first request.
    """

    def make_globals(self, d: Mapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the environment's globals with the template's own."""
        return {**self.globals, **(d or {})}
