"""The SHA-256 of a ranking's canonical rows: who stands where, by which figures, with what amount and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portal.decisions.rules import Placed

if TYPE_CHECKING:
    from portal.decisions.models import RankingRow


def digest(
    round_code: str,
    policy: str,
    budget: Decimal,
    rows: Iterable[dict[str, Any]],
    province_budgets: Mapping[str, Decimal],
) -> str:
    """Return 64 hexadecimal digits; the same rows under the same policy and budgets give the same."""
    content: dict[str, Any] = {"round": round_code, "policy": policy, "budget_amount": str(budget), "rows": list(rows)}
    if province_budgets:
        content["province_budgets"] = {code: str(amount) for code, amount in province_budgets.items()}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def row_placed(each: Placed) -> dict[str, Any]:
    """Return the canonical row of a placed candidate."""
    candidate = each.candidate
    return {
        **_counts_for(candidate.province),
        "position": each.ranked.position,
        "rank": each.ranked.rank,
        "application": candidate.application_id,
        "total": str(candidate.total),
        "keys": keys_of(each),
        "missed": list(candidate.missed),
        "requested_amount": str(candidate.requested_amount),
        "minimum_amount": _exact(candidate.minimum_amount),
        "place": str(each.place),
        "proposed_amount": str(each.proposed_amount),
        "code": str(each.code),
    }


def row_stored(row: RankingRow, minimum: Decimal | None) -> dict[str, Any]:
    """Return the canonical row of a stored one; ``minimum`` is its application's lowest grant."""
    return {
        **_counts_for(row.reason.get("province")),
        "position": row.position,
        "rank": row.rank,
        "application": row.application_id,
        "total": str(row.total),
        "keys": row.reason["keys"],
        "missed": row.reason.get("missed", []),
        "requested_amount": str(row.requested_amount),
        "minimum_amount": _exact(minimum),
        "place": str(row.place),
        "proposed_amount": str(row.proposed_amount),
        "code": row.reason["code"],
    }


def keys_of(each: Placed) -> dict[str, Any]:
    """Return a candidate's keys for ties, as JSON values."""
    candidate = each.candidate
    return {
        "criterion": str(candidate.tie_score),
        "coverage": candidate.new_municipalities,
        "time": candidate.submitted_at.astimezone(UTC).isoformat(),
    }


def _counts_for(province: str | None) -> dict[str, Any]:
    return {} if province is None else {"province": province}


def _exact(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
