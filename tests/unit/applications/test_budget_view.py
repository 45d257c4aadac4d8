"""Who reads which costs: another organisation's staff costs are one total, for everybody but the lead partner and staff."""

from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace

import pytest

from portal.applications.budget_view import Viewer, per_partner, viewer_of, visible_lines, wages_of
from portal.calls.catalogue import load_programmes
from portal.core.actor import Actor, Mandate, Right, Role

LEAD, BREM, VENNEN, ELSEWHERE = 1, 2, 3, 4
APPLICATION = SimpleNamespace(
    promotor_id=LEAD, parts=[SimpleNamespace(organisation_id=number) for number in (LEAD, BREM, VENNEN)]
)


@dataclass
class Cost:
    organisation_id: int
    category: str
    amount: Decimal
    year: int = 2023
    quantity: Decimal = Decimal(1)
    explanation: str = "Waarom."

    @property
    def unit_price_amount(self):
        return self.amount


WAGES = frozenset({"staff"})
LINES = [
    Cost(LEAD, "staff", Decimal(100)),
    Cost(BREM, "staff", Decimal(20), 2023),
    Cost(BREM, "operating", Decimal(3)),
    Cost(BREM, "staff", Decimal(40), 2024),
]


def an_actor(*roles, organisation=None, right=Right.READER):
    mandates = (Mandate(organisation, right),) if organisation else ()
    return Actor(person_id=1, roles=frozenset(roles), mandates=mandates)


@pytest.mark.parametrize(
    ("actor", "sees_all"),
    [
        (an_actor(organisation=LEAD), True),
        (an_actor(organisation=BREM, right=Right.LEAD), False),
        (an_actor(Role.CASE_OFFICER), True),
        (an_actor(Role.REVIEWER), True),
        (an_actor(Role.AUDITOR), True),
        (an_actor(Role.ADMINISTRATOR), False),
        (an_actor(Role.CASE_OFFICER, organisation=ELSEWHERE), True),
        (an_actor(Role.CASE_OFFICER, organisation=BREM), False),
        (an_actor(Role.REVIEWER, organisation=VENNEN), False),
        (an_actor(organisation=ELSEWHERE), False),
    ],
)
def test_the_lead_partner_and_staff_without_a_part_read_all(actor, sees_all):
    assert viewer_of(actor, APPLICATION).sees_all is sees_all


def test_a_partner_reads_its_own_lines_and_one_total_of_each_others_staff_costs():
    shown = visible_lines(LINES, Viewer(sees_all=False, organisation_ids=frozenset({LEAD})), WAGES)
    assert [(each.organisation_id, each.category, each.amount, each.is_total) for each in shown] == [
        (LEAD, "staff", Decimal(100), False),
        (BREM, "operating", Decimal(3), False),
        (BREM, "staff", Decimal(60), True),
    ]
    total = shown[-1]
    assert (total.year, total.quantity, total.unit_price_amount, total.explanation) == (None, None, None, "")
    assert [each.position for each in shown] == [1, 3, None]


def test_the_totals_are_the_same_for_everybody_and_no_year_gives_a_hidden_line_away():
    for viewer in (Viewer(sees_all=True), Viewer(sees_all=False)):
        budgets = {
            each.organisation_id: each
            for each in per_partner((LEAD, BREM, VENNEN), visible_lines(LINES, viewer, WAGES))
        }
        assert [budgets[number].amount for number in (LEAD, BREM, VENNEN)] == [100, 63, 0]
        assert budgets[BREM].of("staff") == 60
    assert budgets[BREM].years == [2023]  # of the operating costs alone
    assert budgets[BREM].of("staff", 2023) == 0
    assert budgets[BREM].has_totals_only
    assert budgets[BREM].is_total_only("staff")
    assert not budgets[BREM].is_total_only("operating")


def test_the_call_says_which_categories_hold_wages():
    categories = [
        SimpleNamespace(code=code, is_wages=code == "operating") for code in ("staff", "operating", "hardware")
    ]
    terms = SimpleNamespace(cost_categories=categories)
    wages = wages_of(SimpleNamespace(round=SimpleNamespace(terms=terms)))
    assert wages == {"operating"}
    shown = visible_lines(LINES, Viewer(sees_all=False), wages)
    assert [(each.category, each.is_total) for each in shown] == [
        ("staff", False),
        ("staff", False),
        ("staff", False),
        ("operating", True),
    ]


def test_every_call_of_the_plan_hides_wages_and_nothing_else():
    for programme in load_programmes():
        for call in programme.calls:
            assert [each.code for each in call.definition.cost_categories if each.is_wages] == ["staff"]
