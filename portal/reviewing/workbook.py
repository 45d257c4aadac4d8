"""The score forms of one reviewer and round as a sheet: its rows, its columns, and the mark by which it is known again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from portal.calls.queries import terms_of
from portal.core.digests import canonical, digest
from portal.core.spreadsheet import Open
from portal.core.text import Msg, Text, _l
from portal.reviewing.rules import TOP_SCORE
from portal.reviewing.states import Confidence
from portal.reviewing.typed import CANNOT_JUDGE, CONFIDENCE, TEXTS

if TYPE_CHECKING:
    from portal.calls.definitions import Criterion
    from portal.reviewing.models import Review

MARK = "portal"
"""The hidden sheet that says of which round the file is, and how each review stood."""
ROUND = "round"

APPLICATION = Text("Aanvraag", "Application")
PART = Text("Onderdeel", "Part")
WEIGHT = Text("Weging", "Weight")
THRESHOLD = Text("Drempel", "Threshold")
SCORE = Text("Score (0 tot 10)", "Score (0 to 10)")
PASS = Text("Kan niet beoordelen (x)", "Cannot judge (x)")
TEXT = Text("Motivering of tekst", "Reasons or text")
TWO = Text("Wat een 2 betekent", "What a 2 means")
FIVE = Text("Wat een 5 betekent", "What a 5 means")
EIGHT = Text("Wat een 8 betekent", "What an 8 means")
KEY = Text("Sleutel", "Key")
WIDTHS = {APPLICATION: 30, PART: 34, WEIGHT: 9, THRESHOLD: 10, SCORE: 10, PASS: 12, TEXT: 80, TWO: 34, FIVE: 34, EIGHT: 34, KEY: 0}  # fmt: skip
COLUMNS = tuple(WIDTHS)

CONFIDENCE_WORDS: Mapping[Confidence, Text] = {
    Confidence.LOW: Text("minder zeker", "less sure"),
    Confidence.NORMAL: Text("gewoonlijk", "as usual"),
    Confidence.HIGH: Text("zekerder", "surer"),
}
PARTS: Mapping[str, Msg] = {
    "strengths": _l("Strengths"),
    "weaknesses": _l("Weaknesses"),
    "private_note": _l("Note to the case officer"),
    CONFIDENCE: _l("How sure are you of this review?"),
}
SAYS = (
    _l("Fill in the yellow cells of the first sheet. All other cells are protected."),
    _l("Give each criterion a score from 0 to 10, in whole points, and your reasons beside it."),
    _l("Where you cannot judge a criterion, leave the score empty, put an x beside it, and say why."),
    _l("You may leave cells empty: a draft may be incomplete. An empty cell empties the field in the portal."),
    _l("Formulas are not computed: paste their results as values."),
    _l("Then choose the file on the page where you downloaded it. You first read what it would change."),
    _l("The portal saves drafts only. You submit each review in the portal itself."),
    _l("Change nothing in the portal meanwhile: a workbook that is older than what stands there is refused."),
    _l("Keep this file to yourself, and delete it once your reviews are submitted."),
)
"""What the second sheet says, a line each."""


def rows_of(review: Review, standing: Mapping[str, str], translate: Callable[[Any], str]) -> Iterable[Sequence[Any]]:
    """Yield the rows of one review: a row a criterion with its anchors, the texts, and how sure the reviewer is."""
    name = f"{review.shown_reference} {review.shown_name}" if not review.is_blind else review.shown_reference
    for each in terms_of(review.application.round).criteria:
        yield _criterion_row(review, name, each, standing, translate)
    for part in TEXTS:
        yield [
            name,
            translate(PARTS[part]),
            *[None] * 4,
            Open(standing.get(part) or None),
            *[None] * 3,
            key_of(review, part),
        ]
    sure = CONFIDENCE_WORDS[Confidence(standing[CONFIDENCE])]
    words = tuple(translate(each) for each in CONFIDENCE_WORDS.values())
    yield [
        name,
        translate(PARTS[CONFIDENCE]),
        *[None] * 4,
        Open(translate(sure), among=words),
        *[None] * 3,
        key_of(review, CONFIDENCE),
    ]


def _criterion_row(
    review: Review, name: str, criterion: Criterion, standing: Mapping[str, str], translate: Callable[[Any], str]
) -> Sequence[Any]:
    given = standing.get(f"{criterion.code}-score", "")
    return [
        name,
        translate(criterion.label),
        criterion.weight,
        criterion.threshold,
        Open(int(given) if given not in ("", CANNOT_JUDGE) else None, whole=(0, TOP_SCORE)),
        Open("x" if given == CANNOT_JUDGE else None, among=("x",)),
        Open(standing.get(f"{criterion.code}-reason") or None),
        *(translate(each) for each in (criterion.anchor_2, criterion.anchor_5, criterion.anchor_8)),
        key_of(review, criterion.code),
    ]


def key_of(review: Review, part: str) -> str:
    """Return by which a row is known again, wherever it was sorted to."""
    return f"{review.id}:{part}"


def version_of(review: Review, standing: Mapping[str, str]) -> str:
    """Return the version that a file was made from: the review's number, and a digest of all that stands, the draft too."""
    return f"{review.version}.{digest(canonical(dict(standing)))[:32]}"


def mark_of(code: str, versions: Mapping[int, str]) -> dict[str, str]:
    """Return what the hidden sheet says of a round's code and the versions of its reviews, by number."""
    return {ROUND: code, **{f"review-{number}": version for number, version in versions.items()}}
