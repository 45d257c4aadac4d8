"""Rounds of a test up to their ranking, decisions and publication, made by the portal's own commands, and committed.

The rounds of ``tests.world.applications_models`` close on 29 July 2022. Their assessments are written straight into the
table: how reviews make them is told by the tests of reviewing.
"""

from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.queries import list_leads
from portal.applications.commands.submit import submit_application
from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.calls.models import Round
from portal.calls.queries import get_round, terms_of
from portal.core.actor import Role
from portal.core.db import db
from portal.decisions.commands.contesting import answer_review, ask_review
from portal.decisions.commands.preparing import confirm_decisions, prepare_decisions
from portal.decisions.commands.publishing import publish_round
from portal.decisions.commands.ranking import compute_ranking
from portal.decisions.deciding import NewCondition
from portal.decisions.models import Decision
from portal.decisions.queries import get_decision, list_decisions
from portal.decisions.request_queries import get_desk_request, get_request_of
from portal.decisions.states import Ground
from portal.partnerships.models import Partnership
from portal.places.commands import load_places
from portal.reviewing.commands.assessing import Counted, figures_of, stored_figures
from portal.reviewing.models import Assessment, Review
from portal.reviewing.rules import Score, write_scores
from portal.reviewing.states import ReviewState
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications_models import ACCEPTED, change_answer, given_complete_draft, given_open_round
from tests.world.time import moment

SUBMIT_DAY = "2022-07-01T10:00"
RANKING_DAY = "2022-10-10T10:00"
RESULTS_DAY = "2022-10-14T10:00"
REQUEST = "De score van doelstelling 2 stemt niet overeen met de consensustekst die wij lazen."
UPHELD = "De score van doelstelling 2 werd verkeerd overgenomen uit de consensustekst."
SIGNER = "Hilde Wouters, afdelingshoofd"
CONDITION = NewCondition("Onderteken de samenwerkingsovereenkomst met alle partners.", date(2022, 12, 1))


def given_written_review(application, strengths, *, reviewer="Bea Lauwers", note="", by=None):
    """A submitted review, its words alone: the figures are those of the assessment."""
    at = moment("2022-09-01T10:00")
    db.session.add(
        Review(
            application_id=application.id,
            round_id=application.round_id,
            reviewer_id=(by or given_person(reviewer)).id,
            invited_at=at,
            due_on=date(2022, 9, 1),
            strengths=strengths,
            weaknesses="De planning is krap.",
            private_note=note,
        )
    )
    db.session.flush()
    table = Review.__table__
    steps = ({"state": "accepted"}, {"state": "drafting"}, {"state": "submitted", "submitted_at": at, "total": 84})
    for each in steps:
        db.session.execute(table.update().where(table.c.application_id == application.id).values(each))
    db.session.commit()


def given_administrator(name="Sofie De Backer"):
    return given_person(name, roles=[Role.ADMINISTRATOR])


def given_reviewed_round(*, budget="4000000.00", policy="partial", provinces=None, **facts):
    """A closed round that reviewers are at work on; ``facts`` as ``given_open_round`` takes them.

    ``provinces``: what it sets apart for some, by code; where the municipalities are is loaded then.
    """
    round_ = given_open_round(**facts)
    if provinces:
        load_places(ctx_for())
    terms = {"budget_amount": Decimal(budget), "ranking_policy": policy, "in_review_at": moment("2022-08-08T10:00")}
    terms["province_budgets"] = {code: Decimal(amount) for code, amount in (provinces or {}).items()}
    db.session.execute(Round.__table__.update().where(Round.id == round_.id).values(terms))
    db.session.commit()
    return get_round(round_.code, lock=True)


def make_earlier(round_, than):
    """Let ``round_`` be the round before ``than`` in the same call: nine months before it."""
    table = Round.__table__
    months = sa.text("interval '9 months'")
    moved = {"opens_at": table.c.opens_at - months, "closes_at": table.c.closes_at - months}
    db.session.execute(table.update().where(table.c.id == round_.id).values(call_id=than.call_id, year=2021, **moved))
    earlier = {"published_at": Decision.published_at - months}
    db.session.execute(sa.update(Decision).where(Decision.round_id == round_.id).values(earlier))
    db.session.commit()


def given_submitted_application(round_, *, costs="400000.00", name="Digibank Noordheide", **facts):
    """An application that was handed in and that nobody judged yet; ``facts`` as ``given_ranked_application`` says."""
    promotor = facts.get("promotor") or given_organisation(name=name)
    application = given_complete_draft(promotor, round_=round_, costs=costs)
    change_answer(application, "service_area", list(facts.get("area", ("13001",))))
    change_answer(application, "lowest_grant", facts.get("minimum"))
    db.session.execute(sa.update(Partnership).where(Partnership.id == application.partnership_id).values(name=name))
    lead = list_leads([application.promotor_id])[0]
    submit_application(ctx_for(lead, facts.get("at", SUBMIT_DAY)), application, accepted=ACCEPTED)
    db.session.commit()
    return application


