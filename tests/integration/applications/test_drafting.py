"""A draft begins once per partnership and round; every save is a version, and a late text is kept apart."""

import pytest
import sqlalchemy as sa

from portal.applications.commands.save_section import save_section
from portal.applications.commands.start import start_application
from portal.applications.models import UnsentText
from portal.applications.queries import complete, get_application, get_section_to_write, list_revisions
from portal.calls.form_definitions import QuestionKind
from portal.calls.queries import form_of, get_round
from portal.core.db import db
from portal.core.errors import Forbidden, NotFound, RuleViolation, StaleVersion
from portal.partnerships.queries import get_partnership
from portal.places.commands import load_places
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications import given_draft, given_round
from tests.world.applications_models import given_complete_draft
from tests.world.partnerships import given_partnership, given_recognised_strategy


def long_question(draft):
    """The first section that asks a long text, and that question's key."""
    for section in form_of(draft.round).sections:
        for question in section.questions:
            if question.kind is QuestionKind.LONG_TEXT:
                return section.code, question.key
    raise LookupError


def test_a_draft_has_a_reference_the_forms_sections_and_a_part_per_partner(inside):
    draft = given_draft()
    assert draft.reference == f"DB-{draft.round.code}-0001"
    assert [each.code for each in draft.sections] == [each.code for each in form_of(draft.round).sections]
    assert [each.organisation_id for each in draft.parts] == [draft.promotor_id]


def test_a_partnership_applies_once_in_a_round(inside):
    draft = given_draft()
    with pytest.raises(RuleViolation) as refused:
        start_application(ctx_for(), get_round(draft.round.code), get_partnership(draft.partnership_id))
    assert refused.value.codes == ["application-exists"]


def test_an_organisation_leads_one_application_in_a_round_and_takes_part_in_several(inside):
    organisation, other = given_organisation(), given_organisation()
    round_ = given_draft(given_partnership(organisation)).round
    with pytest.raises(RuleViolation) as refused:
        start_application(ctx_for(), round_, given_partnership(organisation, name="Digibank Leie"))
    assert refused.value.codes == ["promotor-applies-already"]
    led_by_another = given_partnership(other, partners=[organisation], name="Digibank Leie")
    draft = start_application(ctx_for(), round_, led_by_another)
    assert [each.organisation_id for each in draft.parts] == [other.id, organisation.id]


def test_an_execution_begins_from_the_partnerships_strategy_and_its_area(inside):
    load_places(ctx_for())
    partnership = given_partnership(area=["13001", "13014"])
    strategy = given_recognised_strategy(partnership)
    draft = given_draft(get_partnership(partnership.id))
    answers = {key: value for section in draft.sections for key, value in section.answers.items()}
    carried = {each.key: each.carry_from for each in form_of(draft.round).questions if each.carry_from}
    topics = {key: source.removeprefix("strategy.") for key, source in carried.items() if source[:8] == "strategy"}
    assert draft.strategy_id == strategy.id
    assert len(topics) == 7
    assert {key: answers[key] for key in topics} == {key: strategy.topics[topic] for key, topic in topics.items()}
    assert sorted(answers["service_area"]) == ["13001", "13014"]


def test_without_a_strategy_a_draft_begins_empty(inside):
    draft = given_draft()
    assert (draft.strategy_id, [each.answers for each in draft.sections if each.answers]) == (None, [])


def test_a_whole_application_costs_the_same_with_one_part_and_with_ten(inside, count_statements):
    def cost(reference):
        db.session.expunge_all()
        with count_statements() as sent:
            parts = len(get_application(reference).parts)
        return parts, len(sent)

    one = given_draft()
    partnership = given_partnership(partners=[given_organisation() for _ in range(9)], name="Digibank Leie")
    ten = start_application(ctx_for(), get_round(one.round.code), get_partnership(partnership.id))
    db.session.commit()
    assert cost(one.reference)[0] == 1
    assert cost(ten.reference) == (10, cost(one.reference)[1])


