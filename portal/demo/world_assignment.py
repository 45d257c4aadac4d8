"""The demo's proposal of reviewers: a fourth for every application of the round in review, not released."""

from __future__ import annotations

from datetime import date

from portal.calls.models import Round
from portal.core.clock import brussels_moment
from portal.demo.world_people import Crowd
from portal.reviewing.assignment_making import make_now
from portal.reviewing.commands.proposing import request_assignment

ASKED_AT = brussels_moment(date(2022, 6, 20), 8, 40)
WANTED, DUE_ON = 4, date(2022, 7, 15)


def propose_reviewers(crowd: Crowd, round_: Round) -> None:
    """Ask and make the proposal as a case officer on the demo's first morning; nobody is invited by it."""
    ctx = crowd.ctx("mieke", ASKED_AT)
    make_now(ctx, request_assignment(ctx, round_, WANTED, DUE_ON))
