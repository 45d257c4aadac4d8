"""More time for one application: who gives it, what follows its own deadline, and how it is told."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.accounts.queries import list_leads
from portal.applications.admissibility import Asked
from portal.applications.checklist import Machine, rule_states
from portal.applications.closing import closes_at_for
from portal.applications.commands.admissibility import judge_rule
from portal.applications.commands.deadlines import tell_near_deadlines, tell_not_submitted
from portal.applications.commands.extend import extend_deadline
from portal.applications.commands.save_section import save_section
from portal.applications.commands.submit import submit_application
from portal.applications.dossiers import dossier_of
from portal.applications.extensions import Extension
from portal.applications.queries import get_application
from portal.applications.states import State, Verdict
from portal.applications.timeline import entries_of
from portal.core.actor import Role
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.event_log import EventRow
from portal.decisions.candidates import readiness_of
from portal.desk.queries import count_dossiers_to_judge, list_drafts_of
from tests.world.accounts import ctx_for, given_person
from tests.world.applications_models import ACCEPTED, CLOSES, given_complete_draft
from tests.world.time import moment

pytestmark = pytest.mark.usefixtures("inside")
SECOND = timedelta(seconds=1)
UNTIL = moment("2022-08-02T10:00")
REASON = "Het portaal was van 11.30 tot 12.00 uur onbereikbaar."


def given_extended(at="2022-07-29T12:30"):
    application = given_complete_draft()
    admin = given_person("Sofie Wouters", roles=[Role.ADMINISTRATOR])
    extend_deadline(ctx_for(admin, at), application, closes_at=UNTIL, reason=REASON)
    db.session.commit()
    return application, list_leads([application.promotor_id])[0]


def events(topic):
    return list(db.session.scalars(sa.select(EventRow).where(EventRow.topic == topic)))


def test_an_extended_draft_is_written_and_submitted_up_to_its_own_last_second():
    application, lead = given_extended()
    section = next(each for each in application.sections if each.code == "B8")
    text = {next(iter(section.answers)): "Toestellen krijgen een tweede leven."}
    save_section(ctx_for(lead, "2022-08-01T09:00"), application, "B8", text, section.version)
    submit_application(ctx_for(lead, UNTIL.isoformat()), application, accepted=ACCEPTED)
    assert application.state is State.SUBMITTED
    states = rule_states(dossier_of(application), Asked(UNTIL + SECOND, ctx_for(lead).actor))
    assert states[0].machine is Machine.MET


def test_one_second_later_is_too_late_as_the_checklist_says():
    application, lead = given_extended()
    late = UNTIL + SECOND
    with pytest.raises(RuleViolation) as refusal:
        submit_application(ctx_for(lead, late.isoformat()), application, accepted=ACCEPTED)
    assert refusal.value.codes == ["round-closed"]
    application = get_application(application.reference)
    states = rule_states(dossier_of(application), Asked(late, ctx_for(lead).actor))
    assert states[0].machine is Machine.NOT_MET


def test_without_an_extension_the_same_submission_is_late():
    application = given_complete_draft()
    lead = list_leads([application.promotor_id])[0]
    with pytest.raises(RuleViolation):
        submit_application(ctx_for(lead, (CLOSES + SECOND).isoformat()), application, accepted=ACCEPTED)


def test_what_was_given_is_recorded_with_its_reason():
    application, _lead = given_extended()
    (event,) = events("application.extended")
    extension = db.session.get_one(Extension, event.payload["extension_id"])
    assert (extension.old_closes_at, extension.new_closes_at, extension.reason) == (CLOSES, UNTIL, REASON)
    assert closes_at_for(application) == UNTIL
    assert REASON not in str(event.payload)
    entry = entries_of(application, UNTIL)[0]
    assert (str(entry.title), entry.text.params["reason"]) == ("More time to submit", REASON)


@pytest.mark.parametrize("reason", ["", "  "])
def test_no_time_is_given_without_a_reason(reason):
    application = given_complete_draft()
    admin = given_person("Sofie Wouters", roles=[Role.ADMINISTRATOR])
    with pytest.raises(RuleViolation) as refusal:
        extend_deadline(ctx_for(admin, "2022-07-29T12:30"), application, closes_at=UNTIL, reason=reason)
    assert refusal.value.codes == ["reason-missing"]
    assert closes_at_for(application) == CLOSES


def test_what_is_handed_in_gets_no_more_time():
    application = given_complete_draft()
    lead = list_leads([application.promotor_id])[0]
    submit_application(ctx_for(lead), application, accepted=ACCEPTED)
    admin = given_person("Sofie Wouters", roles=[Role.ADMINISTRATOR])
    with pytest.raises(IllegalTransition):
        extend_deadline(ctx_for(admin), application, closes_at=UNTIL, reason=REASON)


def test_it_is_judged_only_after_its_own_deadline_and_its_round_is_not_ranked_before():
    application, lead = given_extended()
    officer = given_person("Nele Peeters", roles=[Role.CASE_OFFICER])
    at = moment("2022-08-01T12:00")
    assert readiness_of(application.round, at).extended == (application.reference,)
    submit_application(ctx_for(lead, "2022-08-01T10:00"), application, accepted=ACCEPTED)
    db.session.commit()
    assert application.round.code not in [code for code, *_rest in count_dossiers_to_judge(at)]
    with pytest.raises(RuleViolation) as refusal:
        judge_rule(ctx_for(officer, at.isoformat()), application, "OV-14", Verdict.MET, "Verklaard.")
    assert refusal.value.codes == ["round-still-open"]
    judge_rule(ctx_for(officer, (UNTIL + SECOND).isoformat()), application, "OV-14", Verdict.MET, "Verklaard.")
    assert application.round.code in [code for code, *_rest in count_dossiers_to_judge(UNTIL + SECOND)]


def test_reminders_count_to_the_new_deadline_and_work_shows_it():
    application = given_complete_draft()
    tell_near_deadlines(ctx_for(at="2022-07-28T13:00"))
    admin = given_person("Sofie Wouters", roles=[Role.ADMINISTRATOR])
    extend_deadline(ctx_for(admin, "2022-07-29T12:30"), application, closes_at=UNTIL, reason=REASON)
    db.session.flush()
    assert tell_near_deadlines(ctx_for(at="2022-07-30T12:00")) == 0, "a week before had passed: the extension told them"
    assert tell_near_deadlines(ctx_for(at="2022-08-01T12:00")) == 1
    told = [(each.payload["days"], each.payload["closes_at"]) for each in events("application.deadline-near")]
    assert [days for days, _closes_at in told] == [1, 1]
    drafts = list_drafts_of([application.promotor_id], moment("2022-08-01T12:00"))
    assert [each.reference for each in drafts] == [application.reference]
    assert list_drafts_of([application.promotor_id], UNTIL + SECOND) == []


def test_a_draft_that_came_to_nothing_is_told_once_and_once_more_after_an_extension():
    application = given_complete_draft()
    assert tell_not_submitted(ctx_for(at=CLOSES.isoformat())) == 0
    assert tell_not_submitted(ctx_for(at="2022-07-29T12:01")) == 1
    assert tell_not_submitted(ctx_for(at="2022-07-29T12:02")) == 0
    admin = given_person("Sofie Wouters", roles=[Role.ADMINISTRATOR])
    extend_deadline(ctx_for(admin, "2022-07-29T12:30"), application, closes_at=UNTIL, reason=REASON)
    db.session.flush()
    assert tell_not_submitted(ctx_for(at="2022-08-01T12:00")) == 0
    assert tell_not_submitted(ctx_for(at="2022-08-02T10:01")) == 1
    keys = [each.natural_key for each in events("application.not-submitted")]
    assert keys == [
        f"not-submitted:{application.id}:{at.astimezone(moment('2022-01-01T00:00+00:00').tzinfo).isoformat()}"
        for at in (CLOSES, UNTIL)
    ]
    assert get_application(application.reference).state is State.DRAFT
    assert str(entries_of(application, UNTIL + SECOND)[0].title) == "Not submitted"
    assert str(entries_of(application, UNTIL)[0].title) == "More time to submit"
