"""What each partner signs off on, as one digest, and who still has to.

A sign-off stands while nobody cancelled it *and* the facts still give the digest that was signed: comparing digests
finds a change whichever command made it, so that a sign-off cannot outlive what it confirmed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portal.applications.dossier import Dossier, Part
from portal.core.digests import canonical, digest
from portal.core.errors import Problem
from portal.core.money import euro, total
from portal.core.text import _l

if TYPE_CHECKING:
    from portal.applications.dossier import Line
    from portal.applications.models import Application, BudgetLine, PartnerPart, SignOff

FUNDED, ALL = "funded", "all"


def facts_of(part: Part | PartnerPart, lines: Iterable[Line | BudgetLine]) -> dict[str, Any]:
    """Return what a partner confirms, as plain JSON values: role, funds, VAT, earlier aid, declarations, and costs.

    The costs are totals of a category in a year: ``lines`` are those of the application that count.
    """
    sums: dict[tuple[str, int], Decimal] = {}
    for each in lines:
        if each.organisation_id == part.organisation_id:
            key = (each.category, each.year)
            sums[key] = sums.get(key, Decimal(0)) + each.amount
    return {
        "role": str(part.role),
        "task": part.task,
        "receives_funds": part.receives_funds,
        "vat_status": str(part.vat_status) if part.vat_status else None,
        "recoverable_percent": _exact(part.recoverable_percent),
        "earlier_aid": {str(year): _exact(Decimal(amount)) for year, amount in sorted(part.earlier_aid.items())},
        "earlier_aid_amount": _exact(part.earlier_aid_amount),
        "declarations": sorted(part.declarations),
        "costs": [[category, year, _exact(amount)] for (category, year), amount in sorted(sums.items())],
        "costs_amount": _exact(total(sums.values())),
    }


def digest_of(facts: dict[str, Any]) -> str:
    """Return the SHA-256 of what a partner confirms."""
    return digest(canonical(facts))


def is_asked(mode: str, promotor_id: int, part: Part | PartnerPart) -> bool:
    """Return whether the call's ``sign_off`` asks this partner to sign. The lead partner signs by submitting."""
    if part.organisation_id == promotor_id:
        return False
    return mode == ALL or (mode == FUNDED and part.receives_funds)


def missing_sign_offs(dossier: Dossier) -> list[Part]:
    """Return the partners that must sign before the application can be submitted and did not, or not what stands now."""
    signed = dossier.signed or {}
    return [
        part
        for part in dossier.parts
        if is_asked(dossier.terms.sign_off, dossier.promotor_id, part)
        and signed.get(part.organisation_id) != digest_of(facts_of(part, dossier.lines))
    ]


def parts_to_sign(application: Application, mode: str, organisation_ids: Collection[int]) -> list[PartnerPart]:
    """Return the parts of these organisations that are written, and whose sign-off is asked and missing."""
    signed = {each.organisation_id: each.sha256 for each in application.sign_offs if each.cancelled_at is None}
    asked = [each for each in application.parts if each.organisation_id in organisation_ids and each.task.strip()]
    return [
        part
        for part in asked
        if is_asked(mode, application.promotor_id, part)
        and signed.get(part.organisation_id) != digest_of(facts_of(part, application.counted_lines))
    ]


def problems_with_sign_offs(dossier: Dossier) -> Iterator[Problem]:
    """Yield each partner whose sign-off is missing, by name."""
    for part in missing_sign_offs(dossier):
        message = _l("%(organisation)s did not sign off on its part yet.", organisation=part.name)
        yield Problem("sign-off-missing", message, f"sign-off-{part.organisation_id}")


@dataclass(frozen=True, slots=True)
class SignState:
    """Where one partner's sign-off stands: ``row`` is the one that holds now; ``lapsed`` one that a change cancelled."""

    part: Part
    row: SignOff | None
    is_missing: bool
    lapsed: SignOff | None = None
    left_out_amount: Decimal | None = None  # its costs that do not count, where the application goes on without them


def sign_states(application: Application, dossier: Dossier) -> list[SignState]:
    """Return a state for each partner but the lead partner; nothing where the call asks no sign-off."""
    if dossier.terms.sign_off not in (FUNDED, ALL):
        return []
    missing = {each.organisation_id for each in missing_sign_offs(dossier)}
    return [
        _state(application, part, is_missing=part.organisation_id in missing)
        for part in dossier.parts
        if part.organisation_id != dossier.promotor_id
    ]


def _state(application: Application, part: Part, *, is_missing: bool) -> SignState:
    rows: Sequence[SignOff] = [e for e in application.sign_offs if e.organisation_id == part.organisation_id]
    standing = next((each for each in rows if each.cancelled_at is None), None)
    lapsed = next((each for each in reversed(rows) if each is not standing or is_missing), None)
    left_out = any(
        each.funds_left_out_at and each.organisation_id == part.organisation_id for each in application.parts
    )
    costs = total(each.amount for each in application.lines if each.organisation_id == part.organisation_id)
    return SignState(
        part,
        None if is_missing else standing,
        is_missing,
        lapsed if is_missing else None,
        costs if left_out else None,
    )


def _exact(amount: Decimal | None) -> str | None:
    return None if amount is None else str(euro(amount))
