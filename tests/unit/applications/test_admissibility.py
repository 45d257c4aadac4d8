"""Each admissibility rule's machine half: what just passes beside what just fails."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from portal.applications.admissibility import WARNINGS, aid_counts_from, aid_of, ceiling_on
from portal.applications.checklist import Machine, check_rule, problems_before_submission, rule_states
from portal.applications.states import VatStatus
from portal.calls.rules import last_day
from portal.core.actor import Right
from portal.partnerships.states import StrategyState
from tests.world.dossiers import CALLS, PARTNER, PROMOTOR, asked, dossier, lead, line, part
from tests.world.time import moment


def codes(subject, code, moment_asked=None):
    rule = next(each for each in subject.terms.rules if each.code == code)
    return [found.code for found in check_rule(subject, rule, moment_asked or asked())]


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("2022-07-29T11:59:59.999999", []),
        ("2022-07-29T12:00:00", []),
        ("2022-07-29T12:00:00.000001", ["round-closed"]),
    ],
)
def test_ov_01_counts_to_the_microsecond(at, found):
    assert codes(dossier(), "OV-01", asked(moment(at))) == found


@pytest.mark.parametrize(
    ("actor", "found"),
    [
        (lead(), []),
        (lead(right=Right.STAFF), ["not-a-signer"]),
        (lead(organisation=PARTNER), ["not-a-signer"]),
        (lead(is_frozen=True), ["right-frozen"]),
    ],
)
def test_ov_02_asks_the_right_to_bind_the_lead_partner(actor, found):
    assert codes(dossier(), "OV-02", asked(actor=actor)) == found


@pytest.mark.parametrize(
    ("number", "is_funded", "found"),
    [
        ("1999000249", True, []),
        ("1999000248", True, ["enterprise-number-wrong"]),
        ("1999000248", False, []),  # a network partner's number is not asked
    ],
)
def test_ov_03_checks_the_digits_of_every_funded_partner(number, is_funded, found):
    other = part(PARTNER, enterprise_number=number, receives_funds=is_funded)
    assert codes(dossier(parts=(part(), other)), "OV-03") == found


@pytest.mark.parametrize(
    ("costs", "income", "found"),
    [
        ("500000.00", None, []),
        ("500000.01", None, ["grant-above-cap"]),
        ("500000.01", "0.01", []),
        ("100.00", "100.00", ["nothing-requested"]),
    ],
)
def test_ov_04_refuses_one_cent_above_the_cap(costs, income, found):
    answers = {"other_income": [{"source": "Deelnamegeld", "amount": income}]} if income else {}
    assert codes(dossier(lines=(line(costs),), answers=answers), "OV-04") == found


def test_ov_04_the_lowest_grant_is_not_above_the_request():
    lines = (line("90000.00"),)
    assert codes(dossier(lines=lines, answers={"lowest_grant": "90000.00"}), "OV-04") == []
    assert codes(dossier(lines=lines, answers={"lowest_grant": "90000.01"}), "OV-04") == ["lowest-grant-above-request"]


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2023-01-01", "2024-12-31", []),
        ("2023-01-01", "2024-12-30", ["period-too-short"]),
        ("2022-10-22", "2024-10-21", []),
        ("2022-10-21", "2024-10-21", ["start-too-early"]),
        ("2023-01-02", "2025-01-01", ["end-too-late"]),
        ("2023-01-01", "2022-12-31", ["period-reversed"]),
        ("2023-01-01", "", ["period-missing"]),
    ],
)
def test_ov_05_counts_both_days_of_an_execution(start, end, found):
    answers = {"project_starts_on": start, "project_ends_on": end}
    assert codes(dossier(answers=answers), "OV-05") == found


@pytest.mark.parametrize(("end", "found"), [("2023-02-28", []), ("2023-03-01", ["period-too-long"])])
def test_ov_05_a_formation_lasts_four_months_at_most(end, found):
    answers = {"project_starts_on": "2022-11-01", "project_ends_on": end}
    assert codes(dossier(CALLS["formation"], answers=answers), "OV-05") == found


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2022, 2, 1), 4, date(2022, 5, 31)),
        (date(2023, 1, 1), 24, date(2024, 12, 31)),
        (date(2022, 10, 31), 4, date(2023, 2, 27)),
    ],
)
def test_a_period_of_months_ends_the_day_before(start, months, end):
    assert last_day(start, months) == end


def test_ov_06_asks_a_text_for_each_objective():
    texts = {"lending_service": "Wij lenen uit.", "training": "Wij geven les.", "guidance": "Wij begeleiden."}
    assert codes(dossier(answers=texts), "OV-06") == []
    assert codes(dossier(answers={**texts, "training": "  "}), "OV-06") == ["objective-missing"]


@pytest.mark.parametrize(("code", "kind"), [("OV-07", "cooperation_agreement"), ("OV-11", "dnsh_analysis")])
def test_ov_07_and_ov_11_ask_one_document(code, kind):
    assert codes(dossier(), code) == ["document-missing"]
    assert codes(dossier(documents={(kind, None): ["bewijs.pdf"]}), code) == []


@pytest.mark.parametrize(
    ("status", "found"),
    [(VatStatus.LIABLE, []), (VatStatus.EXEMPT, ["document-missing"]), (VatStatus.MIXED, ["document-missing"])],
)
def test_ov_08_asks_proof_of_exempt_and_mixed_partners_only(status, found):
    subject = dossier(parts=(part(vat_status=status),))
    assert codes(subject, "OV-08") == found
    assert codes(replace(subject, documents={("vat_proof", PROMOTOR): ["bewijs.pdf"]}), "OV-08") == []


@pytest.mark.parametrize(
    ("earlier", "due", "found", "warned"),
    [
        ("349999.99", date(2022, 10, 21), [], []),
        ("350000.00", date(2022, 10, 21), [], ["de-minimis-near"]),  # 90 %
        ("400000.00", date(2022, 10, 21), [], ["de-minimis-near"]),
        ("400000.01", date(2022, 10, 21), ["de-minimis-exceeded"], []),
        ("400000.01", date(2023, 12, 31), ["de-minimis-exceeded"], []),
        ("400000.01", date(2024, 1, 1), [], []),
        ("650000.01", date(2024, 1, 1), ["de-minimis-exceeded"], []),
    ],
)
def test_ov_09_keeps_each_partner_under_the_ceiling_of_the_decision_date(earlier, due, found, warned):
    subject = dossier(
        parts=(part(earlier_aid_amount=Decimal(earlier)),),
        decided_on=due,
        documents={("de_minimis_declaration", PROMOTOR): ["bewijs.pdf"]},
    )
    assert codes(subject, "OV-09") == found
    rule = next(each for each in subject.terms.rules if each.code == "OV-09")
    assert [each.code for each in WARNINGS["de_minimis"](subject, rule, asked())] == warned


@pytest.mark.parametrize(
    ("declared", "awarded", "counted"),
    [
        ("0.00", "15000.00", "115000.00"),  # filled in: it cannot be left out
        ("20000.00", "15000.00", "120000.00"),  # declared with it: not counted twice
        (None, "15000.00", "115000.00"),
        (None, "0.00", "100000.00"),
    ],
)
def test_ov_09_what_the_portal_awarded_is_the_floor_of_the_declared_aid(declared, awarded, counted):
    earlier = None if declared is None else Decimal(declared)
    mine = part(earlier_aid_amount=earlier, portal_aid_amount=Decimal(awarded))
    assert aid_of(dossier(parts=(mine,)), mine) == Decimal(counted)


def test_ov_09_blocks_when_the_portals_own_award_fills_the_ceiling():
    awarded = part(portal_aid_amount=Decimal("400000.01"))
    papers = {("de_minimis_declaration", PROMOTOR): ["bewijs.pdf"]}
    assert codes(dossier(parts=(awarded,), documents=papers), "OV-09") == ["de-minimis-exceeded"]
    assert (
        codes(dossier(parts=(replace(awarded, portal_aid_amount=Decimal("400000.00")),), documents=papers), "OV-09")
        == []
    )


@pytest.mark.parametrize(
    ("decided_on", "first"),
    [
        (date(2022, 10, 21), date(2020, 1, 1)),
        (date(2023, 12, 31), date(2021, 1, 1)),
        (date(2024, 1, 1), date(2021, 1, 2)),
        (date(2024, 6, 14), date(2021, 6, 15)),
        (date(2024, 2, 29), date(2021, 3, 1)),
    ],
)
def test_ov_09_counts_fiscal_years_up_to_2023_and_three_rolling_years_after_that(decided_on, first):
    assert aid_counts_from(decided_on) == first


def test_ov_09_asks_the_declaration_of_every_funded_partner():
    parts = (part(), part(PARTNER), part(3, receives_funds=False))
    subject = dossier(parts=parts, documents={("de_minimis_declaration", PROMOTOR): ["bewijs.pdf"]})
    assert codes(subject, "OV-09") == ["document-missing"]
    assert ceiling_on(date(2023, 12, 31)) < ceiling_on(date(2024, 1, 1))


def test_ov_12_asks_a_municipality_and_an_access_point():
    point = [{"name": "Bibliotheek"}]
    assert codes(dossier(answers={"service_area": ["13001"], "access_points": point}), "OV-12") == []
    assert codes(dossier(answers={"service_area": ["21004"], "access_points": point}), "OV-12") == []  # Brussels
    assert codes(dossier(answers={"service_area": ["62063"], "access_points": point}), "OV-12") == ["no-municipality"]
    assert codes(dossier(answers={"service_area": ["13001"]}), "OV-12") == ["no-access-point"]
    assert codes(dossier(CALLS["formation"], answers={"service_area": ["13001"]}), "OV-12") == []


def test_ov_13_warns_and_never_blocks():
    state = next(each for each in rule_states(dossier(), asked()) if each.code == "OV-13")
    assert state.machine is Machine.WARNING
    assert "partnership-narrow" not in [each.code for each in problems_before_submission(dossier(), asked())]
    broad = dossier(parts=(part(), part(2, kind="company"), part(3, kind="company")))
    assert codes(broad, "OV-13") == []


def test_ov_14_is_ticked_in_the_form_or_when_submitting():
    assert codes(dossier(), "OV-14") == ["not-declared"]
    assert codes(dossier(answers={"declarations": ["no_double_funding"]}), "OV-14") == []
    assert codes(dossier(), "OV-14", asked(accepted=frozenset({"no_double_funding"}))) == []


@pytest.mark.parametrize(
    ("state", "found"),
    [
        (None, ["strategy-not-handed-in"]),
        (StrategyState.BEING_FORMED, ["strategy-not-handed-in"]),
        (StrategyState.RETURNED, ["strategy-not-handed-in"]),
        (StrategyState.SUBMITTED, []),
        (StrategyState.RECOGNISED, []),
    ],
)
def test_ov_15_is_satisfied_by_a_strategy_that_is_handed_in(state, found):
    assert codes(dossier(strategy_state=state), "OV-15") == found


def test_a_cost_is_explained_in_thirty_characters():
    def found(text):
        subject = dossier(lines=(line(explanation=text),))
        return [each.code for each in problems_before_submission(subject, asked())]

    assert "explanation-too-short" in found("x" * 29)
    assert "explanation-too-short" not in found("x" * 30)


def test_a_question_that_is_not_shown_is_not_asked():
    def fields(answers):
        return [each.field for each in problems_before_submission(dossier(answers=answers), asked())]

    assert "eu_logo_reason" in fields({"eu_logo": False})
    assert "eu_logo_reason" not in fields({"eu_logo": True})


def test_what_the_checklist_shows_is_what_refuses_the_submission():
    subject = dossier()
    shown = {
        each.code
        for state in rule_states(subject, asked())
        if state.machine is Machine.NOT_MET
        for each in state.problems
    }
    assert shown <= {each.code for each in problems_before_submission(subject, asked())}
