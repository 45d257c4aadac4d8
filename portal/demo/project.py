"""One project of the demo: who does it, where, when, and the numbers that its answers and its budget share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from random import Random

from portal.accounts.models import Organisation, Person
from portal.accounts.states import OrganisationKind

GROUPS = (
    "jobseekers",
    "older_people",
    "other_language",
    "low_literacy",
    "disability",
    "poverty",
    "single_parents",
    "young_adults",
)


@dataclass(frozen=True)
class Project:
    """``serial`` numbers the partnership; ``towns`` are its municipalities as (NIS code, name), the main one first.

    ``core`` are the core partners, ``network`` those that receive no funds; amounts are euro.
    """

    serial: int
    name: str
    promotor: Organisation
    contact: Person
    core: tuple[Organisation, ...]
    network: tuple[Organisation, ...]
    towns: tuple[tuple[str, str], ...]
    starts_on: date
    ends_on: date
    requested_amount: Decimal
    income_amount: Decimal = Decimal(0)
    lowest_amount: Decimal | None = None
    had_formation: bool = False  # an award of this portal for its formation counts as earlier aid

    @property
    def funded(self) -> tuple[Organisation, ...]:
        return (self.promotor, *self.core)

    @property
    def years(self) -> list[int]:
        return list(range(self.starts_on.year, self.ends_on.year + 1))

    @property
    def groups(self) -> list[str]:
        """The three or four target groups it aims at."""
        return sorted(self.dice("groups").sample(GROUPS, 3 + self.serial % 2), key=GROUPS.index)

    @property
    def workshop(self) -> Organisation:
        """The partner that repairs: a company where there is one."""
        companies = [each for each in self.core if each.kind == OrganisationKind.COMPANY]
        return (companies or list(self.core))[0]

    def dice(self, what: str) -> Random:
        """Return numbers that look thrown, yet are the same in every load."""
        return Random(f"{self.serial} {what}")

    @cached_property
    def words(self) -> dict[str, str]:
        """What stands between braces in answer_texts.toml."""
        dice = self.dice("words")
        names = [name for _, name in self.towns]
        return {
            "name": self.name,
            "town": names[0],
            "other_town": names[1] if len(names) > 1 else "de deelgemeenten",
            "towns": _listed(names),
            "count": str(1 + len(self.core) + len(self.network)),
            "promotor": self.promotor.name,
            "partner": self.core[0].name,
            "workshop": self.workshop.name,
            "families": str(dice.randrange(180, 940, 20)),
            "users": str(dice.randrange(310, 1450, 10)),
            "devices": str(dice.randrange(90, 330, 10)),
            "sessions": str(dice.randrange(120, 420, 12)),
            "helpers": str(dice.randrange(9, 34)),
            "hours": str(dice.randrange(18, 64, 2)),
        }


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    if len(names) <= 4:
        return f"{', '.join(names[:-1])} en {names[-1]}"
    return f"{', '.join(names[:3])} en {len(names) - 3} andere gemeenten"
