"""Load the municipalities the portal ships with."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.context import Ctx
from portal.core.db import db
from portal.places.models import Municipality, PostalCode
from portal.places.search_key import search_key

DATA = Path(__file__).parent / "data"


def load_places(_ctx: Ctx) -> int:
    """Bring municipalities and postal codes to the state of the CSV files; return how many municipalities there are.

    Reference data, the same on every portal: run again it changes nothing, and it records no event. A municipality is
    never removed, since an application may name it.
    """
    successors = {row["old_nis"]: row["new_nis"] for row in _rows("mergers.csv")}
    municipalities = [
        {
            "nis": row["nis"],
            "name": row["name"],
            "search_key": search_key(row["name"]),
            "province_code": row["province_code"],
            "valid_from": date.fromisoformat(row["valid_from"]),
            "valid_to": _day(row["valid_to"]),
            "successor_nis": successors.get(row["nis"]),
        }
        for row in _rows("municipalities.csv")
    ]
    # A foreign key is checked at the end of the statement, so successors may stand anywhere in the list.
    upsert = insert(Municipality).values(municipalities)
    columns = ("name", "search_key", "province_code", "valid_from", "valid_to", "successor_nis")
    changed = {name: upsert.excluded[name] for name in columns}
    db.session.execute(upsert.on_conflict_do_update(index_elements=["nis"], set_=changed))
    _replace_postal_codes()
    return len(municipalities)


def _replace_postal_codes() -> None:
    db.session.execute(sa.delete(PostalCode))
    rows = [
        {
            "nis": row["nis"],
            "postal_code": row["postal_code"],
            "valid_from": date.fromisoformat(row["valid_from"]),
            "valid_to": _day(row["valid_to"]),
        }
        for row in _rows("postal_codes.csv")
    ]
    db.session.execute(insert(PostalCode).values(rows))


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