def test_a_whole_application_can_be_read_on_after_a_rollback(inside):
    reference = given_complete_draft().reference
    db.session.commit()
    db.session.expunge_all()
    for load in (get_application, lambda ref: get_section_to_write(ref, "B4").application):
        application = load(reference)
        db.session.rollback()  # as after every refusal; the page is then shown again
        complete(application)
        assert all(each.saved_by is None for each in application.sections)
        assert all(each.organisation.name for each in (*application.parts, *application.partnership.partners))
        assert {each.organisation.name for each in application.lines} == {application.promotor.name}
        assert all(each.file.name for each in application.attachments)
        assert application.attachments
        assert application.sign_offs == []
        assert application.round.call.programme.code
        db.session.expunge_all()


def test_only_who_writes_for_the_lead_partner_begins(inside):
    lead = given_person("Eva Claes")
    round_ = given_round()
    partnership = given_partnership(given_organisation(lead))
    with pytest.raises(Forbidden):
        start_application(ctx_for(given_person("An Maes")), round_, partnership)
    assert start_application(ctx_for(lead), round_, partnership).number == 1


def test_the_deadline_counts_to_the_microsecond(inside):
    round_, partnership = given_round(), given_partnership()
    with pytest.raises(RuleViolation) as refused:
        start_application(ctx_for(at="2022-07-29T12:00:00.000001"), round_, partnership)
    assert refused.value.codes == ["round-closed"]
    assert start_application(ctx_for(at="2022-07-29T12:00"), round_, partnership).number == 1


def test_a_stale_save_is_refused_and_every_version_is_kept(inside):
    draft = given_draft()
    code, key = long_question(draft)
    section = save_section(ctx_for(), draft, code, {key: "Eerste."}, 0)
    with pytest.raises(StaleVersion):
        save_section(ctx_for(), draft, code, {key: "Tegelijk."}, 0)
    save_section(ctx_for(), draft, code, {key: "Tweede."}, 1)
    assert [each.answers[key] for each in list_revisions(section.id)] == ["Eerste.", "Tweede."]


def test_a_forged_key_or_code_is_refused(inside):
    draft = given_draft()
    code, _ = long_question(draft)
    with pytest.raises(RuleViolation) as refused:
        save_section(ctx_for(), draft, code, {"no_such_question": "x"}, 0)
    assert refused.value.codes == ["question-unknown"]
    with pytest.raises(NotFound):
        save_section(ctx_for(), draft, "Z9", {}, 0)


def test_a_text_after_the_deadline_is_kept_for_its_author_and_stays_out(inside):
    author = given_person("Eva Claes")
    draft = given_draft(given_partnership(given_organisation(author)))
    code, key = long_question(draft)
    reference = draft.reference
    late = ctx_for(author, "2022-07-29T12:00:00.000001")
    with pytest.raises(RuleViolation) as refused:
        save_section(late, draft, code, {key: "Te laat."}, 0)
    assert refused.value.codes == ["round-closed"]
    kept = db.session.scalars(sa.select(UnsentText)).one()
    assert (kept.person_id, kept.answers) == (late.actor.person_id, {key: "Te laat."})
    section = next(each for each in get_application(reference).sections if each.code == code)
    assert key not in section.answers


def test_what_could_never_be_stored_is_kept_too_when_it_comes_late(inside):
    author = given_person("Eva Claes")
    draft = given_draft(given_partnership(given_organisation(author)))
    code, key = long_question(draft)
    late = ctx_for(author, "2022-07-29T12:00:00.000001")
    with pytest.raises(RuleViolation) as refused:
        save_section(late, draft, code, {key: "nul\x00 half \ud83d", "forged": [{"rank": 1, "list": ["\x00"]}]}, 0)
    assert refused.value.codes == ["round-closed"]
    kept = db.session.scalars(sa.select(UnsentText)).one()
    assert kept.answers == {key: "nul\ufffd half \ufffd", "forged": [{"rank": 1, "list": ["\ufffd"]}]}


def test_a_municipality_must_exist(inside):
    draft = given_draft()
    form = form_of(draft.round)
    code = next(each.code for each in form.sections for q in each.questions if q.kind is QuestionKind.MUNICIPALITIES)
    key = next(each.key for each in form.questions if each.kind is QuestionKind.MUNICIPALITIES)
    with pytest.raises(RuleViolation) as refused:
        save_section(ctx_for(), draft, code, {key: ["99999"]}, 0)
    assert refused.value.codes == ["answer-unfit"]
    load_places(ctx_for())
    assert save_section(ctx_for(), draft, code, {key: ["13001"]}, 0).answers[key] == ["13001"]
