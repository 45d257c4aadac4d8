"""What the page of a partner's part shows of its de-minimis aid: the years, what is filled in already, the ceiling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.applications.admissibility import NEAR, aid_of, ceiling_on
from portal.applications.aid_years import AidYear, aid_years
from portal.applications.awards import portal_aid_by_year
from portal.applications.dossiers import dossier_of
from portal.applications.models import PartnerPart
from portal.core.money import total


@dataclass(frozen=True, slots=True)
class PartnerAid:
    """``awarded`` is what this portal awarded to the partner for forming strategies, by year: the least of that year."""

    years: Sequence[AidYear]
    awarded: Mapping[int, Decimal]
    declared: Mapping[str, str]
    undivided_amount: Decimal | None
    share: Decimal
    used: Decimal
    ceiling: Decimal

    @classmethod
    def of(cls, part: PartnerPart) -> PartnerAid:
        """Return the partner's aid as it counts for a grant decided on the round's day, or the day of the decision."""
        dossier = dossier_of(part.application)
        counted = next(each for each in dossier.parts if each.organisation_id == part.organisation_id)
        return cls(
            years=aid_years(dossier.decided_on),
            awarded=portal_aid_by_year(part.application, dossier.decided_on).get(part.organisation_id, {}),
            declared=part.earlier_aid,
            undivided_amount=None if part.earlier_aid else part.earlier_aid_amount,
            share=dossier.share_of(counted),
            used=aid_of(dossier, counted),
            ceiling=ceiling_on(dossier.decided_on),
        )

    def filled_in(self) -> dict[str, Decimal]:
        """Return what each year's field begins with: what is declared, else what the portal awarded."""
        declared = {int(year): Decimal(amount) for year, amount in self.declared.items()}
        return {f"aid_{year}": amount for year, amount in (dict(self.awarded) | declared).items()}

    @property
    def awarded_amount(self) -> Decimal:
        return total(self.awarded.values())

    @property
    def percent(self) -> Decimal:
        return self.used / self.ceiling * 100

    @property
    def is_over(self) -> bool:
        return self.used > self.ceiling

    @property
    def is_near(self) -> bool:
        return self.used >= self.ceiling * NEAR
