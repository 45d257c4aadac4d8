"""The years whose de-minimis aid counts for a grant (domain §4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.applications.admissibility import aid_counts_from
from portal.core.text import Msg, _l


@dataclass(frozen=True, slots=True)
class AidYear:
    """A year that counts: from its first day, or from ``counts_from`` where only a part of it does."""

    year: int
    counts_from: date | None = None

    @property
    def label(self) -> Msg:
        if self.counts_from:
            return _l("%(year)s, from %(from)s", **{"year": str(self.year), "from": self.counts_from})
        return _l("%(year)s", year=str(self.year))


def aid_years(decided_on: date) -> tuple[AidYear, ...]:
    """Return the years that count for a grant decided on that day, the oldest first.

    Up to 2023-12-31 three of them; from 2024-01-01 the three years roll, so that they touch four.
    """
    first = aid_counts_from(decided_on)
    return tuple(
        AidYear(year, first if year == first.year and (first.month, first.day) != (1, 1) else None)
        for year in range(first.year, decided_on.year + 1)
    )


def missing_years(declared: Mapping[str, str], years: Iterable[AidYear]) -> tuple[int, ...]:
    """Return the years that count of which nothing is declared, where aid is declared by year."""
    return tuple(each.year for each in years if str(each.year) not in declared) if declared else ()
