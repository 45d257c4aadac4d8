"""What a round's assignment is made from and checked against, read anew each time: constant statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.applications.models import Application
from portal.applications.states import State
from portal.core.clock import brussels_day
from portal.core.db import db
from portal.core.digests import canonical, digest
from portal.reviewing.affinity import Weights
from portal.reviewing.assignment_models import Assignment, AssignmentPair
from portal.reviewing.conflicts import Conflicts, kept_apart_in_round
from portal.reviewing.matching.problem import Bar, Pair, Question, ToReview
from portal.reviewing.matching.problem import Reviewer as MatchedReviewer
from portal.reviewing.models import Review
from portal.reviewing.pool import Reviewer, list_profiles, subjects_of
from portal.reviewing.states import COUNTED, ReviewState

FEWEST_DAYS = 7  # that a reviewer is there before the reviews are due


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """The admissible applications of a round, the pool with its loads there, conflicts (open ones too), and every review so far."""

    applications: Mapping[int, Application]
    reviewers: Mapping[int, Reviewer]
    conflicts: Mapping[int, Conflicts]
    reviews: Mapping[Pair, ReviewState]
    subjects: Mapping[int, Weights]

    @property
    def standing(self) -> frozenset[Pair]:
        """The pairs that were invited and neither declined nor ended."""
        return frozenset(pair for pair, state in self.reviews.items() if state in COUNTED)

    def bar_of(self, application: int, person: int) -> Bar | None:
        """Return why this person may not be asked for this application, or None."""
        if self.conflicts.get(application, {}).get(person):
            return Bar.CONFLICT
        state = self.reviews.get((application, person))
        return Bar.ASKED_BEFORE if state is not None and state not in COUNTED else None


def facts_of(round_id: int, at: datetime) -> RoundFacts:
    """Return the facts of a round at domain time ``at``."""
    stmt = sa.select(Application).where(Application.round_id == round_id, Application.state == State.ADMISSIBLE)
    applications = db.session.scalars(stmt.options(joinedload(Application.partnership)).order_by(Application.id)).all()
    reviewers = {each.person.id: each for each in list_profiles(at, round_id=round_id)}
    reviews = db.session.execute(
        sa.select(Review.application_id, Review.reviewer_id, Review.state).where(Review.round_id == round_id)
    )
    return RoundFacts(
        applications={each.id: each for each in applications},
        reviewers=reviewers,
        conflicts=kept_apart_in_round(round_id, reviewers),
        reviews={(row[0], row[1]): row[2] for row in reviews},
        subjects=subjects_of(each.id for each in applications),
    )


def is_there(absences: tuple[tuple[date, date], ...], first: date, last: date) -> bool:
    """Return whether somebody has a week to review in from ``first`` through ``last``; or all of a shorter time."""
    days = (last - first).days + 1
    away = sum(any(begin <= first + timedelta(each) <= end for begin, end in absences) for each in range(days))
    return days - away >= min(FEWEST_DAYS, days)


def question_of(assignment: Assignment, facts: RoundFacts, at: datetime) -> Question:
    """Return what the solver is asked; ``assignment`` comes with its pairs, whose locked ones stay."""
    first = brussels_day(at)
    every = ((application, person) for application in facts.applications for person in facts.reviewers)
    return Question(
        applications=tuple(
            ToReview(number, assignment.wanted, facts.subjects.get(number, {})) for number in facts.applications
        ),
        reviewers=tuple(
            MatchedReviewer(
                person=person,
                levels=each.expertise,
                minimum=each.minimum_load,
                maximum=each.maximum_load,
                load=each.load,
                institution=each.institution_key,
                is_experienced=each.is_experienced,
                bar=_bar(each, first, assignment.due_on),
            )
            for person, each in facts.reviewers.items()
        ),
        seed=assignment.seed,
        forbidden={pair: bar for pair in every if (bar := facts.bar_of(*pair)) is not None},
        standing=facts.standing,
        locked=_locked(assignment.pairs),
    )


def question_digest(question: Question) -> str:
    """Return the SHA-256 of everything the solver is given, whatever the order it came in."""
    return digest(
        canonical(
            {
                "seed": question.seed,
                "applications": sorted(_plain_application(each) for each in question.applications),
                "reviewers": sorted(_plain_reviewer(each) for each in question.reviewers),
                "forbidden": sorted([*pair, str(bar)] for pair, bar in question.forbidden.items()),
                "standing": sorted(question.standing),
                "locked": sorted(question.locked),
                "preferred": sorted(question.preferred),
            }
        )
    )


def loads_with(facts: RoundFacts, pairs: list[AssignmentPair]) -> Counter[int]:
    """Return each person's reviews of the round: standing ones and those proposed."""
    loads = Counter({person: each.load for person, each in facts.reviewers.items()})
    loads.update(each.reviewer_id for each in pairs if (each.application_id, each.reviewer_id) not in facts.standing)
    return loads


def _locked(pairs: list[AssignmentPair]) -> frozenset[Pair]:
    return frozenset((each.application_id, each.reviewer_id) for each in pairs if each.is_locked)


def _bar(reviewer: Reviewer, first: date, last: date) -> Bar | None:
    if not reviewer.has_declared:
        return Bar.UNDECLARED
    return None if is_there(reviewer.absences, first, last) else Bar.UNAVAILABLE


def _plain_application(each: ToReview) -> list[object]:
    return [each.application, each.wanted, sorted([*subject, str(weight)] for subject, weight in each.weights.items())]


def _plain_reviewer(each: MatchedReviewer) -> list[object]:
    known = sorted([*subject, str(level)] for subject, level in each.levels.items())
    facts = [each.minimum, each.maximum, each.load, each.institution or "", each.is_experienced, str(each.bar or "")]
    return [each.person, known, *facts]


def open_applications(facts: RoundFacts) -> Iterator[Application]:
    """Yield the applications of the round in the order of their references."""
    yield from sorted(facts.applications.values(), key=lambda each: each.reference)
