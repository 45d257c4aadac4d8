"""Why a row stands where it stands, in words: the tie that was parted, and the line. Pure; sentences for ``translate``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portal.calls.definitions import CallDefinition
from portal.calls.states import RankingPolicy
from portal.core.text import Msg, _l
from portal.core.workflow import Tone
from portal.decisions.rules import Limit, ReasonCode, TieKey
from portal.decisions.states import Place
from portal.places.provinces import PROVINCES_BY_CODE

if TYPE_CHECKING:
    from portal.decisions.board_queries import BoardRow
    from portal.decisions.models import RankingRow
    from portal.decisions.scenarios import Compared

Number = Callable[[Decimal], str]  # a score in the reader's own writing

PLACE_LABELS: dict[Place, Msg] = {
    Place.FUNDED: _l("Funded"),
    Place.PARTIAL: _l("Funded in part"),
    Place.RESERVE: _l("Reserve list"),
    Place.NOT_FUNDABLE: _l("Not fundable"),
}

PLACE_TONES: dict[Place, Tone] = {
    Place.FUNDED: Tone.APPROVED,
    Place.PARTIAL: Tone.ATTENTION,
    Place.RESERVE: Tone.WAIT,
    Place.NOT_FUNDABLE: Tone.REFUSED,
}

AT_THE_LINE: dict[RankingPolicy, Msg] = {
    RankingPolicy.STRICT: _l("The line stops at the first that does not fit."),
    RankingPolicy.SKIP: _l("The line goes on below what does not fit, and takes what does."),
    RankingPolicy.PARTIAL: _l("The first that does not fit is offered what is left, within its stated minimum."),
}

_FIGURES = ("left", "province_left", "minimum")
_LINE: dict[tuple[ReasonCode, Limit | None], Msg] = {
    (ReasonCode.FITS, None): _l("Fits: %(left)s is left after it."),
    (ReasonCode.FITS, Limit.PROVINCE): _l("Fits: %(left)s is left after it, and %(province_left)s for %(province)s."),
    (ReasonCode.REDUCED, None): _l("Fits in part: what is left is offered; its stated minimum is %(minimum)s."),
    (ReasonCode.REDUCED, Limit.PROVINCE): _l(
        "Fits in part: what is left for %(province)s is offered; its stated minimum is %(minimum)s."
    ),
    (ReasonCode.DOES_NOT_FIT, None): _l("Does not fit: the round has %(left)s left."),
    (ReasonCode.DOES_NOT_FIT, Limit.PROGRAMME): _l("Does not fit: the programme has %(left)s left."),
    (ReasonCode.DOES_NOT_FIT, Limit.PROVINCE): _l("Does not fit: %(left)s is left for %(province)s."),
    (ReasonCode.NO_REDUCTION, None): _l("Does not fit (%(left)s left), and states no lower amount to go on with."),
    (ReasonCode.NO_REDUCTION, Limit.PROVINCE): _l(
        "Does not fit (%(left)s left for %(province)s), and states no lower amount to go on with."
    ),
    (ReasonCode.BELOW_MINIMUM, None): _l(
        "Does not fit: %(left)s is left, less than its stated minimum of %(minimum)s."
    ),
    (ReasonCode.BELOW_MINIMUM, Limit.PROVINCE): _l(
        "Does not fit: %(left)s is left for %(province)s, less than its stated minimum of %(minimum)s."
    ),
    (ReasonCode.PASSED_OVER, None): _l("Did not fit (%(left)s left) and was passed over for one below that does."),
    (ReasonCode.AFTER_THE_LINE, None): _l("Comes after the line."),
    (ReasonCode.AFTER_THE_LINE, Limit.PROVINCE): _l("Comes after the line of %(province)s."),
}


def why(row: RankingRow | BoardRow, scores: Mapping[str, str], terms: CallDefinition, number: Number) -> Iterator[Msg]:
    """Yield the sentences that explain a row: a tie with the row above or below it, then its place at the line.

    ``scores`` are the published scores by criterion, as the assessment stores them.
    """
    reason = row.reason
    if "above" in reason:
        yield from _tie(row, reason["above"], TieKey(row.decided_by), terms, number, follows=True)
    if "below" in reason:
        yield from _tie(row, reason["below"], TieKey(reason["below"]["key"]), terms, number, follows=False)
    if row.place == Place.NOT_FUNDABLE:
        yield from missed_thresholds(reason.get("missed", []), row.total, scores, terms, number)
    else:
        yield at_the_line(reason)


def at_the_line(reason: dict[str, Any]) -> Msg:
    """Return why a fundable row is or is not funded, with the figures it rests on."""
    code = ReasonCode(reason["code"])
    limit = Limit.PROVINCE if "province_left" in reason else Limit(reason["limit"]) if reason.get("limit") else None
    source = _LINE.get((code, limit)) or _LINE[(code, None)]
    figures: dict[str, Any] = {name: Decimal(reason[name]) for name in _FIGURES if name in reason}
    if province := PROVINCES_BY_CODE.get(reason.get("province") or ""):
        figures["province"] = province.name
    return Msg(str(source), figures)


def missed_thresholds(
    missed: Iterable[str], total: Decimal, scores: Mapping[str, str], terms: CallDefinition, number: Number
) -> Iterator[Msg]:
    """Yield one sentence for each threshold that is missed: the total's, or a criterion's, with its score."""
    criteria = {each.code: each for each in terms.criteria}
    for code in missed:
        if code == "total":
            limit = number(terms.total_threshold)
            yield _l("The total, %(total)s, is below the threshold of %(limit)s.", total=number(total), limit=limit)
        elif code in criteria and (threshold := criteria[code].threshold) is not None:
            label, limit, score = criteria[code].label, number(threshold), number(Decimal(scores.get(code) or 0))
            yield _l("%(label)s: %(score)s, below the threshold of %(limit)s.", label=label, score=score, limit=limit)


def what_changes(row: Compared) -> Iterator[Msg]:
    """Yield what a scenario changes for one application; nothing where it changes nothing."""
    before, after = row.present, row.other
    if row.gains:
        yield _l("Gains the grant.")
    elif row.loses:
        yield _l("Loses the grant.")
    elif after.proposed_amount != before.proposed_amount:
        values = {"before": before.proposed_amount, "after": after.proposed_amount}
        yield Msg(str(_l("Is offered %(after)s instead of %(before)s.")), values)
    if before.candidate.is_fundable != after.candidate.is_fundable:
        missed, met = _l("Misses a threshold."), _l("Misses no threshold any more.")
        yield met if after.candidate.is_fundable else missed
    elif before.ranked.rank != after.ranked.rank:
        ranks = {"before": before.ranked.rank, "after": after.ranked.rank}
        is_up = after.ranked.position < before.ranked.position
        rises, falls = _l("Rises from rank %(before)s to %(after)s."), _l("Falls from rank %(before)s to %(after)s.")
        yield Msg(str(rises if is_up else falls), ranks)


def _tie(
    row: RankingRow | BoardRow,
    other: dict[str, Any],
    key: TieKey,
    terms: CallDefinition,
    number: Number,
    *,
    follows: bool,
) -> Iterator[Msg]:
    total, rank, mine = number(row.total), other["rank"], row.reason["keys"]
    values = {"rank": rank, "total": total}
    if rank is None:
        return  # among those that miss a threshold nobody wins by a tie
    if key is TieKey.CRITERION:
        label = next(each.label for each in terms.criteria if each.is_tie_break)
        values |= {"label": label, "mine": number(Decimal(mine["criterion"]))}
        values["theirs"] = number(Decimal(other["criterion"]))
        yield Msg(str(_FOLLOWS_CRITERION if follows else _LEADS_CRITERION), values)
    elif key is TieKey.COVERAGE:
        values |= {"mine": mine["coverage"], "theirs": other["coverage"]}
        yield Msg(str(_FOLLOWS_COVERAGE if follows else _LEADS_COVERAGE), values)
    else:
        values |= {"mine": datetime.fromisoformat(mine["time"]), "theirs": datetime.fromisoformat(other["time"])}
        yield Msg(str(_FOLLOWS_TIME if follows else _LEADS_TIME), values)


_FOLLOWS_CRITERION = _l("Equal to rank %(rank)s at %(total)s, and follows: %(label)s is %(mine)s against %(theirs)s.")
_LEADS_CRITERION = _l("Equal to rank %(rank)s at %(total)s, and goes first: %(label)s is %(mine)s against %(theirs)s.")
_FOLLOWS_COVERAGE = _l(
    "Equal to rank %(rank)s at %(total)s, and follows: %(mine)s municipalities that nobody serves yet, against %(theirs)s."
)
_LEADS_COVERAGE = _l(
    "Equal to rank %(rank)s at %(total)s, and goes first: %(mine)s municipalities that nobody serves yet, against %(theirs)s."
)
_FOLLOWS_TIME = _l("Equal to rank %(rank)s at %(total)s, and follows: submitted on %(mine)s, after %(theirs)s.")
_LEADS_TIME = _l("Equal to rank %(rank)s at %(total)s, and goes first: submitted on %(mine)s, before %(theirs)s.")
