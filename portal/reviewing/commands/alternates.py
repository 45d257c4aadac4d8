"""Alternates: who is asked next for an application when an invitation expires."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.applications.models import Application
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import Problem, refuse_if
from portal.core.event_log import record
from portal.core.text import _l
from portal.reviewing.assignment_facts import RoundFacts, facts_of
from portal.reviewing.assignment_models import Assignment
from portal.reviewing.commands.assigning import lock_application, problems_with_reviewer
from portal.reviewing.commands.guarding import refuse_unless_reviewed
from portal.reviewing.events import AlternatesListed
from portal.reviewing.pool import alternates_by_application
from portal.reviewing.pool_models import ReviewAlternate

MOST_ALTERNATES = 3


def field_of(place: int) -> str:
    """Return the name of the form field of the alternate in this place; 1 is asked first."""
    return f"alternate_{place}"


def set_alternates(ctx: Ctx, application: Application, people: Sequence[Person]) -> None:
    """Replace the application's alternates by ``people``, in the order in which they are asked; none takes them away.

    RuleViolation at ``alternate_<place>`` with alternate-twice or what ``problems_with_reviewer`` says; IllegalTransition
    unless the application is under review.
    """
    lock_application(application)
    refuse_unless_reviewed(ctx, application)
    refuse_if(_problems(application, people))
    db.session.execute(sa.delete(ReviewAlternate).where(ReviewAlternate.application_id == application.id))
    for position, person in enumerate(people, start=1):
        db.session.add(
            ReviewAlternate(
                application_id=application.id,
                person_id=person.id,
                position=position,
                listed_at=ctx.now,
                listed_by_id=ctx.actor.person_id,
            )
        )
    db.session.flush()
    record(ctx, AlternatesListed(application_id=application.id, person_ids=tuple(each.id for each in people)))


def add_proposed(ctx: Ctx, assignment: Assignment) -> None:
    """Put the next best of a proposal behind the alternates whom a case officer listed, as far as there is room.

    ``assignment`` comes with its pairs, invited by now: whoever was asked or has a conflict stays out. One event for
    each application that gets one.
    """
    facts = facts_of(assignment.round_id, ctx.now)
    numbers = sorted({each.application_id for each in assignment.pairs})
    known = alternates_by_application(numbers)
    for number in numbers:
        listed = known.get(number, [])
        people = next_alternates(facts, number, [each.person_id for each in listed], assignment)
        last = max((each.position for each in listed), default=0)
        for position, person_id in enumerate(people, start=last + 1):
            db.session.add(
                ReviewAlternate(
                    application_id=number,
                    person_id=person_id,
                    position=position,
                    listed_at=ctx.now,
                    listed_by_id=ctx.actor.person_id,
                )
            )
        if people:
            db.session.flush()
            everybody = (*(each.person_id for each in listed), *people)
            record(ctx, AlternatesListed(application_id=number, person_ids=everybody))


def next_alternates(facts: RoundFacts, number: int, listed: Sequence[int], assignment: Assignment) -> list[int]:
    """Return who of the proposal's next best comes behind those ``listed`` for application ``number``, the best first."""
    seated = {each.reviewer_id for each in assignment.pairs if each.application_id == number}
    free = [
        each["person"]
        for each in assignment.alternates.get(str(number), [])
        if each["person"] in facts.reviewers
        and each["person"] not in seated
        and each["person"] not in listed
        and (number, each["person"]) not in facts.reviews
        and facts.bar_of(number, each["person"]) is None
    ]
    return free[: max(0, MOST_ALTERNATES - len(listed))]


def _problems(application: Application, people: Sequence[Person]) -> Iterator[Problem]:
    for place, person in enumerate(people, start=1):
        if person in people[: place - 1]:
            yield Problem("alternate-twice", _l("%(name)s stands here already.", name=person.name), field_of(place))
        else:
            yield from problems_with_reviewer(application, person, field=field_of(place))
