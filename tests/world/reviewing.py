"""Reviewers, reviews and assessed applications of a test, made by the portal's own commands, and committed.

The rounds of ``tests.world.applications_models`` close on 29 July 2022; reviewing happens on ``REVIEW_DAY``.
"""

from datetime import date
from itertools import count

from portal.accounts.queries import list_leads
from portal.applications.commands.admissibility import admit_application, judge_rule
from portal.applications.commands.submit import submit_application
from portal.applications.dossiers import dossier_of
from portal.applications.queries import get_application
from portal.applications.states import Verdict
from portal.calls.queries import terms_of
from portal.core.actor import Role
from portal.core.db import db
from portal.reviewing.commands.answering import accept_review
from portal.reviewing.commands.assigning import assign_reviewer
from portal.reviewing.commands.consensus import record_consensus
from portal.reviewing.commands.guarding import settle
from portal.reviewing.commands.profiles import declare
from portal.reviewing.commands.writing import save_review, submit_review
from portal.reviewing.conflicts import Evidence
from portal.reviewing.pool import has_declared
from portal.reviewing.queries import find_consensus, get_review
from portal.reviewing.rules import ReviewAnswers, Score
from portal.reviewing.states import ConflictAction, ConflictKind
from tests.world.accounts import ctx_for, given_person
from tests.world.applications_models import ACCEPTED, given_complete_draft
from tests.world.time import moment

SUBMIT_DAY = "2022-07-01T10:00"
REVIEW_DAY = "2022-08-08T10:00"
DUE_ON = date(2022, 8, 31)
_names = count(1)


def given_case_officer(name="Nele Peeters"):
    return given_person(name, roles=[Role.CASE_OFFICER])


def given_reviewer(name=None):
    return given_person(name or f"Beoordelaar{next(_names)} Maes", roles=[Role.REVIEWER])


def given_admissible_application(promotor=None, *, officer=None, submitted_at=SUBMIT_DAY, **facts):
    """An execution application that was handed in, judged on every rule, and admitted after the round closed."""
    return admit(given_complete_draft(promotor, **facts), officer, submitted_at=submitted_at)


def admit(application, officer=None, *, submitted_at=SUBMIT_DAY):
    """The complete draft, handed in, judged on every rule, and admitted after the round closed."""
    lead = list_leads([application.promotor_id])[0]
    submit_application(ctx_for(lead, submitted_at), application, accepted=ACCEPTED)
    desk = ctx_for(officer or given_case_officer(), "2022-08-02T10:00")
    for rule in dossier_of(application).terms.rules:
        if rule.judged:
            judge_rule(desk, application, rule.code, Verdict.MET, "Nagekeken.")
    admit_application(desk, application)
    db.session.commit()
    return get_application(application.reference)


def given_declared_conflict(application, person_id):
    """A conflict of interest that this person declared with the application."""
    declared = Evidence(ConflictKind.DECLARED, None, None, None, "Mijn zus leidt dit project.")
    settle(ctx_for(at=REVIEW_DAY), application.id, person_id, declared, ConflictAction.CONFIRM)
    db.session.commit()


def given_declaration(reviewer, at=REVIEW_DAY):
    """The reviewer's declaration of that year, signed where it was not."""
    if not has_declared(reviewer.id, moment(at)):
        declare(ctx_for(reviewer, at), reviewer, "nl")
        db.session.commit()


def given_assigned_review(application=None, reviewer=None, *, is_accepted=True, due_on=DUE_ON, at=REVIEW_DAY):
    """A review that was asked, and accepted unless the test says otherwise."""
    application = application or given_admissible_application()
    reviewer = reviewer or given_reviewer()
    made = assign_reviewer(ctx_for(given_case_officer(), at), application, reviewer, due_on)
    db.session.commit()
    given_declaration(reviewer, at)
    review = get_review(made.id, lock=True)
    if is_accepted:
        accept_review(ctx_for(reviewer, at), review)
    db.session.commit()
    return review


def given_assigned_reviews(application=None, reviewers=None, **facts):
    """Three reviews of one application, or one for each of ``reviewers``."""
    application = application or given_admissible_application()
    people = reviewers or [given_reviewer() for _ in range(3)]
    return [given_assigned_review(application, each, **facts) for each in people]


def answers_with(application, scores=7):
    """A complete review: one score for all criteria, or by criterion code; None says "cannot judge"; 7 elsewhere."""
    given = {}
    for each in terms_of(application.round).criteria:
        score = scores.get(each.code, 7) if isinstance(scores, dict) else scores
        given[each.code] = Score(score, cannot_judge=score is None, reason=f"Zo lezen wij het dossier op {each.code}.")
    return ReviewAnswers(
        scores=given,
        strengths="De partners vullen elkaar goed aan.",
        weaknesses="De planning is krap voor zes gemeenten.",
        private_note="Te bespreken met de collega's.",
    )


def given_draft_review(application=None, reviewer=None, *, scores=7, at=REVIEW_DAY):
    """A complete review that was saved, not submitted."""
    review = given_assigned_review(application, reviewer, at=at)
    save_review(ctx_for(review.reviewer, at), review, answers_with(review.application, scores), review.version)
    db.session.commit()
    return get_review(review.id, lock=True)


def given_submitted_review(application=None, reviewer=None, *, scores=7, at=REVIEW_DAY):
    """A submitted review; ``scores`` as ``answers_with`` takes them."""
    review = given_draft_review(application, reviewer, scores=scores, at=at)
    submit_review(ctx_for(review.reviewer, at), review)
    db.session.commit()
    return get_review(review.id, lock=True)


def given_assessed_application(application=None, *, scores=(7, 7, 7), reviewers=None, consensus=None, **facts):
    """An admissible application with its submitted reviews, one for each entry of ``scores``.

    ``consensus``: one agreed score for all criteria or a dict by code (7 elsewhere); recorded where given.
    """
    application = application or given_admissible_application(**facts)
    people = reviewers or [given_reviewer() for _ in scores]
    for reviewer, each in zip(people, scores, strict=True):
        given_submitted_review(application, reviewer, scores=each)
    if consensus is not None:
        given_consensus(application, consensus)
    return application


def given_consensus(application, scores=7, *, text="De beoordelaars zijn het eens over dit dossier."):
    """The consensus of the reviewers, recorded by a case officer."""
    agreed = {code: each.score for code, each in answers_with(application, scores).scores.items()}
    present = find_consensus(application.id)
    ctx = ctx_for(given_case_officer(), REVIEW_DAY)
    made = record_consensus(ctx, application, agreed, text, present.version if present else 0)
    db.session.commit()
    return made
