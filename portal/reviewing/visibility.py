"""What somebody sees of an application's reviews, and whether a reviewer learns whose application it is.

The one place that says so: policies, pages, lists, mails and papers ask it. A round has a matrix that an administrator
sets; where nobody did, `DEFAULT` holds: independent first, then reveal, without names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from portal.core.errors import Problem
from portal.core.text import Msg, _l
from portal.reviewing.states import UNDER_WAY, ReviewState

SHORTEST_REASON = 20  # characters
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs, none that reads as another
_SIGNS = 6


class Level(StrEnum):
    """When a reviewer sees something of the others, from the strictest to the loosest."""

    NEVER = "never"
    AFTER_ALL = "after_all"
    AFTER_MINE = "after_mine"
    ALWAYS = "always"


class Naming(StrEnum):
    """Whether reviewers learn whose application they review."""

    BLIND = "blind"
    OPEN = "open"


class Times(StrEnum):
    """What reviewers see of when another review was submitted. A moment would tell who wrote it."""

    HIDDEN = "hidden"
    DAY = "day"


LEVELS: dict[Level, Msg] = {
    Level.NEVER: _l("Never"),
    Level.AFTER_ALL: _l("Once all reviews of the application are in"),
    Level.AFTER_MINE: _l("Once the reviewer submitted their own"),
    Level.ALWAYS: _l("Always, also while writing"),
}
NAMINGS: dict[Naming, Msg] = {
    Naming.OPEN: _l("Open: reviewers read the application with its names"),
    Naming.BLIND: _l("Blind: reviewers read it without names, contacts and documents"),
}
TIMES: dict[Times, Msg] = {
    Times.DAY: _l("To the day"),
    Times.HIDDEN: _l("Hidden"),
}

_READS: dict[Level, Msg] = {
    Level.NEVER: _l("The other reviewers never read your review."),
    Level.AFTER_ALL: _l("The other reviewers read your review once every review of this application is in."),
    Level.AFTER_MINE: _l("The other reviewers read your review once they submitted their own."),
    Level.ALWAYS: _l("The other reviewers read your review as soon as you submit it."),
}
_KNOWS: dict[Level, Msg] = {
    Level.NEVER: _l("They are not told your name."),
    Level.AFTER_ALL: _l("They are told your name once every review is in."),
    Level.AFTER_MINE: _l("They are told your name once they submitted their own."),
    Level.ALWAYS: _l("They know from the start that you review this application."),
}


@dataclass(frozen=True, slots=True)
class Matrix:
    """What a round promises. ``reviews``: the others' scores and texts, and everything computed from them."""

    reviews: Level = Level.AFTER_ALL
    identities: Level = Level.NEVER
    naming: Naming = Naming.OPEN
    times: Times = Times.DAY


DEFAULT = Matrix()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands towards one application.

    ``is_desk``: case officer or auditor. ``takes_part``: holds a right in a partner. ``own``: the state of their own
    review of it, None where they have none. ``has_all``: every review that was asked is in.
    """

    is_desk: bool = False
    takes_part: bool = False
    own: ReviewState | None = None
    has_all: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees. ``reviews``: the others' and their figures, counts included; ``notes``: to the case officer.

    ``names``: whose application it is. ``days`` and ``moments``: when another review was submitted.
    """

    reviews: bool = False
    identities: bool = False
    notes: bool = False
    names: bool = False
    days: bool = False
    moments: bool = False


NOTHING = Sight()
EVERYTHING = Sight(*[True] * 6)
AT_WORK = frozenset({*UNDER_WAY, ReviewState.SUBMITTED})  # accepted, and neither given back nor taken off


def sight(matrix: Matrix, standing: Standing) -> Sight:
    """Return what somebody sees; who takes part sees nothing of the reviews, whatever else they are."""
    if standing.is_desk and not standing.takes_part:
        return EVERYTHING
    seen = replace(NOTHING, names=standing.own is not None and matrix.naming is Naming.OPEN)
    if standing.takes_part or standing.own not in AT_WORK:
        return seen
    reviews = _is_reached(matrix.reviews, standing)
    return replace(
        seen,
        reviews=reviews,
        identities=_is_reached(matrix.identities, standing),
        days=reviews and matrix.times is Times.DAY,
    )


def _is_reached(level: Level, standing: Standing) -> bool:
    if level is Level.ALWAYS:
        return True
    if level is Level.NEVER or standing.own is not ReviewState.SUBMITTED:
        return False
    return level is Level.AFTER_MINE or standing.has_all


def pseudonym(salt: str, round_code: str, application_id: int) -> str:
    """Return what reviewers call an application of a blind round: the same for all of them, and told by nothing else.

    ``salt`` is the round's secret: without it the number of an application would lead back to it.
    """
    number = int.from_bytes(hashlib.sha256(f"{salt}:{application_id}".encode()).digest())
    signs = "".join(_ALPHABET[number >> 5 * place & 31] for place in range(_SIGNS))
    return f"{round_code}-{signs}"


def promises(matrix: Matrix) -> tuple[Msg, Msg]:
    """Return what a reviewer is told about who reads their review, and who learns their name."""
    return _READS[matrix.reviews], _KNOWS[matrix.identities]


def is_looser(wanted: Matrix, than: Matrix) -> bool:
    """Return whether ``wanted`` shows more of who is who: of the reviewers, or of the applicants."""
    levels = list(Level)
    more_identities = levels.index(wanted.identities) > levels.index(than.identities)
    return more_identities or (than.naming is Naming.BLIND and wanted.naming is Naming.OPEN)


def problems_before_changing(
    present: Matrix, wanted: Matrix, reason: str, *, is_invited: bool, is_accepted: bool
) -> Iterator[Problem]:
    """Yield what keeps a round's matrix from being changed.

    ``is_invited``: a reviewer of the round was invited, so that a change needs a reason; ``is_accepted``: one accepted,
    and who was promised to stay unnamed, reviewer or applicant, stays so.
    """
    if wanted == present:
        yield Problem("nothing-changed", _l("This is how it is already. Nothing was changed."))
        return
    if is_invited and len(reason.strip()) < SHORTEST_REASON:
        message = _l(
            "Reviewers are invited. Say in at least %(least)s characters why this changes.", least=SHORTEST_REASON
        )
        yield Problem("reason-too-short", message, "reason")
    if not is_accepted:
        return
    if is_looser(replace(wanted, naming=present.naming), present):
        message = _l(
            "A reviewer accepted under the promise that their name is shown less. It can only become stricter."
        )
        yield Problem("identities-promised", message, "identities")
    if is_looser(replace(wanted, identities=present.identities), present):
        message = _l("Reviewers work without the names of applicants. They are not shown any more in this round.")
        yield Problem("blind-promised", message, "naming")
