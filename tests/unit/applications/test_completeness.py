"""What a whole application still lacks, beside the rules: each partner answers for itself."""

from dataclasses import replace

from portal.applications.completeness import problems_with_completeness
from portal.calls.form_definitions import Option, Question, QuestionKind
from portal.core.text import Text
from tests.world.dossiers import EXECUTION, PARTNER, dossier, part

WORDS = Text("Wij verklaren dit.", "We declare this.")
OPTIONS = (Option("no_arrears", WORDS), Option("aid_complete", WORDS))
OWN = Question("own_declarations", QuestionKind.DECLARATIONS, WORDS, options=OPTIONS, per_partner="funded")
FIRST = EXECUTION.form.sections[0]
ASKS = replace(EXECUTION.form, sections=(replace(FIRST, questions=(OWN,)), *EXECUTION.form.sections[1:]))


def lacking(*parts):
    found = problems_with_completeness(dossier(form=ASKS, parts=parts))
    return [str(each.message) for each in found if each.field == OWN.key]


def test_each_funded_partner_declares_all_that_the_form_asks_it():
    everything = frozenset({"no_arrears", "aid_complete"})
    whole, half = part(declarations=everything), part(PARTNER, declarations=frozenset({"no_arrears"}))
    assert lacking(whole) == []
    assert len(lacking(whole, half)) == 1
    assert lacking(whole, replace(half, declarations=everything)) == []
    assert lacking(whole, replace(half, receives_funds=False)) == []


def test_what_the_lead_partner_declares_for_all_is_left_to_the_submission():
    asked = {each.field for each in problems_with_completeness(dossier())}
    assert "declarations" not in asked
    assert "earlier_aid" not in asked  # the one partner of this dossier filled it in
