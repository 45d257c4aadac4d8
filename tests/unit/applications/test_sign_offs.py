"""Sign-off: which facts are confirmed, what changes their digest, and who still has to sign."""

from dataclasses import replace
from decimal import Decimal

import pytest

from portal.applications.checklist import problems_before_submission
from portal.applications.dossier import Line
from portal.applications.sign_offs import digest_of, facts_of, missing_sign_offs, problems_with_sign_offs
from portal.applications.states import VatStatus
from tests.world.dossiers import EXECUTION, PARTNER, asked, dossier, part

BREM = part(PARTNER, name="De Brem", role="core", recoverable_percent=Decimal(40), declarations=frozenset({"b", "a"}))


def cost(amount="100", category="staff", year=2023, organisation_id=PARTNER, explanation="Een digihelper."):
    return Line(organisation_id, category, year, Decimal(1), Decimal(amount), explanation)


def of(mode="funded", parts=None, **facts):
    terms = replace(EXECUTION.definition, sign_off=mode)
    return replace(dossier(parts=parts or (part(), BREM), **facts), terms=terms)


def names(found):
    return [each.name for each in missing_sign_offs(found)]


def test_what_is_confirmed_is_the_part_and_its_costs_per_category_and_year():
    lines = [
        cost("10"),
        cost("5.005"),
        cost("7", year=2024),
        cost("3", category="external"),
        cost("9", organisation_id=1),
    ]
    assert facts_of(BREM, lines) == {
        "role": "core",
        "task": "Leidt het project.",
        "receives_funds": True,
        "vat_status": "liable",
        "recoverable_percent": "40.00",
        "earlier_aid": {},
        "earlier_aid_amount": "0.00",
        "declarations": ["a", "b"],
        "costs": [["external", 2023, "3.00"], ["staff", 2023, "15.01"], ["staff", 2024, "7.00"]],
        "costs_amount": "25.01",
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"role": "network"},
        {"task": "Leidt op."},
        {"receives_funds": False},
        {"vat_status": VatStatus.EXEMPT},
        {"recoverable_percent": Decimal("40.01")},
        {"earlier_aid_amount": None},
        {"earlier_aid": {2021: Decimal(1)}},
        {"declarations": frozenset({"a"})},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_each_fact_of_the_part_changes_the_digest(changed):
    lines = [cost()]
    assert digest_of(facts_of(replace(BREM, **changed), lines)) != digest_of(facts_of(BREM, lines))


@pytest.mark.parametrize(
    "lines", [[cost("100.01")], [cost(year=2024)], [cost(category="external")], [cost(), cost("0.01")], []]
)
def test_an_amount_moved_added_or_taken_out_changes_the_digest(lines):
    assert digest_of(facts_of(BREM, lines)) != digest_of(facts_of(BREM, [cost()]))


def test_another_partners_costs_explanations_and_the_order_change_nothing():
    before = digest_of(facts_of(BREM, [cost("40"), cost("60")]))
    assert digest_of(facts_of(BREM, [cost("60"), cost("40", explanation="Anders."), cost(organisation_id=1)])) == before
    assert digest_of(facts_of(replace(BREM, recoverable_percent=Decimal("40.00")), [cost("100")])) == before


def test_the_call_says_who_signs_and_the_lead_partner_never_does():
    network = part(3, name="De Vennen", role="network", receives_funds=False)
    parts = (part(), BREM, network)
    assert names(of("funded", parts)) == ["De Brem"]
    assert names(of("all", parts)) == ["De Brem", "De Vennen"]
    assert names(of("none", parts)) == []


def test_a_sign_off_holds_while_what_was_signed_still_stands():
    lines = (cost(),)
    signed = {PARTNER: digest_of(facts_of(BREM, lines))}
    assert names(of(lines=lines, signed=signed)) == []
    assert names(of(lines=(cost("100.01"),), signed=signed)) == ["De Brem"]
    assert names(of(lines=lines, signed={PARTNER: "0" * 64})) == ["De Brem"]


def test_a_missing_sign_off_blocks_the_submission_by_name():
    (problem,) = problems_with_sign_offs(of())
    assert (problem.code, problem.message.params) == ("sign-off-missing", {"organisation": "De Brem"})
    assert "sign-off-missing" in [each.code for each in problems_before_submission(of(), asked())]
    assert "sign-off-missing" not in [each.code for each in problems_before_submission(of("none"), asked())]
