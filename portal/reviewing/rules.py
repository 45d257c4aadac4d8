"""What a review's scores come to, when consensus is asked, and what must hold before a review or consensus stands.

Exact fractions throughout (domain page §5). A figure is rounded once, half up, to two decimals; that published figure
meets thresholds and limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from portal.applications.states import State
from portal.calls.rules import phase
from portal.calls.states import Phase
from portal.core.actor import Role
from portal.core.errors import Problem
from portal.core.text import _l
from portal.reviewing.states import BLOCKING, WAIVABLE, Confidence, ConflictKind, ConsensusCause, ReviewState

if TYPE_CHECKING:
    from portal.applications.models import Application
    from portal.calls.definitions import CallDefinition, Criterion
    from portal.reviewing.models import Review

TOP_SCORE = 10
_SCORES = range(TOP_SCORE + 1)
FEWEST_JUDGES = 2  # a criterion that fewer judged is settled by consensus
SHORTEST_TEXT = 20  # characters; below that nobody learns why
LONGEST_REASON = 3000
USUAL_LOAD = 6  # most reviews a round, for who has not said otherwise
EXPERIENCED_FROM = 3  # submitted reviews in rounds whose results are out
LONGEST_TEXT = 8000
LONGEST_REMARK = 3000
TOTAL = "total"  # in ``missed``: the threshold on the total

NOTHING_JUDGED = Problem("nothing-judged", _l("You judge no criterion. Decline the review instead, with your reason."))


@dataclass(frozen=True, slots=True)
class Score:
    """What a reviewer gives one criterion: 0 to 10 in whole points, or "cannot judge"; with the reason."""

    score: int | None = None
    cannot_judge: bool = False
    reason: str = ""

    @property
    def is_given(self) -> bool:
        """Return whether the criterion is judged: it counts in both sums."""
        return self.score is not None and not self.cannot_judge


@dataclass(frozen=True, slots=True)
class ReviewAnswers:
    """Everything a reviewer writes. ``scores`` by criterion code; ``private_note`` is for the case officer only."""

    scores: Mapping[str, Score]
    strengths: str = ""
    weaknesses: str = ""
    private_note: str = ""
    confidence: Confidence = Confidence.NORMAL


@dataclass(frozen=True, slots=True)
class Figures:
    """An application's published figures. ``totals`` follow the order of the reviews given."""

    total: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    spread: Decimal | None
    criteria: Mapping[str, Decimal]
    totals: tuple[Decimal, ...]
    missed: tuple[str, ...]
    causes: tuple[ConsensusCause, ...]
    has_all_reviews: bool
    is_complete: bool


def is_independent(roles: Iterable[str]) -> bool:
    """Return whether these are a reviewer's roles and no role of the department, whose pages show others' reviews early."""
    return set(roles) == {Role.REVIEWER}


def is_under_review(application: Application, at: datetime) -> bool:
    """Return whether it is reviewed at ``at``: admissible, its round closed and the results not out."""
    return application.state is State.ADMISSIBLE and phase(application.round, at) in (Phase.CLOSED, Phase.IN_REVIEW)


def is_expired(review: Review, on: date) -> bool:
    """Return whether the invitation can no longer be answered on ``on``, whether or not the portal said so already."""
    if review.state is ReviewState.EXPIRED:
        return True
    is_open = review.state is ReviewState.INVITED and review.answer_due_on is not None
    return is_open and review.answer_due_on < on  # type: ignore[operator]  # not None, by the line above


def read_scores(stored: Mapping[str, Any]) -> dict[str, Score]:
    """Return stored scores as Score by criterion code."""
    return {code: Score(each["score"], each["cannot_judge"], each["reason"]) for code, each in stored.items()}


def write_scores(scores: Mapping[str, Score]) -> dict[str, Any]:
    """Return scores as they are stored: criterion code → {"score", "cannot_judge", "reason"}."""
    return {
        code: {"score": each.score, "cannot_judge": each.cannot_judge, "reason": each.reason}
        for code, each in scores.items()
    }


def rounded(figure: Fraction) -> Decimal:
    """Return ``figure`` to two decimals, half up (figures are never negative)."""
    cents = (figure * 200 + 1) // 2
    return Decimal(cents).scaleb(-2)


