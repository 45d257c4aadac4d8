"""Reading what a round's reviewers see: its matrix now and before, and the reviews that a reviewer may read."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from portal.applications.models import Application
from portal.core.actor import Actor, Role
from portal.core.db import db, find_one
from portal.partnerships.models import Partner
from portal.reviewing.models import Assessment, Review, RoundVisibility
from portal.reviewing.queries import with_dossier
from portal.reviewing.states import ReviewState
from portal.reviewing.visibility import AT_WORK, DEFAULT, Level, Matrix


def find_visibility(round_id: int) -> RoundVisibility | None:
    """Return what an administrator set for the round, or None where the default holds."""
    stmt = sa.select(RoundVisibility).where(RoundVisibility.round_id == round_id, RoundVisibility.replaced_at.is_(None))
    return find_one(stmt)


def matrix_of(round_id: int) -> Matrix:
    """Return what holds in the round."""
    found = find_visibility(round_id)
    return found.matrix if found is not None else DEFAULT


def list_settings(round_id: int) -> list[RoundVisibility]:
    """Return everything that was ever set for the round with who set it, the newest first."""
    stmt = sa.select(RoundVisibility).where(RoundVisibility.round_id == round_id)
    return list(
        db.session.scalars(stmt.options(joinedload(RoundVisibility.set_by)).order_by(RoundVisibility.id.desc()))
    )


def how_far(round_id: int) -> tuple[bool, bool]:
    """Return whether a reviewer of the round was invited, and whether one ever accepted."""
    stmt = sa.select(sa.func.count(Review.id), sa.func.count(Review.accepted_at)).where(Review.round_id == round_id)
    invited, accepted = db.session.execute(stmt).one()
    return invited > 0, accepted > 0


def list_in_round(round_id: int) -> list[Review]:
    """Return the round's reviews that were neither declined nor expired, with all that their policy asks, by application and reviewer."""
    stmt = sa.select(Review).where(
        Review.round_id == round_id, Review.state.not_in([ReviewState.DECLINED, ReviewState.EXPIRED])
    )
    return list(db.session.scalars(stmt.options(*with_dossier()).order_by(Review.application_id, Review.id)))


def list_readable(actor: Actor, review: Review) -> list[Review]:
    """Return the others' reviews of the application of ``review`` that this reviewer may read: the policy READ, as SQL.

    ``review`` comes with who is in conflict.
    """
    if not actor.has(Role.REVIEWER) or actor.person_id in review.in_conflict:
        return []
    own = aliased(Review)
    level = sa.func.coalesce(RoundVisibility.reviews, str(DEFAULT.reviews))
    reached = sa.or_(
        level == Level.ALWAYS,
        sa.and_(
            own.state == ReviewState.SUBMITTED,
            sa.or_(level == Level.AFTER_MINE, sa.and_(level == Level.AFTER_ALL, Assessment.has_all_reviews)),
        ),
    )
    stmt = (
        sa.select(Review)
        .join(own, sa.and_(own.application_id == Review.application_id, own.reviewer_id == actor.person_id))
        .join(Assessment, Assessment.application_id == Review.application_id)
        .outerjoin(
            RoundVisibility,
            sa.and_(RoundVisibility.round_id == Review.round_id, RoundVisibility.replaced_at.is_(None)),
        )
        .where(
            Review.application_id == review.application_id,
            Review.reviewer_id != actor.person_id,
            Review.state == ReviewState.SUBMITTED,
            own.state.in_(sorted(AT_WORK)),
            reached,
            ~_takes_part(actor),
        )
        .options(*with_dossier())
        .order_by(Review.id)
    )
    return list(db.session.scalars(stmt))


def list_colleagues(review: Review) -> list[str]:
    """Return the names of the others who accepted to review the same application, and are not off it."""
    stmt = sa.select(Review).where(
        Review.application_id == review.application_id, Review.id != review.id, Review.state.in_(sorted(AT_WORK))
    )
    found = db.session.scalars(stmt.options(joinedload(Review.reviewer)))
    return sorted(each.reviewer.name for each in found)


def _takes_part(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether the actor holds a right in the application's lead partner or in any partner, past ones included."""
    mine = [each.organisation_id for each in actor.mandates]
    partner = sa.select(Partner.id).where(
        Partner.partnership_id == Application.partnership_id, Partner.organisation_id.in_(mine)
    )
    stmt = sa.select(Application.id).where(
        Application.id == Review.application_id,
        sa.or_(Application.promotor_id.in_(mine), partner.correlate(Application).exists()),
    )
    return stmt.correlate(Review).exists()
