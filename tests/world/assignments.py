"""A round to assign: admissible applications, a pool that declared its interests, and proposals computed at once."""

from datetime import date

from portal.core.actor import system_actor
from portal.core.context import Ctx
from portal.core.db import db
from portal.reviewing.assignment_making import make_next
from portal.reviewing.assignment_queries import find_live
from portal.reviewing.commands.proposing import request_assignment
from portal.reviewing.expertise import Level, SubjectKind
from portal.reviewing.pool_models import ReviewerDeclaration, ReviewerExpertise, ReviewerProfile
from tests.world.accounts import ctx_for
from tests.world.reviewing import REVIEW_DAY, given_admissible_application, given_case_officer, given_reviewer
from tests.world.time import moment

DUE_ON = date(2022, 9, 5)


def given_pool_reviewer(name=None, *, maximum=6, groups=(), has_declared=True, institution="", is_experienced=True):
    """A reviewer of the pool who may be given work, with expert knowledge of ``groups``."""
    person = given_reviewer(name)
    db.session.add(
        ReviewerProfile(
            person_id=person.id,
            maximum_load=maximum,
            institution=institution,
            is_experienced=is_experienced,
            experience_reason="Beoordeelde eerder.",
            updated_at=moment(REVIEW_DAY),
        )
    )
    db.session.flush()
    for code in groups:
        db.session.add(
            ReviewerExpertise(person_id=person.id, kind=SubjectKind.TARGET_GROUP, code=code, level=Level.EXPERT)
        )
    if has_declared:
        db.session.add(
            ReviewerDeclaration(person_id=person.id, year=2022, declared_at=moment(REVIEW_DAY), sha256="0" * 64)
        )
    db.session.commit()
    return person


def given_proposal(round_=None, officer=None, *, wanted=2, at=REVIEW_DAY):
    """A proposal that the worker made; of one admissible application and four reviewers unless the test made others."""
    if round_ is None:
        round_ = given_admissible_application().round
        for _ in range(4):
            given_pool_reviewer()
    request_assignment(ctx_for(officer or given_case_officer(), at), round_, wanted, DUE_ON)
    db.session.commit()
    assert make_next(Ctx(moment(at), system_actor("assigner")))
    found = find_live(round_.id, lock=True)
    assert found is not None
    return found