def weighted_total(points: Mapping[str, int], criteria: Iterable[Criterion]) -> Fraction:
    """Return Σ weight × score ÷ Σ weight × 10, of 100; ``points`` holds a score for each of ``criteria``."""
    weighed = [(each.weight, points[each.code]) for each in criteria]
    return Fraction(sum(weight * score for weight, score in weighed) * 10, sum(weight for weight, _ in weighed))


def review_total(scores: Mapping[str, Score], criteria: Iterable[Criterion]) -> Fraction | None:
    """Return a reviewer's exact total of 100; what they cannot judge leaves both sums. None where nothing is judged."""
    points = _points(scores)
    judged = [each for each in criteria if each.code in points and each.weight]
    return weighted_total(points, judged) if judged else None


def assess(
    terms: CallDefinition,
    reviews: Sequence[Mapping[str, Score]],
    consensus: Mapping[str, int] | None = None,
    *,
    awaited: int = 0,
) -> Figures:
    """Return an application's figures.

    ``reviews`` are the submitted ones' scores, ``awaited`` how many more are out; ``consensus`` the recorded scores.
    Causes are found once enough reviews, and all of them, are in.
    """
    exact = [found for each in reviews if (found := review_total(each, terms.criteria)) is not None]
    has_all = awaited == 0 and len(reviews) >= terms.reviewers_per_application
    spread = rounded(max(exact) - min(exact)) if exact else None
    causes = tuple(_causes(terms, reviews, exact, spread)) if has_all else ()
    exact_total = sum(exact, Fraction(0)) / len(exact) if exact else None
    if consensus is not None:
        exact_total = weighted_total(consensus, terms.criteria)
        criteria = {code: rounded(Fraction(score)) for code, score in consensus.items()}
    else:
        criteria = {
            each.code: rounded(mean) for each in terms.criteria if (mean := _mean(each.code, reviews)) is not None
        }
    total = rounded(exact_total) if exact_total is not None else None
    return Figures(
        total=total,
        lowest=rounded(min(exact)) if exact else None,
        highest=rounded(max(exact)) if exact else None,
        spread=spread,
        criteria=criteria,
        totals=tuple(rounded(each) for each in exact),
        missed=tuple(_missed(terms, total, criteria)),
        causes=causes,
        has_all_reviews=has_all,
        is_complete=has_all and (not causes or consensus is not None),
    )


def _points(scores: Mapping[str, Score]) -> dict[str, int]:
    return {code: each.score for code, each in scores.items() if each.score is not None and not each.cannot_judge}


def _mean(code: str, reviews: Iterable[Mapping[str, Score]]) -> Fraction | None:
    given = [points[code] for each in reviews if code in (points := _points(each))]
    return Fraction(sum(given), len(given)) if given else None


def _causes(
    terms: CallDefinition, reviews: Sequence[Mapping[str, Score]], exact: Sequence[Fraction], spread: Decimal | None
) -> Iterator[ConsensusCause]:
    if spread is not None and spread > terms.spread_limit:
        yield ConsensusCause.SPREAD
    if len({rounded(each) >= terms.total_threshold for each in exact}) > 1:
        yield ConsensusCause.THRESHOLD
    judges = [sum(each.code in _points(review) for review in reviews) for each in terms.criteria]
    if min(judges) < FEWEST_JUDGES:
        yield ConsensusCause.UNJUDGED


def _missed(terms: CallDefinition, total: Decimal | None, criteria: Mapping[str, Decimal]) -> Iterator[str]:
    if total is None:
        return
    if total < terms.total_threshold:
        yield TOTAL
    for each in terms.criteria:
        if each.threshold is not None and each.code in criteria and criteria[each.code] < each.threshold:
            yield each.code


def problems_with_judging(kind: ConflictKind) -> Iterator[Problem]:
    """Yield why nobody confirms or dismisses a conflict of this kind: it blocks by being found."""
    if kind in BLOCKING:
        yield Problem(
            "conflict-blocks", _l("This conflict of interest blocks by itself: nobody confirms or dismisses it.")
        )


