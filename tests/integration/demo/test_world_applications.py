"""The applications of the demo's world: as many per round and state as its table says, each as the rules have it."""

import sqlalchemy as sa

from portal.accounts.queries import actor_of, find_person_by_email
from portal.applications.admissibility import Asked
from portal.applications.checklist import problems_before_submission
from portal.applications.dossiers import dossier_of, judgements_of, open_request
from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.applications.snapshot import altered_snapshots
from portal.applications.states import State, Verdict
from portal.calls.models import Round
from portal.calls.queries import get_round, terms_of
from portal.calls.rules import phase
from portal.calls.states import Phase
from portal.core.db import db
from portal.demo import cast
from portal.demo.clock import START
from portal.demo.world_entries import load_entries
from portal.partnerships.models import Partnership
from portal.partnerships.states import StrategyState
from portal.reviewing.models import Review
from portal.reviewing.queries import (
    count_incomplete,
    count_open_consensus,
    list_assessments_for_ranking,
    list_candidates,
    page_queue,
)

ADMISSIBLE, DRAFT, SUBMITTED = "admissible", "draft", "submitted"


def _application(code, partnership):
    stmt = sa.select(Application.reference).join(Round).join(Partnership)
    return get_application(db.session.scalars(stmt.where(Round.code == code, Partnership.name == partnership)).one())


def _codes(application, person):
    accepted = frozenset(each.code for each in terms_of(application.round).declarations)
    actor = actor_of(find_person_by_email(cast.person(person).email))
    return [each.code for each in problems_before_submission(dossier_of(application), Asked(START, actor, accepted))]


def test_each_round_holds_as_many_as_the_table_says(demo):
    with demo.app_context():
        stmt = (
            sa.select(Round.code, Application.state, sa.func.count())
            .join(Round)
            .group_by(Round.code, Application.state)
        )
        found = {(code, str(state)): count for code, state, count in db.session.execute(stmt)}
        assert found == {
            ("A-2021-1", ADMISSIBLE): 14,
            ("B-2021-1", ADMISSIBLE): 9,
            ("A-2022-1", ADMISSIBLE): 8,
            ("B-2022-1", ADMISSIBLE): 10,
            ("B-2022-2", ADMISSIBLE): 8,
            ("B-2022-2", "inadmissible"): 1,
            ("B-2022-2", "returned"): 1,
            ("A-2022-2", DRAFT): 4,
            ("B-2022-3", DRAFT): 6,
            ("B-2022-3", SUBMITTED): 2,
        }


def test_whatever_was_handed_in_came_in_time_for_the_amount_it_asks(demo):
    with demo.app_context():
        stmt = (
            sa.select(Application, Round, Partnership).join(Round, Round.id == Application.round_id).join(Partnership)
        )
        rows = db.session.execute(stmt.where(Application.submitted_at.is_not(None))).all()
        assert len(rows) == 53
        amounts = {entry.requested for entries in load_entries().values() for entry in entries}
        for application, round_, _partnership in rows:
            assert round_.opens_at < application.begun_at < application.submitted_at <= min(round_.closes_at, START)
            assert application.requested_amount in amounts
            assert application.starts_on == round_.projects_start_on
        assert list(altered_snapshots()) == []


def test_an_open_round_shows_drafts_in_every_stage(demo):
    with demo.app_context():
        ready = _application("A-2022-2", "Digibank Leieboord")
        assert _codes(ready, "hilde") == []
        nearly = _application("B-2022-3", "Digibank Noordheide")
        assert set(_codes(nearly, "eva")) == {"document-missing", "answer-missing", "sign-off-missing"}
        assert dossier_of(nearly).strategy_state is StrategyState.RECOGNISED
        empty = _application("A-2022-2", "Digibank Kanaalkom")
        assert {each.version for each in empty.sections} == {0}
        assert "nothing-requested" in _codes(empty, "yannick")
        above = _application("B-2022-3", "Digibank Kleinbeek")
        assert {"grant-above-cap", "strategy-not-handed-in"} <= set(_codes(above, "eva"))


def test_in_the_round_in_review_one_is_inadmissible_and_one_is_asked_to_complete(demo):
    with demo.app_context():
        unsigned = _application("B-2022-2", "Digibank Houtkant")
        assert unsigned.state == State.INADMISSIBLE
        assert judgements_of(unsigned)["OV-07"][0] is Verdict.NOT_MET
        incomplete = _application("B-2022-2", "Digibank Bosheide")
        request = open_request(incomplete)
        assert (incomplete.state, request.rules) == (State.RETURNED, ["OV-10"])
        assert request.asked_at < START < request.due_at


def test_published_rounds_have_three_reviews_each_and_no_open_consensus(demo):
    with demo.app_context():
        for code in ("A-2021-1", "B-2021-1", "A-2022-1", "B-2022-1"):
            round_ = get_round(code)
            assert count_incomplete(round_.id) == 0
            figures = list_assessments_for_ranking(round_.id)
            assert {each.submitted_count for each in figures} == {3}
            assert any(each.has_consensus for each in figures)
            assert len({each.total for each in figures}) >= len(figures) - 1


def test_the_round_in_review_is_partly_scored(demo):
    with demo.app_context():
        round_ = get_round("B-2022-2")
        assert phase(round_, START) is Phase.IN_REVIEW
        stmt = sa.select(Review.state, sa.func.count()).where(Review.round_id == round_.id).group_by(Review.state)
        counts = {str(state): count for state, count in db.session.execute(stmt)}
        assert counts == {"submitted": 12, "drafting": 4, "accepted": 3, "invited": 5, "declined": 1, "expired": 1}
        assert count_open_consensus(round_.id) == 1
        assert count_incomplete(round_.id) == 7
        joris = find_person_by_email(cast.person("joris").email)
        queue = page_queue(joris.id, None).rows
        assert [str(each.state) for each in queue].count("drafting") == 1
        assert {each.application.round.code for each in queue} == {"B-2022-2"}
        assert len(queue) == 3


def test_a_reviewer_with_a_conflict_is_blocked_where_it_lies(demo):
    with demo.app_context():
        wouter = find_person_by_email(cast.person("wouter").email)
        own = _application("B-2022-2", "Digibank Netebroek")
        blocked = {each.person.id: each.is_blocked for each in list_candidates(own)}
        assert blocked[wouter.id]
        assert list(blocked.values()).count(True) == 1
