"""A partner's part keeps its version, and refuses what is no amount, percentage or declaration that is asked."""

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.applications.commands.parts import PartAnswers, save_part
from portal.applications.models import UnsentText
from portal.applications.queries import get_application
from portal.applications.states import VatStatus
from portal.calls.form_definitions import Option, Question, QuestionKind
from portal.calls.queries import form_of
from portal.core.db import db
from portal.core.errors import NotFound, RuleViolation, StaleVersion
from portal.core.text import Text
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications import given_draft
from tests.world.partnerships import given_partnership

MIXED = PartAnswers(
    "Coördinatie", True, VatStatus.MIXED, Decimal("40.00"), {2021: Decimal("12500.00"), 2022: Decimal(0)}
)


def test_a_part_is_saved_once_per_version(inside):
    draft = given_draft()
    part = save_part(ctx_for(), draft, draft.promotor_id, MIXED, 1)
    assert (part.version, part.vat_status, part.earlier_aid_amount) == (2, VatStatus.MIXED, Decimal("12500.00"))
    assert part.earlier_aid == {"2021": "12500.00", "2022": "0.00"}
    with pytest.raises(StaleVersion):
        save_part(ctx_for(), draft, draft.promotor_id, PartAnswers(), 1)
    assert part.task == "Coördinatie"


@pytest.mark.parametrize("amount", ["-1", "NaN", "1e99"])
def test_what_is_no_amount_is_refused(inside, amount):
    draft = given_draft()
    wrong = PartAnswers(recoverable_percent=Decimal(amount), earlier_aid={2021: Decimal(amount)})
    with pytest.raises(RuleViolation) as refused:
        save_part(ctx_for(), draft, draft.promotor_id, wrong, 1)
    assert refused.value.codes == ["percent-unfit", "amount-unfit"]


def test_an_organisation_without_a_part_is_not_found(inside):
    with pytest.raises(NotFound):
        save_part(ctx_for(), given_draft(), 0, MIXED, 1)


def given_draft_that_asks(*codes):
    """A draft whose form has each funded partner declare ``codes``."""
    draft = given_draft()
    words = Text("Wij verklaren dit.", "We declare this.")
    options = tuple(Option(code, words) for code in codes)
    question = Question("own_declarations", QuestionKind.DECLARATIONS, words, options=options, per_partner="funded")
    form = form_of(draft.round)
    last = form.sections[-1]
    changed = replace(form, sections=(*form.sections[:-1], replace(last, questions=(*last.questions, question))))
    draft.round.form_version.definition = changed
    db.session.commit()
    return draft


def test_a_partner_declares_only_what_the_form_asks_and_the_moment_of_each_stays(inside):
    draft = given_draft_that_asks("no_arrears", "aid_complete")
    first = replace(MIXED, declarations=frozenset({"no_arrears"}))
    save_part(ctx_for(at="2022-06-20T14:05"), draft, draft.promotor_id, first, 1)
    both = replace(MIXED, declarations=frozenset({"no_arrears", "aid_complete"}))
    part = save_part(ctx_for(at="2022-06-21T09:00"), draft, draft.promotor_id, both, 2)
    assert {code: at[:10] for code, at in part.declarations.items()} == {
        "no_arrears": "2022-06-20",
        "aid_complete": "2022-06-21",
    }
    save_part(ctx_for(), draft, draft.promotor_id, MIXED, 3)
    assert part.declarations == {}
    with pytest.raises(RuleViolation) as refused:
        save_part(ctx_for(), draft, draft.promotor_id, replace(MIXED, declarations=frozenset({"forged"})), 4)
    assert refused.value.codes == ["declaration-unknown"]


def test_answers_after_the_deadline_are_kept_for_their_author_and_stay_out_of_the_part(inside):
    author = given_person("Eva Claes")
    draft = given_draft(given_partnership(given_organisation(author)))
    reference, organisation_id = draft.reference, draft.promotor_id
    with pytest.raises(RuleViolation) as refused:
        save_part(ctx_for(author, "2022-07-29T12:00:00.000001"), draft, organisation_id, MIXED, 1)
    assert refused.value.codes == ["round-closed"]
    kept = db.session.scalars(sa.select(UnsentText)).one()
    assert (kept.section_code, kept.person_id) == (f"part:{organisation_id}", ctx_for(author).actor.person_id)
    assert (kept.answers["task"], kept.answers["aid_2021"]) == ("Coördinatie", "12500.00")
    draft = get_application(reference, lock=True)
    assert draft.parts[0].task == ""
    assert save_part(ctx_for(author, "2022-07-29T12:00"), draft, organisation_id, MIXED, 1).task == "Coördinatie"
