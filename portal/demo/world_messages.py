"""What the cast made of its messages before the demo's first day: read but for the last weeks, some kept for a digest."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask import Flask, current_app

from portal.accounts.commands.calendar import make_calendar_address
from portal.core.clock import brussels_moment
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.event_log import EventRow
from portal.demo import cast
from portal.demo.world_people import Crowd
from portal.notifications.categories import Category, Choice
from portal.notifications.models import Delivery
from portal.notifications.own.choosing import choose_mail
from portal.notifications.sending.rendering import render_message
from portal.notifications.texts.standing import Wordings

READ_UNTIL = brussels_moment(date(2022, 5, 15))
CHOSEN = brussels_moment(date(2022, 6, 14), 16)
EACH = 8  # messages of each person of the cast whose subject is written out; the others say what kind they are


def read_the_past(crowd: Crowd) -> None:
    """Let everybody have read what is older than some weeks; Eva gathers what can wait and reads her calendar elsewhere."""
    read = sa.update(Delivery).where(Delivery.made_at < READ_UNTIL).values(read_at=Delivery.made_at)
    db.session.execute(read, execution_options={"synchronize_session": False})
    _write_subjects([crowd.people[each.key].id for each in cast.STAFF + cast.REVIEWERS + cast.APPLICANTS])
    eva, ctx = crowd.people["eva"], crowd.ctx("eva", CHOSEN)
    choose_mail(ctx, eva, {Category.DEADLINES: Choice.DIGEST})
    make_calendar_address(ctx, eva)


def _write_subjects(person_ids: list[int]) -> None:
    """Write the subjects of each person's newest messages, as sending them would have done."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask offers no other way
    place = sa.func.row_number().over(partition_by=Delivery.person_id, order_by=Delivery.made_at.desc())
    ranked = sa.select(Delivery.id, place.label("place")).where(Delivery.person_id.in_(person_ids)).subquery()
    stmt = (
        sa.select(Delivery, EventRow)
        .join(EventRow, EventRow.id == Delivery.event_id)
        .join(ranked, ranked.c.id == Delivery.id)
        .where(ranked.c.place <= EACH)
    )
    wordings = Wordings()
    for delivery, event in db.session.execute(stmt).all():
        try:
            delivery.subject = str(render_message(app, delivery, event, wordings=wordings)["Subject"])
        except NotFound:  # what it was about is gone since
            continue
