"""Who may do what: predicates over the actor and the subject, and nothing else.

``sees`` false answers 404 (it does not reveal that the thing exists); ``may`` false answers 403 (visible, but not for
you). Time and state are not asked here: those are ``rules.py`` and ``states.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from portal.core.actor import Actor, Role
from portal.core.text import Msg, _l

S_contra = TypeVar("S_contra", contravariant=True)

_REGISTRY: dict[str, Policy[Any]] = {}


@dataclass(frozen=True, slots=True)
class Policy(Generic[S_contra]):
    """One right by name, such as ``application.submit``. ``who`` tells a refused person who can do it."""

    name: str
    sees: Callable[[Actor, Any], bool]
    may: Callable[[Actor, Any], bool]
    is_public: bool = False
    who: Msg = field(default_factory=lambda: _l("Someone with another role or another organisation can do this."))

    def __post_init__(self) -> None:
        if self.name in _REGISTRY:
            raise ValueError(f"two policies are called {self.name}")
        _REGISTRY[self.name] = self

    def allows(self, actor: Actor, subject: Any) -> bool:
        """Return whether the actor would be let through: what a template's ``can()`` asks."""
        return (self.is_public or not actor.is_anonymous) and self.sees(actor, subject) and self.may(actor, subject)


def policy_named(name: str) -> Policy[Any]:
    """Return the policy called ``name``; KeyError for a name nobody declared."""
    return _REGISTRY[name]


def all_policies() -> dict[str, Policy[Any]]:
    """Return every declared policy by name."""
    return dict(_REGISTRY)


def anyone(_actor: Actor, _subject: Any) -> bool:
    """Predicate: everybody, visitors included."""
    return True


def signed_in(actor: Actor, _subject: Any) -> bool:
    """Predicate: any signed-in person."""
    return actor.person_id is not None


def role(*roles: Role) -> Callable[[Actor, Any], bool]:
    """Return the predicate: the actor holds one of ``roles``."""

    def holds(actor: Actor, _subject: Any) -> bool:
        return actor.has(*roles)

    return holds


def any_of(*predicates: Callable[[Actor, Any], bool]) -> Callable[[Actor, Any], bool]:
    """Return the predicate that holds when one of ``predicates`` does."""

    def holds(actor: Actor, subject: Any) -> bool:
        return any(each(actor, subject) for each in predicates)

    return holds


def all_of(*predicates: Callable[[Actor, Any], bool]) -> Callable[[Actor, Any], bool]:
    """Return the predicate that holds when all of ``predicates`` do."""

    def holds(actor: Actor, subject: Any) -> bool:
        return all(each(actor, subject) for each in predicates)

    return holds


def not_(predicate: Callable[[Actor, Any], bool]) -> Callable[[Actor, Any], bool]:
    """Return the predicate that holds when ``predicate`` does not."""

    def holds(actor: Actor, subject: Any) -> bool:
        return not predicate(actor, subject)

    return holds


PUBLIC_PAGE: Policy[Any] = Policy("public.page", sees=anyone, may=anyone, is_public=True)
SIGNED_IN: Policy[Any] = Policy("account.self", sees=signed_in, may=signed_in)
