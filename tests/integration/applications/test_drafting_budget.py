"""Costs are lines of a partner, a category and a year; what is no amount is refused."""

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.applications.commands.budget import Cost, add_line, remove_line, save_line
from portal.applications.models import UnsentText
from portal.applications.queries import get_application
from portal.calls.queries import terms_of
from portal.core.db import db
from portal.core.errors import NotFound, RuleViolation, StaleVersion
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications import given_draft
from tests.world.partnerships import given_partnership


def a_cost(draft, **changes):
    category = terms_of(draft.round).cost_categories[0].code
    return replace(Cost(draft.promotor_id, category, 2023, Decimal(2), Decimal("1250.50")), **changes)


def test_a_line_is_added_changed_and_removed(inside):
    draft = given_draft()
    line = add_line(ctx_for(), draft, a_cost(draft))
    save_line(ctx_for(), draft, line.id, a_cost(draft, quantity=Decimal(3)), line.version)
    assert [each.quantity for each in get_application(draft.reference, lock=True).lines] == [Decimal("3.00")]
    remove_line(ctx_for(), draft, line.id)
    assert get_application(draft.reference, lock=True).lines == []


@pytest.mark.parametrize("amount", ["-1", "1e99", "NaN", "Infinity"])
def test_what_is_no_price_is_refused(inside, amount):
    draft = given_draft()
    with pytest.raises(RuleViolation) as refused:
        add_line(ctx_for(), draft, a_cost(draft, unit_price_amount=Decimal(amount)))
    assert refused.value.codes == ["price-unfit"]


def test_a_forged_partner_category_year_or_line_is_refused(inside):
    draft = given_draft()
    with pytest.raises(RuleViolation) as refused:
        add_line(ctx_for(), draft, a_cost(draft, organisation_id=0, category="x", year=9999))
    assert refused.value.codes == ["not-a-partner", "category-unknown", "year-outside-programme"]
    with pytest.raises(NotFound):
        remove_line(ctx_for(), draft, 0)


def test_the_budget_stands_still_after_the_deadline_and_what_was_typed_is_kept_for_its_author(inside):
    author = given_person("Eva Claes")
    draft = given_draft(given_partnership(given_organisation(author)))
    line = add_line(ctx_for(author, "2022-07-29T12:00"), draft, a_cost(draft))
    db.session.commit()
    reference, number, version = draft.reference, line.id, line.version
    late, cost = ctx_for(author, "2022-07-29T12:00:00.000001"), a_cost(draft, explanation="Twee laptops.")
    for command, line_and_version in ((add_line, ()), (save_line, (number, version))):
        draft = get_application(reference, lock=True)
        with pytest.raises(RuleViolation) as refused:
            command(late, draft, *line_and_version[:1], cost, *line_and_version[1:])
        assert refused.value.codes == ["round-closed"]
    draft = get_application(reference, lock=True)
    kept = db.session.scalars(sa.select(UnsentText)).all()
    assert [(each.section_code, each.person_id) for each in kept] == [("budget", late.actor.person_id)] * 2
    assert kept[0].answers["explanation"] == "Twee laptops."
    assert kept[0].answers["unit_price_amount"] == "1250.50"
    assert [each.explanation for each in draft.lines] == [""]


def test_two_who_change_one_line_at_once_do_not_overwrite_each_other(inside):
    draft = given_draft()
    line = add_line(ctx_for(), draft, a_cost(draft))
    opened = line.version
    save_line(ctx_for(), draft, line.id, a_cost(draft, quantity=Decimal(3)), opened)
    with pytest.raises(StaleVersion):
        save_line(ctx_for(), draft, line.id, a_cost(draft, quantity=Decimal(9)), opened)
    assert line.quantity == Decimal(3)
    save_line(ctx_for(), draft, line.id, a_cost(draft, quantity=Decimal(9)), line.version)
    assert line.quantity == Decimal(9)