def problems_with_waiving(kind: ConflictKind) -> Iterator[Problem]:
    """Yield why nobody may set a conflict of this kind aside: only ties between organisations can be."""
    if kind not in WAIVABLE:
        yield Problem("conflict-stands", _l("This conflict of interest cannot be waived: it is one of the person."))


def problems_with_answers(criteria: Sequence[Criterion], answers: ReviewAnswers) -> Iterator[Problem]:
    """Yield what cannot be stored even as a draft, at the fields ``<criterion>-score`` and ``<criterion>-reason``."""
    known = {each.code for each in criteria}
    for code, each in answers.scores.items():
        if code not in known:
            yield Problem("unknown-criterion", _l("This call has no criterion %(code)s.", code=code))
            continue
        if each.score is not None and each.score not in _SCORES:
            yield Problem("score-out-of-range", _l("Give a score from 0 to 10, in whole points."), f"{code}-score")
        if each.score is not None and each.cannot_judge:
            yield Problem(
                "score-and-cannot-judge", _l("Give a score or say that you cannot judge, not both."), f"{code}-score"
            )
        yield from _too_long(each.reason, LONGEST_REASON, f"{code}-reason")
    for field in ("strengths", "weaknesses", "private_note"):
        yield from _too_long(getattr(answers, field), LONGEST_TEXT, field)


def problems_with_remark(text: str) -> Iterator[Problem]:
    """Yield why a remark cannot be written in the discussion, at the field ``remark``."""
    if not text.strip():
        yield Problem("remark-missing", _l("Write your remark first."), "remark")
    yield from _too_long(text, LONGEST_REMARK, "remark")


def problems_before_submitting_review(
    criteria: Sequence[Criterion], scores: Mapping[str, Score], strengths: str, weaknesses: str
) -> Iterator[Problem]:
    """Yield everything that keeps a review from being submitted, at the same fields as a draft's problems."""
    for each in criteria:
        given = scores.get(each.code, Score())
        if not given.is_given and not given.cannot_judge:
            yield Problem(
                "score-missing",
                _l("Give a score for %(criterion)s, or say that you cannot judge it.", criterion=each.label),
                f"{each.code}-score",
            )
        if len(given.reason.strip()) < SHORTEST_TEXT:
            yield Problem(
                "reason-too-short",
                _l(
                    "Give your reasons for %(criterion)s in at least %(least)s characters.",
                    criterion=each.label,
                    least=SHORTEST_TEXT,
                ),
                f"{each.code}-reason",
            )
    if criteria and all(scores.get(each.code, Score()).cannot_judge for each in criteria):
        yield NOTHING_JUDGED
    for field, text, message in (
        ("strengths", strengths, _l("Name the strengths in at least %(least)s characters.", least=SHORTEST_TEXT)),
        ("weaknesses", weaknesses, _l("Name the weaknesses in at least %(least)s characters.", least=SHORTEST_TEXT)),
    ):
        if len(text.strip()) < SHORTEST_TEXT:
            yield Problem(f"{field}-too-short", message, field)


def problems_before_recording_consensus(
    criteria: Sequence[Criterion], scores: Mapping[str, Any], text: str, *, has_all_reviews: bool
) -> Iterator[Problem]:
    """Yield what keeps a consensus from being recorded: agreed whole points on every criterion, and one text."""
    if not has_all_reviews:
        yield Problem("reviews-outstanding", _l("Not every review is in yet. Consensus is recorded after that."))
    for each in criteria:
        if scores.get(each.code) not in _SCORES:
            yield Problem("score-out-of-range", _l("Give a score from 0 to 10, in whole points."), f"{each.code}-score")
    if len(text.strip()) < SHORTEST_TEXT:
        message = _l("Write the consensus text in at least %(least)s characters.", least=SHORTEST_TEXT)
        yield Problem("text-too-short", message, "text")
    yield from _too_long(text, LONGEST_TEXT, "text")


def _too_long(text: str, most: int, field: str) -> Iterator[Problem]:
    if len(text) > most:
        message = _l(
            "This is %(length)s characters; the limit is %(limit)s. Shorten it by %(excess)s.",
            length=len(text),
            limit=most,
            excess=len(text) - most,
        )
        yield Problem("too-long", message, field)
