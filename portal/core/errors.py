"""What can be refused, and the one way each refusal is answered.

NotFound 404 · Forbidden 403 · IllegalTransition 409 · RuleViolation 422. All of them pickle, so that a worker's log
names the real one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.core.text import Msg, _l


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. ``code`` is stable and kebab-case; ``field`` names the form field that mends it."""

    code: str
    message: Msg
    field: str | None = None
    link: str | None = None


class PortalError(Exception):
    """Base of what commands and loads refuse."""


class NotFound(PortalError):  # noqa: N818 - the field's word for 404
    """There is no such thing, or the actor may not know that there is."""


class Forbidden(PortalError):  # noqa: N818 - the field's word for 403
    """The thing is visible, but this is not for the actor to do. ``args[0]`` is the policy's name."""

    @property
    def policy(self) -> str:
        return str(self.args[0]) if self.args else ""


class IllegalTransition(PortalError):  # noqa: N818
    """The thing is not in a state from which this can be done. args: (kind, action, state, since)."""

    def __init__(self, kind: str, action: str, state: str, since: datetime | None = None) -> None:
        super().__init__(kind, action, state, since)
        self.kind, self.action, self.state, self.since = kind, action, state, since


class RuleViolation(PortalError):  # noqa: N818
    """It is incomplete, too late or otherwise against the rules. Carries every problem found, not the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]


class StaleVersion(PortalError):  # noqa: N818
    """Somebody else saved since this form was opened. ``mine`` and ``theirs`` let the page show both, losing neither."""

    def __init__(self, base_version: int, current_version: int) -> None:
        super().__init__(base_version, current_version)
        self.base_version, self.current_version = base_version, current_version


def refuse_if(problems: Iterable[Problem]) -> None:
    """Raise RuleViolation when ``problems`` yields any."""
    found = tuple(problems)
    if found:
        raise RuleViolation(found)


def problem(code: str, source: Msg | str, *, field: str | None = None, link: str | None = None) -> Problem:
    """Return a Problem; ``source`` is marked with ``_l`` where it is written."""
    return Problem(code, source if isinstance(source, Msg) else _l(source), field, link)


_EXPLAINED: dict[str, Problem] = {}


def explain_constraint(name: str, code: str, message: Msg, field: str | None = None) -> None:
    """Say in words what it means that the database refused the constraint ``name``, and at which field."""
    _EXPLAINED[name] = Problem(code, message, field)


def explained_constraint(name: str | None) -> Problem | None:
    """Return the problem that a broken constraint stands for; None where nobody explained it (a fault of ours)."""
    return _EXPLAINED.get(name) if name else None
