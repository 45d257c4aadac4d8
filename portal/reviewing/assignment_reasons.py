"""Why a pair stands in a proposal, as it is kept beside the pair and read back for a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.reviewing.affinity import Match, affinity, matches
from portal.reviewing.assignment_facts import RoundFacts
from portal.reviewing.expertise import Level, Subject, SubjectKind
from portal.reviewing.matching.problem import Bar, Cause, Kind, Place, Shortfall


@dataclass(frozen=True, slots=True)
class Reason:
    """``fit`` in whole percents; ``rank`` by fit among ``eligible`` people (0: not computed, chosen by hand)."""

    fit: int
    matches: tuple[Match, ...]
    rank: int = 0
    eligible: int = 0


def plain_reason(place: Place) -> dict[str, Any]:
    """Return a place's reason as JSON values."""
    return _plain(place.affinity, place.matches) | {"rank": place.rank, "eligible": place.eligible}


def reason_by_hand(facts: RoundFacts, application: int, person: int) -> dict[str, Any]:
    """Return the fit of a pair that a person chose; it has no rank, because nobody compared."""
    weights, levels = facts.subjects.get(application, {}), facts.reviewers[person].expertise
    return _plain(affinity(weights, levels), matches(weights, levels))


def read_reason(held: Mapping[str, Any]) -> Reason:
    """Return a kept reason."""
    found = tuple(
        Match(Subject(SubjectKind(kind), code), Level(level), float(share))
        for kind, code, level, share in held.get("matches", ())
    )
    return Reason(round(100 * float(held.get("fit", 0))), found, held.get("rank", 0), held.get("eligible", 0))


def plain_shortfall(each: Shortfall) -> dict[str, Any]:
    """Return a shortfall as JSON values."""
    return {
        "application": each.application,
        "kind": str(each.kind),
        "missing": each.missing,
        "cause": str(each.cause),
        "barred": {str(bar): count for bar, count in sorted(each.barred.items())},
    }


def read_shortfall(held: Mapping[str, Any]) -> Shortfall:
    """Return a kept shortfall."""
    barred = {Bar(bar): count for bar, count in held["barred"].items()}
    return Shortfall(held["application"], Kind(held["kind"]), held["missing"], Cause(held["cause"]), barred)


def _plain(fit: float, found: tuple[Match, ...]) -> dict[str, Any]:
    kept = [[str(each.subject.kind), each.subject.code, str(each.level), f"{each.share:.4f}"] for each in found]
    return {"fit": f"{fit:.4f}", "matches": kept}
