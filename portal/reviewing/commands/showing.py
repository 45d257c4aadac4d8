"""An administrator says what a round's reviewers see of each other and of the applicants."""

from __future__ import annotations

import secrets

from portal.calls.models import Round
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import IllegalTransition, refuse_if
from portal.core.event_log import record
from portal.reviewing.events import VisibilityChanged
from portal.reviewing.models import RoundVisibility
from portal.reviewing.visibility import DEFAULT, Matrix, problems_before_changing
from portal.reviewing.visible import find_visibility, how_far


def set_visibility(ctx: Ctx, round_: Round, wanted: Matrix, reason: str) -> None:
    """Let ``wanted`` hold in the round from now on; what held before is kept.

    RuleViolation where nothing changes, without a reason once reviewers are invited (reason-too-short), and where
    somebody accepted under a stricter promise about names (identities-promised, blind-promised). IllegalTransition
    once results are out. ``round_`` is locked.
    """
    if round_.results_published_at is not None:
        raise IllegalTransition("round", "set-visibility", "results", round_.results_published_at)
    present = find_visibility(round_.id)
    is_invited, is_accepted = how_far(round_.id)
    held = present.matrix if present is not None else DEFAULT
    refuse_if(problems_before_changing(held, wanted, reason, is_invited=is_invited, is_accepted=is_accepted))
    if present is not None:
        present.replaced_at = ctx.now
        db.session.flush()
    row = RoundVisibility(
        round_id=round_.id,
        reviews=wanted.reviews,
        identities=wanted.identities,
        naming=wanted.naming,
        times=wanted.times,
        salt=present.salt if present is not None else secrets.token_hex(16),
        reason=reason.strip(),
        set_at=ctx.now,
        set_by_id=ctx.actor.person_id,
    )
    db.session.add(row)
    db.session.flush()
    record(
        ctx,
        VisibilityChanged(
            round_id=round_.id,
            reviews=str(wanted.reviews),
            identities=str(wanted.identities),
            naming=str(wanted.naming),
            times=str(wanted.times),
        ),
    )
