"""What people decide about their messages: how each category reaches them, and what they have read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.event_log import record
from portal.notifications.categories import CATEGORIES, Category, Choice
from portal.notifications.events import MailChosen
from portal.notifications.models import Delivery, DeliveryState, MailChoice
from portal.notifications.own.queries import choices_of, list_choices
from portal.notifications.table import names_of

MUTABLE = tuple(each for each, words in CATEGORIES.items() if words.is_mutable and each is not Category.DIGEST)


def choose_mail(ctx: Ctx, person: Person, choices: Mapping[Category, Choice]) -> None:
    """Take note of how ``person`` wants the messages of each category; a category that always comes by mail is passed over.

    What was gathered of a category that comes at once from now on leaves at once; what was gathered of one that is kept
    to the portal stays there.
    """
    before = choices_of([person.id])
    for category, choice in choices.items():
        if category in MUTABLE and before.get((person.id, category), Choice.AT_ONCE) is not choice:
            _keep(ctx, person.id, category, choice, None)
            record(ctx, MailChosen(person_id=person.id, category=str(category), choice=str(choice)))


def unsubscribe(ctx: Ctx, person_id: int, category: Category) -> None:
    """Keep a category to the portal from now on, for whoever has the link of one of its messages; twice is once.

    Of the digest: every category that was gathered for it.
    """
    chosen = choices_of([person_id])
    for each in _meant(category, chosen, person_id):
        before = chosen.get((person_id, each), Choice.AT_ONCE)
        if before is not Choice.PORTAL:
            _keep(ctx, person_id, each, Choice.PORTAL, before)
            record(ctx, MailChosen(person_id=person_id, category=str(each), choice="portal", by_link=True))


def subscribe_again(ctx: Ctx, person_id: int, category: Category) -> None:
    """Put back what the link of a message replaced; nothing where nothing was."""
    stopped = [each for each in list_choices(person_id) if each.before is not None]
    if category is Category.DIGEST:
        gathered = [each for each in stopped if each.before is Choice.DIGEST]
        last = max((each.chosen_at for each in gathered), default=None)
        meant = [each for each in gathered if each.chosen_at == last]
    else:
        meant = [each for each in stopped if each.category is category]
    for each in meant:
        choice = each.before or Choice.AT_ONCE
        _keep(ctx, person_id, each.category, choice, None)
        record(ctx, MailChosen(person_id=person_id, category=str(each.category), choice=str(choice), by_link=True))


def _meant(category: Category, chosen: Mapping[tuple[int, Category], Choice], person_id: int) -> Iterable[Category]:
    if category is not Category.DIGEST:
        return [category]
    return [each for each in MUTABLE if chosen.get((person_id, each)) is Choice.DIGEST]


def _keep(ctx: Ctx, person_id: int, category: Category, choice: Choice, before: Choice | None) -> None:
    """Write the choice down, and let what waits follow it."""
    row = db.session.scalar(
        sa.select(MailChoice).where(MailChoice.person_id == person_id, MailChoice.category == category)
    )
    if row is None:
        row = MailChoice(person_id=person_id, category=category)
        db.session.add(row)
    row.choice, row.before, row.chosen_at = choice, before, ctx.now
    db.session.flush()
    mine = sa.update(Delivery).where(
        Delivery.person_id == person_id, Delivery.notification.in_(names_of(category)), Delivery.digest_id.is_(None)
    )
    if choice is Choice.AT_ONCE:
        values = {"state": DeliveryState.WAITING, "next_attempt_at": machine_now()}
        _follow(mine.where(Delivery.state == DeliveryState.GATHERED).values(values))
    elif choice is Choice.PORTAL:
        unclaimed = sa.or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= machine_now())
        _follow(mine.where(Delivery.state == DeliveryState.WAITING, unclaimed).values(state=DeliveryState.MUTED))


def _follow(stmt: sa.Update) -> None:
    db.session.execute(stmt, execution_options={"synchronize_session": False})


def read_all(ctx: Ctx, person_id: int) -> None:
    """Mark every message to the person as read."""
    stmt = sa.update(Delivery).where(Delivery.person_id == person_id, Delivery.read_at.is_(None))
    _follow(stmt.values(read_at=ctx.now))


def read_one(ctx: Ctx, delivery: Delivery) -> None:
    """Mark a message as read; it keeps the moment it was read first."""
    delivery.read_at = delivery.read_at or ctx.now
