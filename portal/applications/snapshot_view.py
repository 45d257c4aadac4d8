"""A snapshot as somebody who may not read every wage can take it away: the others' staff costs as totals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from portal.applications.budget_view import Viewer
from portal.applications.dossier import Line
from portal.core.money import total

NOTE = (
    "Loonkosten van andere organisaties staan hierin als totaal. Deze weergave is niet wat bevroren werd: "
    "alleen het geheel geeft de SHA-256 in frozen_sha256."
)
"""In the file itself, so that whoever finds it alone knows; in Dutch, the language of administration."""


def viewed(
    content: Mapping[str, Any], sha256: str, viewer: Viewer, numbers: Mapping[str, int], wages: frozenset[str]
) -> str:
    """Return ``content`` as ``viewer`` may see it, as readable JSON that says it is a view of what gave ``sha256``.

    ``numbers`` are organisations' ids by enterprise number; of one that is not among them only totals are given.
    ``wages`` are the cost categories that hold them.
    """
    shown = {**content, "budget": _lines(content["budget"], viewer, numbers, wages)}
    about = {"is_frozen_whole": False, "note": NOTE, "frozen_sha256": sha256}
    return json.dumps({"view": about, "application": shown}, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _lines(
    held: list[dict[str, Any]], viewer: Viewer, numbers: Mapping[str, int], wages: frozenset[str]
) -> list[dict[str, Any]]:
    shown, hidden = [], dict[tuple[str, str], list[Line]]()
    for each in held:
        number = each["enterprise_number"]
        if viewer.sees_detail(numbers.get(number, 0), each["category"], wages):
            shown.append(each)
        else:
            hidden.setdefault((number, each["category"]), []).append(Line.held(0, each))
    totals = [
        {
            "enterprise_number": number,
            "category": category,
            "total_amount": str(total(each.amount for each in lines)),
        }
        for (number, category), lines in hidden.items()
    ]
    return shown + totals
