"""The matrix is the portal: every policy stands in it, and answers every persona as it says."""

from importlib import import_module
from pathlib import Path

import pytest

from portal.core.policy import all_policies
from tests.permissions.matrix import MATRIX, PERSONAS, subject_of

for path in sorted(Path(__file__).parents[2].glob("portal/*/policies.py")):
    import_module(f"portal.{path.parent.name}.policies")

HEADER, *ROWS = [line.split() for line in MATRIX.strip().splitlines()]
OF_TESTS = "lamp."  # the routing tests bring their own


def answer(policy, actor, subject):
    if actor.is_anonymous and not policy.is_public:
        return "."
    if not policy.sees(actor, subject):
        return "."
    return "+" if policy.may(actor, subject) else "-"


def test_the_table_names_every_policy_and_every_persona():
    assert list(PERSONAS) == HEADER
    declared = sorted(name for name in all_policies() if not name.startswith(OF_TESTS))
    assert [row[0] for row in ROWS] == declared


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_policy_answers_as_the_table_says(row):
    name, *expected = row
    policy, subject = all_policies()[name], subject_of(name)
    found = [answer(policy, PERSONAS[persona], subject) for persona in HEADER]
    assert dict(zip(HEADER, found, strict=True)) == dict(zip(HEADER, expected, strict=True))


def test_an_administrator_is_no_superuser():
    admin = PERSONAS["admin"]
    for name in ("claim.judge", "strategy.judge", "application.edit", "application.submit", "admissibility.judge"):
        assert answer(all_policies()[name], admin, subject_of(name)) != "+", name


def test_an_auditor_changes_nothing():
    writing = (
        "write",
        "judge",
        "manage",
        "steer",
        "draft",
        "retry",
        "grant",
        "edit",
        "submit",
        "withdraw",
        "end-",
        "hand-in",
        "turn",
    )
    for row in ROWS:
        if any(word in row[0] for word in writing):
            assert dict(zip(HEADER, row[1:], strict=True))["auditor"] != "+", row[0]
