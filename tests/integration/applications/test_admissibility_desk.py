"""Judging a handed-in application: each refusal beside what makes it possible."""

import json
from decimal import Decimal

import pytest

from portal.accounts.commands.organisations import confirm_claim
from portal.accounts.queries import list_leads
from portal.applications import policies
from portal.applications.commands.admissibility import (
    admit_application,
    ask_completion,
    judge_rule,
    refuse_admission,
)
from portal.applications.commands.submit import complete_application, submit_application
from portal.applications.dossiers import dossier_of, judgements_of, list_snapshots
from portal.applications.queries import get_application
from portal.applications.states import State, Verdict
from portal.core.actor import Role
from portal.core.db import db
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.event_log import list_timeline
from portal.partnerships.models import Strategy
from portal.partnerships.states import StrategyState
from tests.world.accounts import ctx_for, given_claim, given_organisation, given_person
from tests.world.applications_models import ACCEPTED, change_answer, given_complete_draft, move_strategy, set_strategy
from tests.world.time import moment

AFTER = "2022-08-02T10:00"
DUE = moment("2022-08-16T12:00")
ASKED = {"document:cooperation_agreement": "Teken."}


def given_submitted(promotor=None, *, at="2022-07-01T10:00", **facts):
    application = given_complete_draft(promotor, **facts)
    submit_application(ctx_for(lead_of(application), at), application, accepted=ACCEPTED)
    db.session.commit()
    return application


def lead_of(application):
    return list_leads([application.promotor_id])[0]


@pytest.fixture
def desk(inside):
    """The context of a case officer after the round has closed."""
    return ctx_for(given_person("Nele Peeters", roles=[Role.CASE_OFFICER]), AFTER)


def judge_all(desk, application, *, but=()):
    for rule in dossier_of(application).terms.rules:
        if rule.judged and rule.code not in but:
            judge_rule(desk, application, rule.code, Verdict.MET, "Nagekeken.")


def refused(command, *args, **facts):
    with pytest.raises(RuleViolation) as refusal:
        command(*args, **facts)
    return refusal.value.codes


def test_an_application_is_admitted_once_every_judged_half_is_met(desk):
    application = given_submitted()
    judge_all(desk, application, but=["OV-10"])
    assert refused(admit_application, desk, application) == ["rule-not-judged"]
    judge_rule(desk, application, "OV-10", Verdict.NOT_MET, "Het attest toont een achterstal.")
    assert refused(admit_application, desk, application) == ["rule-not-met"]
    judge_rule(desk, application, "OV-10", Verdict.MET, "Nieuw attest nagekeken.")
    admit_application(desk, application)
    assert (application.state, application.admissible_at) == (State.ADMISSIBLE, desk.now)


def test_an_unconfirmed_claim_passes_submission_but_not_admission(desk):
    claim = given_claim()
    application = given_submitted(claim.organisation)
    judge_all(desk, application, but=["OV-02"])
    assert refused(judge_rule, desk, application, "OV-02", Verdict.MET, "Nagekeken.") == ["claim-unconfirmed"]
    assert "claim-unconfirmed" in refused(admit_application, desk, application)
    confirm_claim(desk, claim, "Aanstelling nagekeken.")
    judge_rule(desk, application, "OV-02", Verdict.MET, "Claim bevestigd.")
    admit_application(desk, application)
    assert application.state == State.ADMISSIBLE


def test_a_strategy_that_is_only_handed_in_passes_submission_but_not_admission(desk):
    application = given_submitted(strategy=StrategyState.SUBMITTED)
    judge_all(desk, application, but=["OV-15"])
    assert "strategy-not-recognised" in refused(admit_application, desk, application)
    strategy = db.session.query(Strategy).filter_by(partnership_id=application.partnership_id).one()
    set_strategy(strategy.id, StrategyState.RECOGNISED)
    judge_rule(desk, application, "OV-15", Verdict.MET, "Erkend.")
    admit_application(desk, application)
    assert application.state == State.ADMISSIBLE


def test_nothing_is_judged_while_the_round_is_open(desk):
    application = given_submitted()
    early = ctx_for(given_person("Bram Nijs", roles=[Role.CASE_OFFICER]), "2022-07-29T12:00")
    assert refused(judge_rule, early, application, "OV-07", Verdict.MET, "Ok.") == ["round-still-open"]
    judge_rule(desk, application, "OV-07", Verdict.MET, "Getekend door allen.")
    assert judgements_of(application) == {"OV-07": (Verdict.MET, "Getekend door allen.")}


