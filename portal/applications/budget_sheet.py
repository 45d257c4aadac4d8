"""The budget as a sheet of a workbook: its columns, what a viewer may read of it, and the mark by which it is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from portal.applications.budget_view import ShownLine
from portal.core.text import Text

if TYPE_CHECKING:
    from portal.applications.models import BudgetLine

MARK = "portal"
"""The hidden sheet that says of which application the file is, and how each partner's lines stood."""
REFERENCE = "reference"

LINE = Text("Lijn", "Line")
PARTNER = Text("Partner", "Partner")
CATEGORY = Text("Kostenrubriek", "Cost category")
YEAR = Text("Jaar", "Year")
QUANTITY = Text("Aantal", "Quantity")
UNIT_PRICE = Text("Eenheidsprijs", "Unit price")
AMOUNT = Text("Bedrag (berekend door het portaal)", "Amount (computed by the portal)")
EXPLANATION = Text("Toelichting", "Explanation")
ONLY_PRICE = Text("Bedrag", "Amount")
"""What the price is called where a call asks neither year nor quantity."""

_WIDTHS = {
    LINE: 8,
    PARTNER: 34,
    CATEGORY: 28,
    YEAR: 8,
    QUANTITY: 10,
    UNIT_PRICE: 14,
    AMOUNT: 16,
    EXPLANATION: 80,
    ONLY_PRICE: 14,
}


def columns_of(*, asks_year: bool, asks_quantity: bool) -> list[Text]:
    """Return the sheet's columns, in their order, for what the call's form asks."""
    return [
        LINE,
        PARTNER,
        CATEGORY,
        *([YEAR] if asks_year else []),
        *([QUANTITY, UNIT_PRICE, AMOUNT] if asks_quantity else [ONLY_PRICE]),
        EXPLANATION,
    ]


def widths_of(columns: Iterable[Text]) -> list[int]:
    """Return how wide each column is, in characters."""
    return [_WIDTHS[each] for each in columns]


def sheet_row(
    line: ShownLine,
    columns: Sequence[Text],
    partners: Mapping[int, str],
    categories: Mapping[str, str],
    total_words: str,
) -> list[Any]:
    """Return one row of the sheet; a total of hidden staff costs has an amount and says what it is."""
    said = {
        LINE: line.number,
        PARTNER: partners.get(line.organisation_id, ""),
        CATEGORY: categories.get(line.category, line.category),
        YEAR: line.year,
        QUANTITY: line.quantity,
        UNIT_PRICE: line.unit_price_amount,
        AMOUNT: line.amount,
        ONLY_PRICE: line.amount,
        EXPLANATION: total_words if line.is_total else line.explanation,
    }
    return [said[each] for each in columns]


def mark_of(reference: str, organisation_ids: Iterable[int], lines: Iterable[BudgetLine]) -> dict[str, str]:
    """Return what the hidden sheet says: the reference, and for each partner a digest of its lines and their versions."""
    standing: dict[int, list[str]] = {number: [] for number in organisation_ids}
    for each in lines:
        if each.organisation_id in standing:
            standing[each.organisation_id].append(f"{each.id}.{each.version}")
    digests = {
        f"partner-{number}": hashlib.sha256(",".join(sorted(of)).encode()).hexdigest()[:32]
        for number, of in standing.items()
    }
    return {REFERENCE: reference, **digests}