def given_ranked_application(round_, total, *, costs="400000.00", name="Digibank Noordheide", **facts):
    """An admissible application with stored figures: ``total`` of 100, every criterion at a tenth of it.

    ``minimum``: the lowest grant it can go on with; ``area``: its municipalities; ``at``: when it was submitted;
    ``criteria``: scores by code where they differ; ``missed``: thresholds missed; ``is_complete``.
    """
    application = given_submitted_application(round_, costs=costs, name=name, **facts)
    table = Application.__table__
    admitted = {"state": "admissible", "admissible_at": moment("2022-08-02T10:00")}
    db.session.execute(table.update().where(table.c.id == application.id).values(admitted))
    db.session.add(_assessment(application, Decimal(total), facts))
    db.session.commit()
    return get_application(application.reference, lock=True)


def given_ranking(round_, administrator=None):
    ranking = compute_ranking(ctx_for(administrator or given_administrator(), RANKING_DAY), round_)
    db.session.commit()
    return ranking


def given_prepared(round_, administrator):
    """The round's decisions as ``administrator`` proposed them from a fresh ranking."""
    ranking = given_ranking(round_, administrator)
    prepare_decisions(ctx_for(administrator, RANKING_DAY), round_, ranking)
    db.session.commit()
    return list_decisions(round_.id)


def given_confirmed(round_, first=None, second=None):
    """The round's decisions, prepared by one administrator and confirmed by a second."""
    given_prepared(round_, first or given_administrator())
    confirm_decisions(ctx_for(second or given_administrator("Karel Maes"), RANKING_DAY), round_)
    db.session.commit()
    return list_decisions(round_.id)


def given_published(round_, at=RESULTS_DAY):
    """The round's decisions, published."""
    given_confirmed(round_)
    publish_round(ctx_for(given_administrator("Jan Roels"), at), round_, SIGNER)
    db.session.commit()
    return list_decisions(round_.id)


def given_review_request(decision, lead, at, text=REQUEST, *, ground=Ground.CONTENT):
    """A request for review of a published decision, asked by ``lead``."""
    ask_review(ctx_for(lead, at), reload(decision), ground, text)
    db.session.commit()
    return get_request_of(decision.application.reference)


def given_upheld_request(decision, lead, *, ground=Ground.TECHNICAL, asked="2022-10-20T10:00", at="2022-11-02T10:00"):
    """An upheld request for review of a published decision, answered by a case officer."""
    request = given_review_request(decision, lead, asked, ground=ground)
    officer = ctx_for(given_person("Nele Peeters", roles=[Role.CASE_OFFICER]), at)
    answer_review(officer, get_desk_request(request.id, [], lock=True), is_upheld=True, answer=UPHELD)
    db.session.commit()
    return request


def reload(decision):
    """The decision as a request would load it to act on it."""
    return get_decision(decision.id, lock=True)


def _assessment(application, total, facts):
    codes = [each.code for each in terms_of(application.round).criteria]
    scores = {code: str(total / 10) for code in codes} | facts.get("criteria", {})
    return Assessment(
        application_id=application.id,
        round_id=application.round_id,
        invited_count=3,
        submitted_count=3,
        total=total,
        lowest_total=total - 2,
        highest_total=total + 2,
        spread=Decimal("4.00"),
        criteria=scores,
        totals=[str(total - 2), str(total), str(total + 2)],
        submitted_by=[],
        missed=list(facts.get("missed", ())),
        has_all_reviews=facts.get("is_complete", True),
        needs_consensus=facts.get("waits_for_consensus", False),
        has_consensus=False,
        is_complete=facts.get("is_complete", True) and not facts.get("waits_for_consensus", False),
        updated_at=moment("2022-09-20T10:00"),
    )


def given_scored_application(round_, *points, name="Digibank Noordheide", **facts):
    """An admissible application with its reviews, one for each of ``points`` (by criterion, or one for them all), and
    the figures that they come to. Reviewers are the same through the round: "Beoordelaar 1", "Beoordelaar 2" …
    """
    application = given_ranked_application(round_, "0.00", name=name, **facts)
    terms, at = terms_of(application.round), moment("2022-09-01T10:00")
    rows = []
    for number, each in enumerate(points, start=1):
        given = each if isinstance(each, dict) else {one.code: each for one in terms.criteria}
        scores = write_scores({code: Score(score, reason="Zoals in het dossier.") for code, score in given.items()})
        reviewer = find_reviewer(f"Beoordelaar {number}")
        rows.append(Counted(reviewer.id, ReviewState.SUBMITTED, scores))
        review = {"application_id": application.id, "round_id": application.round_id, "reviewer_id": reviewer.id}
        made = {"invited_at": at, "due_on": at.date(), "submitted_at": at, "total": 0, "state": "submitted"}
        db.session.execute(Review.__table__.insert().values(**review, **made, scores=scores))
    figures = figures_of(terms, rows, None)
    stored = stored_figures(figures, rows, has_consensus=False) | {"is_complete": True, "needs_consensus": False}
    db.session.execute(sa.update(Assessment).where(Assessment.application_id == application.id).values(stored))
    db.session.commit()
    return application


def find_reviewer(name):
    """The reviewer of this name, made where there is none yet."""
    return db.session.scalars(sa.select(Person).where(Person.name == name)).first() or given_person(
        name, roles=[Role.REVIEWER]
    )
