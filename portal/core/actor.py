"""Who acts: a person with roles and mandates, the system itself, or an anonymous visitor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person does for the department. An administrator is no superuser."""

    REVIEWER = "reviewer"
    CASE_OFFICER = "case_officer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Right(StrEnum):
    """What a person may do in an organisation, from most to least."""

    LEAD = "lead"  # organisatieverantwoordelijke: may bind the organisation
    STAFF = "staff"  # medewerker: may write
    READER = "reader"  # lezer: may read


@dataclass(frozen=True, slots=True)
class Mandate:
    """One person's right in one organisation. ``is_frozen``: a disputed claim suspends the right to bind."""

    organisation_id: int
    right: Right
    is_confirmed: bool = False
    is_frozen: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who asks. Policies decide on this value alone, never on a session or a database row."""

    person_id: int | None = None
    name: str = ""
    roles: frozenset[Role] = frozenset()
    mandates: tuple[Mandate, ...] = ()
    acting_for: int | None = None  # the organisation chosen by someone who acts for several
    system: str | None = None  # "relay", "chain", "cli": work that no person asked for
    language: str = "nl"

    @property
    def is_anonymous(self) -> bool:
        return self.person_id is None and self.system is None

    @property
    def is_system(self) -> bool:
        return self.system is not None

    def has(self, *roles: Role) -> bool:
        """Return whether the actor holds any of ``roles``."""
        return not self.roles.isdisjoint(roles)

    def mandate_in(self, organisation_id: int) -> Mandate | None:
        """Return the actor's mandate in the organisation, or None."""
        return next((each for each in self.mandates if each.organisation_id == organisation_id), None)

    def may_read_for(self, organisation_ids: Iterable[int]) -> bool:
        """Return whether the actor holds any right in one of the organisations."""
        wanted = set(organisation_ids)
        return any(each.organisation_id in wanted for each in self.mandates)

    def may_write_for(self, organisation_ids: Iterable[int]) -> bool:
        """Return whether the actor is lead or staff in one of the organisations."""
        wanted = set(organisation_ids)
        return any(each.organisation_id in wanted and each.right is not Right.READER for each in self.mandates)

    def may_bind(self, organisation_id: int) -> bool:
        """Return whether the actor may sign for the organisation: its lead, and not frozen by a dispute."""
        mandate = self.mandate_in(organisation_id)
        return mandate is not None and mandate.right is Right.LEAD and not mandate.is_frozen


ANONYMOUS = Actor()


def system_actor(name: str) -> Actor:
    """Return the actor of work that no person asked for, such as ``relay`` or ``cli``."""
    return Actor(system=name, name=name)
