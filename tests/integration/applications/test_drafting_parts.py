"""A partner's part keeps its version, and refuses what is no amount or percentage."""

from decimal import Decimal

import pytest

from portal.applications.commands.parts import PartAnswers, save_part
from portal.applications.states import VatStatus
from portal.core.errors import NotFound, RuleViolation, StaleVersion
from tests.world.accounts import ctx_for
from tests.world.applications import given_draft

MIXED = PartAnswers("Coördinatie", True, VatStatus.MIXED, Decimal("40.00"), Decimal("12500.00"))


def test_a_part_is_saved_once_per_version(inside):
    draft = given_draft()
    part = save_part(ctx_for(), draft, draft.promotor_id, MIXED, 1)
    assert (part.version, part.vat_status, part.earlier_aid_amount) == (2, VatStatus.MIXED, Decimal("12500.00"))
    with pytest.raises(StaleVersion):
        save_part(ctx_for(), draft, draft.promotor_id, PartAnswers(), 1)
    assert part.task == "Coördinatie"


@pytest.mark.parametrize("amount", ["-1", "NaN", "1e99"])
def test_what_is_no_amount_is_refused(inside, amount):
    draft = given_draft()
    wrong = PartAnswers(recoverable_percent=Decimal(amount), earlier_aid_amount=Decimal(amount))
    with pytest.raises(RuleViolation) as refused:
        save_part(ctx_for(), draft, draft.promotor_id, wrong, 1)
    assert refused.value.codes == ["percent-unfit", "amount-unfit"]


def test_an_organisation_without_a_part_is_not_found(inside):
    with pytest.raises(NotFound):
        save_part(ctx_for(), given_draft(), 0, MIXED, 1)
