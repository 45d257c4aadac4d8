"""An event's payload holds ids, codes, amounts, times and digests: never a token, an address, a name or a text."""

import typing
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest

from portal.core.events import event_types
from portal.desk.topic_words import TOPICS

ROOT = Path(__file__).parents[2]
ALLOWED = {int, str, bool, Decimal, datetime, date, type(None)}
# What a str may be: a code of ours, a reference or a digest. A name or an address would stay in the log for ever.
CODES = {
    "name", "policy", "role", "right", "rule", "verdict", "state", "kind", "switch", "snapshot_sha256", "sha256", "reference",
    "code", "codes", "cause", "outcome", "section_code", "section", "award_reference", "action", "level", "number", "place",
    "programme", "language", "device_kind", "reason_code", "origin", "category", "nis", "rules", "task",
    "reviews", "identities", "naming", "times", "pdf_sha256", "docx_sha256", "failure", "solver", "choice", "unit",
    "limit", "province",
}  # fmt: skip


def _load():
    for path in [*ROOT.glob("portal/*/events.py"), *ROOT.glob("portal/core/*.py")]:
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


_load()


@pytest.mark.parametrize("topic", sorted(event_types()))
def test_a_payload_outlives_the_person_it_is_about(topic):
    event = event_types()[topic]
    hints = typing.get_type_hints(event)
    names = {field.name for field in fields(event)}
    assert f"{event.subject}_id" in names, "an event names its subject"
    for name in names:
        kinds = set(typing.get_args(hints[name])) or {hints[name]}
        kinds = {kind for kind in kinds if kind is not Ellipsis}
        assert kinds <= ALLOWED, f"{name} is {hints[name]}"
        if str in kinds:
            assert name in CODES, f"{name} may hold a text; keep texts in their own rows"


def test_an_auditor_reads_every_kind_of_event_in_words():
    ours = {topic for topic, event in event_types().items() if event.__module__.startswith("portal.")}
    assert TOPICS.keys() == ours
