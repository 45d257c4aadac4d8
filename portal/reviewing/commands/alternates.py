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
from portal.reviewing.commands.assigning import lock_application, problems_with_reviewer
from portal.reviewing.commands.guarding import refuse_unless_reviewed
from portal.reviewing.events import AlternatesListed
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


def _problems(application: Application, people: Sequence[Person]) -> Iterator[Problem]:
    for place, person in enumerate(people, start=1):
        if person in people[: place - 1]:
            yield Problem("alternate-twice", _l("%(name)s stands here already.", name=person.name), field_of(place))
        else:
            yield from problems_with_reviewer(application, person, field=field_of(place))
