"""An event of the log in words: what its payload says, with the references of what it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.core.event_log import EventRow
from portal.core.text import Msg, _l

Named = tuple[str, int]  # a table and the number of one of its rows

FIELDS: dict[str, Msg] = {
    "advice_id": _l("advice"),
    "amount": _l("amount"),
    "answer_due_on": _l("answer due on"),
    "application_id": _l("application"),
    "attachment_id": _l("document"),
    "change_id": _l("change of partners"),
    "choice": _l("vote"),
    "claim_id": _l("claim"),
    "closes_at": _l("closes at"),
    "code": _l("code"),
    "codes": _l("problems"),
    "completion_request_id": _l("request for completion"),
    "condition_id": _l("condition"),
    "conflict_id": _l("conflict of interest"),
    "consensus_id": _l("consensus"),
    "count": _l("how many"),
    "days": _l("days before"),
    "decision_id": _l("decision"),
    "delivery_id": _l("message"),
    "due_at": _l("due at"),
    "due_on": _l("due on"),
    "event_id": _l("because of event"),
    "extension_id": _l("extension"),
    "freed_by_id": _l("freed by decision"),
    "invitation_id": _l("invitation"),
    "is_experienced": _l("experienced"),
    "is_met": _l("met"),
    "is_on": _l("switched on"),
    "job_id": _l("export"),
    "kind": _l("kind"),
    "left_amount": _l("amount left"),
    "limit": _l("sum that ended"),
    "membership_id": _l("right in an organisation"),
    "name": _l("switch"),
    "new_closes_at": _l("new deadline"),
    "next_review_id": _l("next invitation"),
    "old_closes_at": _l("old deadline"),
    "opens_at": _l("opens at"),
    "organisation_id": _l("organisation"),
    "original_id": _l("message that it repeats"),
    "outcome": _l("outcome"),
    "paper_id": _l("PDF"),
    "partner_id": _l("partner"),
    "partnership_id": _l("partnership"),
    "person_id": _l("person"),
    "person_ids": _l("people in their order"),
    "policy": _l("page under"),
    "proposal_id": _l("proposed consensus"),
    "province": _l("province"),
    "recorded_at": _l("recorded at"),
    "remark_id": _l("remark"),
    "requested_amount": _l("amount requested"),
    "review_id": _l("review"),
    "review_request_id": _l("request for review"),
    "right": _l("right"),
    "role": _l("role"),
    "round_id": _l("round"),
    "row_id": _l("about"),
    "rule": _l("rule"),
    "sha256": _l("fingerprint"),
    "sign_in_id": _l("session"),
    "snapshot_sha256": _l("fingerprint"),
    "strategy_id": _l("strategy"),
    "text_id": _l("text of a message"),
    "total": _l("total score"),
    "trial_id": _l("test of a text"),
    "verdict": _l("judgement"),
    "year": _l("year"),
}
"""Words for the fields of payloads; a field without any is shown by its own name."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of a payload: its words, and its value as a template can format it."""

    label: Msg | str
    value: Any

    @property
    def look(self) -> str:
        """How to format the value: a moment, a day, an amount, or a text."""
        looks: tuple[tuple[type, str], ...] = ((datetime, "moment"), (date, "day"), (Decimal, "amount"))
        return next((look for kind, look in looks if isinstance(self.value, kind)), "text")


def names_in(rows: Iterable[EventRow]) -> set[Named]:
    """Return every row that the events speak of: subjects, actors, and the ids in their payloads."""
    found: set[Named] = set()
    for row in rows:
        found.add((row.subject, row.subject_id))
        if row.actor_id is not None:
            found.add(("person", row.actor_id))
        found.update(_named(row.payload))
    return found


def facts_of(row: EventRow, names: Mapping[Named, str]) -> Iterator[Fact]:
    """Yield what a payload says beyond its own subject, in words; what is empty is left out."""
    for key, value in row.payload.items():
        if value in (None, "") or key == f"{row.subject}_id":
            continue
        label = FIELDS.get(key, key.replace("_", " "))
        if key.endswith("_id") and isinstance(value, int):
            yield Fact(label, names.get((_table(key, row.payload), value), value))
        else:
            yield Fact(label, _typed(key, value))


def _named(payload: Mapping[str, Any]) -> Iterator[Named]:
    for key, value in payload.items():
        if key.endswith("_id") and isinstance(value, int):
            yield _table(key, payload), value


def _table(key: str, payload: Mapping[str, Any]) -> str:
    return str(payload.get("kind", "")) if key == "row_id" else key.removesuffix("_id")


def _typed(key: str, value: Any) -> Any:
    """Return the value that a payload's exact string stands for; the string itself where it is none."""
    try:
        if key == "amount" or key.endswith("_amount"):
            return Decimal(value)
        if key.endswith("_at"):
            return datetime.fromisoformat(value)
        if key.endswith("_on") and key != "is_on":
            return date.fromisoformat(value)
    except (ArithmeticError, TypeError, ValueError):
        return value
    if isinstance(value, bool):
        return _l("yes") if value else _l("no")
    return value