def test_a_completion_is_handed_in_by_its_due_moment_and_never_moves_the_submission(desk):
    application = given_submitted()
    submitted_at = application.submitted_at
    assert refused(ask_completion, desk, application, ["OV-07"], "Teken.", desk.now, asked=ASKED) == ["due-in-the-past"]
    ask_completion(desk, application, ["OV-07"], "De handtekening van de partner ontbreekt.", DUE, asked=ASKED)
    db.session.commit()
    assert application.state == State.RETURNED
    reference, late = application.reference, ctx_for(lead_of(application), "2022-08-16T12:00:00.000001")
    assert refused(complete_application, late, application) == ["completion-too-late"]
    application = get_application(reference, lock=True)
    complete_application(ctx_for(lead_of(application), "2022-08-16T12:00"), application)
    assert (application.state, application.submitted_at) == (State.SUBMITTED, submitted_at)
    assert [each.number for each in list_snapshots(application)] == [1, 2]


def given_returned(desk, **facts):
    """A submitted application that a case officer sent back for its agreement."""
    application = given_submitted(**facts)
    ask_completion(desk, application, ["OV-07"], "De handtekening van de partner ontbreekt.", DUE, asked=ASKED)
    db.session.commit()
    return application


def complete(application, by=None):
    complete_application(ctx_for(by or lead_of(application), "2022-08-16T12:00"), application)


def refused_completion(application, by=None):
    """The codes of the refusal, which is written down while nothing else is; and the application read anew."""
    reference, number = application.reference, application.id
    codes = refused(complete, application, by)
    event = list_timeline("application", number)[-1]
    assert (event.topic, event.payload["codes"]) == ("application.submission-refused", " ".join(codes))
    application = get_application(reference, lock=True)
    assert application.state == State.RETURNED
    return codes, application


def test_a_completion_meets_whatever_a_submission_meets_but_the_rounds_deadline(desk):
    application = given_returned(desk)
    application.lines[0].unit_price_amount = Decimal("500000.01")
    change_answer(application, "training", "")
    codes, application = refused_completion(application)
    assert codes == ["grant-above-cap", "objective-missing", "de-minimis-exceeded"]
    application.lines[0].unit_price_amount = Decimal("500000.00")
    change_answer(application, "training", "Wij geven les.")
    complete(application)
    assert (application.state, str(application.requested_amount)) == (State.SUBMITTED, "500000.00")


def test_a_completion_asks_a_strategy_that_is_handed_in(desk):
    application = given_returned(desk, strategy=StrategyState.SUBMITTED)
    strategy = db.session.query(Strategy).filter_by(partnership_id=application.partnership_id).one()
    move_strategy(strategy.id, StrategyState.RETURNED)
    db.session.commit()
    codes, application = refused_completion(application)
    assert codes == ["strategy-not-handed-in"]
    move_strategy(strategy.id, StrategyState.SUBMITTED)
    db.session.commit()
    complete(application)
    assert application.state == State.SUBMITTED


def test_a_completion_is_handed_in_by_who_may_sign_and_keeps_the_accepted_declarations(desk):
    staff = given_person("Bram Nijs")
    application = given_returned(desk, promotor=given_organisation(staff=[staff]))
    codes, application = refused_completion(application, by=staff)
    assert codes == ["not-a-signer"]
    complete(application)
    first, second = (json.loads(each.content) for each in list_snapshots(application))
    assert second["declarations"] == first["declarations"] == sorted(ACCEPTED)


def test_an_application_is_found_inadmissible_with_a_reason_and_that_is_final(desk):
    application = given_submitted()
    assert refused(refuse_admission, desk, application, " ") == ["reason-missing"]
    refuse_admission(desk, application, "De overeenkomst is niet getekend.")
    assert application.state == State.INADMISSIBLE
    with pytest.raises(IllegalTransition):
        admit_application(desk, application)


def test_a_case_officer_judges_no_partnership_of_their_own(inside):
    officer = given_person("Nele Peeters", roles=[Role.CASE_OFFICER])
    auditor = given_person("Tom Aerts", roles=[Role.AUDITOR])
    application = given_submitted()
    own = given_submitted(given_organisation(staff=[officer]))
    actor = ctx_for(officer, AFTER).actor
    assert policies.JUDGE.allows(actor, application)
    assert not policies.JUDGE.allows(actor, own)
    assert not policies.JUDGE.allows(ctx_for(auditor, AFTER).actor, application)
    assert policies.READ_DOSSIER.allows(ctx_for(auditor, AFTER).actor, application)
