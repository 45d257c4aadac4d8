"""What the portal awarded before: filled in per partner against the ceiling, and a strategy is carried out once."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.accounts.queries import list_leads
from portal.applications.awards import portal_aid_by_year
from portal.applications.commands.parts import PartAnswers, save_part
from portal.applications.commands.submit import submit_application
from portal.applications.dossiers import dossier_of
from portal.applications.models import Application, BudgetLine, PartnerPart
from portal.applications.queries import get_application
from portal.applications.states import AWARDS, State
from portal.calls.models import Round
from portal.core.db import db
from portal.core.errors import RuleViolation
from tests.world.accounts import ctx_for, given_organisation
from tests.world.applications_models import ACCEPTED, given_complete_draft, given_open_round
from tests.world.time import moment

FORMS = {"forms_strategy": True, "needs_strategy": False}
NEEDS = {"forms_strategy": False, "needs_strategy": True}


def given_award(draft, *, amount="15000.00", at="2022-05-20T10:00", programme_of=None, outcome="approved", **call):
    """An award of the same lead partner, in another call of the programme (of ``programme_of``'s where it is given)."""
    round_ = given_open_round(beside=(programme_of or draft).round, **(call or FORMS))
    made = given_complete_draft(draft.promotor, round_=round_, costs="10000.00")
    table = Application.__table__
    mine = table.update().where(table.c.id == made.id)
    db.session.execute(mine.values(state="submitted", submitted_at=moment(at)))
    awarded = Decimal(amount) if outcome in AWARDS else None
    values = {"outcome": outcome, "outcome_at": moment(at), "awarded_amount": awarded}
    db.session.execute(mine.values(state="admissible", **values))
    db.session.commit()
    return made


def joined_by(application, organisation, costs):
    """The organisation takes part in the application, with costs of its own."""
    application.parts.append(PartnerPart(organisation_id=organisation.id, role="core", receives_funds=True))
    amount = Decimal(costs)
    application.lines.append(
        BudgetLine(
            organisation_id=organisation.id, category="staff", year=2023, quantity=Decimal(1), unit_price_amount=amount
        )
    )
    db.session.commit()


def same_partnership(award, draft):
    table = Application.__table__
    db.session.execute(table.update().where(table.c.id == award.id).values(partnership_id=draft.partnership_id))
    db.session.commit()


def aid_of(application):
    parts = dossier_of(get_application(application.reference, lock=True)).parts
    return [str(each.portal_aid_amount) for each in parts]


def submit(application):
    ctx = ctx_for(list_leads([application.promotor_id])[0], "2022-07-29T12:00")
    return submit_application(ctx, get_application(application.reference, lock=True), accepted=ACCEPTED)


def test_each_partner_carries_its_share_of_the_formation_awards_it_took_part_in(inside):
    draft, other = given_complete_draft(), given_organisation()
    award = given_award(draft)
    assert aid_of(draft) == ["15000.00"]
    joined_by(award, other, "5000.00")
    assert aid_of(draft) == ["10000.00"]
    joined_by(draft, other, "0.00")
    assert aid_of(draft) == ["10000.00", "5000.00"]
    given_award(draft, amount="9000.00", outcome="conditional")
    assert aid_of(draft) == ["19000.00", "5000.00"]


@pytest.mark.parametrize(
    "what",
    [
        {"outcome": "refused"},
        {"outcome": "reserve"},
        {"outcome": "declined"},  # the award was there, and was given back
        {"at": "2019-12-31T23:59"},  # the decision is due in 2022: from 1 January 2020 on
        {"forms_strategy": False, "needs_strategy": False},
    ],
)
def test_what_is_no_award_for_forming_a_strategy_of_these_years_is_not_filled_in(inside, what):
    draft = given_complete_draft()
    given_award(draft, **what)
    assert aid_of(draft) == ["0.00"]
    given_award(draft, at="2020-01-01T00:00")
    assert aid_of(draft) == ["15000.00"]


def test_an_award_of_another_programme_is_the_partners_own_to_declare(inside):
    draft = given_complete_draft()
    given_award(draft, programme_of=given_complete_draft())
    assert aid_of(draft) == ["0.00"]
    given_award(draft)
    assert aid_of(draft) == ["15000.00"]


def test_an_award_of_the_portal_is_the_least_that_can_be_declared_of_its_year(inside):
    draft = given_complete_draft()
    given_award(draft, amount="10000.01")

    def declare(year, amount):
        part = get_application(draft.reference, lock=True).parts[0]
        answers = PartAnswers(receives_funds=True, earlier_aid={year: Decimal(amount)})
        save_part(ctx_for(), part.application, part.organisation_id, answers, part.version)

    with pytest.raises(RuleViolation) as refused:
        declare(2022, "10000.00")
    assert refused.value.codes == ["aid-below-award"]
    declare(2022, "10000.01")
    declare(2021, "0.00")
    assert aid_of(draft) == ["10000.01"]  # counted, also where its year is left out


def test_an_award_of_the_portal_cannot_be_left_out_of_the_ceiling(inside):
    draft = given_complete_draft(costs="490000.00")
    given_award(draft, amount="10000.01")
    assert dossier_of(draft).parts[0].earlier_aid_amount == 0
    with pytest.raises(RuleViolation) as refused:
        submit(draft)
    assert refused.value.codes == ["de-minimis-exceeded"]
    within = given_complete_draft(costs="490000.00")
    given_award(within, amount="10000.00")
    submit(within)
    assert get_application(within.reference).state == State.SUBMITTED


def given_draft_after_an_award(*, is_awarded):
    draft = given_complete_draft()
    far = sa.update(Round).where(Round.id == draft.round_id).values(closes_at=moment("2099-01-01T12:00"))
    db.session.execute(far)
    if is_awarded:
        given_award(draft)
    path = f"/applications/{draft.reference}/parts/{draft.promotor_id}"
    return path, list_leads([draft.promotor_id])[0].email


@pytest.mark.parametrize("is_awarded", [True, False])
def test_a_partner_reads_what_the_portal_filled_in(world, visitor, is_awarded):
    path, email = world(given_draft_after_an_award, is_awarded=is_awarded)
    page = visitor.sign_in(email).get(path)
    assert page.status_code == 200
    assert ("15.000,00" in page.text) is is_awarded


def test_the_statements_do_not_grow_with_awards_or_partners(inside, count_statements):
    draft = given_complete_draft()
    given_award(draft)
    with count_statements() as few:
        portal_aid_by_year(draft, draft.round.decision_due_on)
    for _ in range(3):
        joined_by(given_award(draft), given_organisation(), "5000.00")
    with count_statements() as many:
        portal_aid_by_year(draft, draft.round.decision_due_on)
    assert (len(few), len(many)) == (1, 1)


@pytest.mark.parametrize(
    ("call", "outcome", "found"),
    [
        (NEEDS, "approved", ["award-already"]),
        (NEEDS, "conditional", ["award-already"]),
        (NEEDS, "refused", []),
        (FORMS, "approved", []),
    ],
)
def test_a_partnership_that_carries_out_a_strategy_submits_no_other_application(inside, call, outcome, found):
    draft = given_complete_draft()
    same_partnership(given_award(draft, outcome=outcome, **call), draft)
    if not found:
        submit(draft)
        assert db.session.scalar(sa.select(Application.state).where(Application.id == draft.id)) == State.SUBMITTED
        return
    with pytest.raises(RuleViolation) as refused:
        submit(draft)
    assert refused.value.codes == found
