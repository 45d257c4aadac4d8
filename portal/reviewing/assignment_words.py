"""The words of a proposal: why a pair, what binds, who may not."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.text import Msg, _l
from portal.reviewing.assignment_reasons import Reason
from portal.reviewing.expertise import Level, Subject
from portal.reviewing.matching.problem import Bar, Cause, Kind

MOST_SUBJECTS = 4

CAUSES: dict[tuple[Kind, Cause], Msg] = {
    (Kind.PLACES, Cause.TOO_FEW): _l("Too few people may review it."),
    (Kind.PLACES, Cause.INSTITUTIONS): _l("Those who may review it belong to too few different institutions."),
    (Kind.PLACES, Cause.LOAD): _l("Everybody who may review it has as many reviews as they take on."),
    (Kind.PLACES, Cause.TOGETHER): _l("Loads and institutions together leave nobody: try locking fewer pairs."),
    (Kind.EXPERIENCED, Cause.TOO_FEW): _l("Nobody experienced may review it."),
    (Kind.EXPERIENCED, Cause.INSTITUTIONS): _l("Nobody experienced of another institution may review it."),
    (Kind.EXPERIENCED, Cause.LOAD): _l("Everybody experienced has as many reviews as they take on."),
    (Kind.EXPERIENCED, Cause.TOGETHER): _l("No experienced reviewer fits in beside the others."),
}
BARRED: dict[Bar, Msg] = {
    Bar.CONFLICT: _l("have a conflict of interest"),
    Bar.ASKED_BEFORE: _l("were asked before and declined or were taken off"),
    Bar.UNDECLARED: _l("have not signed this year’s declaration"),
    Bar.UNAVAILABLE: _l("are away"),
}


_WITHIN = {Level.EXPERT: _l("expert"), Level.COMPETENT: _l("competent"), Level.AWARE: _l("aware")}  # in a sentence


def reason_words(reason: Reason, labels: Mapping[Subject, str]) -> list[Msg]:
    """Return why a pair stands, in a few short parts: the fit, the subjects known, the place among the others."""
    parts = [_l("Fits %(fit)s %%", fit=str(reason.fit))]
    parts += [
        _l("%(subject)s (%(level)s)", subject=labels.get(each.subject, each.subject.code), level=_WITHIN[each.level])
        for each in reason.matches[:MOST_SUBJECTS]
    ]
    if not reason.matches:
        parts.append(_l("no subject in common"))
    if reason.eligible:
        parts.append(_l("%(rank)s of %(all)s by fit", rank=str(reason.rank), all=str(reason.eligible)))
    return parts
