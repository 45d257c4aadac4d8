"""Why a partnership cannot begin an application: asked before the button, and by the command behind it."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from portal.applications.beginning import problems_with_partnership
from tests.world.dossiers import EXECUTION

ROUND = SimpleNamespace(call=SimpleNamespace(programme_id=1))
LEAD = SimpleNamespace(organisation_id=7, organisation=SimpleNamespace(kind="company"))
OURS = SimpleNamespace(id=5, programme_id=1, partners=[LEAD])


def codes(partnership=OURS, promotor_id=7, live=(), **terms):
    found = problems_with_partnership(ROUND, replace(EXECUTION.definition, **terms), partnership, promotor_id, live)
    return [each.code for each in found]


def standing(partnership_id, promotor_id):
    return SimpleNamespace(partnership_id=partnership_id, promotor_id=promotor_id)


def test_a_partnership_begins_where_nothing_stands_in_the_way():
    assert codes() == []
    assert codes(live=[standing(6, 8)]) == []


@pytest.mark.parametrize(
    ("live", "code"), [(standing(5, 7), "application-exists"), (standing(6, 7), "promotor-applies-already")]
)
def test_one_application_a_partnership_and_one_as_lead_partner_in_a_round(live, code):
    assert codes(live=[live]) == [code]


def test_a_call_may_be_for_some_kinds_of_lead_partner_only():
    assert codes(applicant_kinds=("local_government",)) == ["applicant-of-other-kind"]
    assert codes(applicant_kinds=("local_government", "company")) == []


def test_another_programme_and_a_partnership_without_lead_partner_are_refused():
    assert codes(SimpleNamespace(id=5, programme_id=2, partners=[LEAD])) == ["other-programme"]
    assert codes(promotor_id=None) == ["no-promotor"]
