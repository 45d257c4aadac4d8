"""What stands beside a question: where its answer was taken from and what changed since, and what an earlier judgement said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from portal.applications.answers_shown import Beside, Value, value_of
from portal.applications.carrying import SOURCE_WORDS
from portal.applications.counted import Counted
from portal.applications.marks import marked_change
from portal.applications.merging import is_same
from portal.calls.definitions import CallDefinition
from portal.calls.form_definitions import WITH_LIMIT, Question, Section
from portal.core.text import Msg, Text


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an answer came from; what it was, and the words that changed, where it is another one by now."""

    words: Msg
    is_changed: bool
    was: Value
    marked: Markup | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said of one criterion of the earlier application: its score of 10, and the least that was asked."""

    label: Text
    score: Decimal
    threshold: Decimal | None

    @property
    def is_missed(self) -> bool:
        return self.threshold is not None and self.score < self.threshold


@dataclass(frozen=True, slots=True)
class JudgedBefore:
    """The partnership's earlier application that got no award, and what was said of it."""

    reference: str
    total: Decimal | None
    text: str
    reviews: tuple[Mapping[str, Any], ...]
    criteria: Mapping[str, Judged]


def origins_of(
    section: Section, carried: Mapping[str, Any], answers: Mapping[str, Any], beside: Beside
) -> dict[str, Origin]:
    """Return the origin of each answer of the section that was taken over, by question key."""
    return {
        each.key: _origin(each, carried[each.key], answers.get(each.key), beside)
        for each in section.questions
        if each.key in carried
    }


def _origin(question: Question, carried: Mapping[str, Any], answer: Any, beside: Beside) -> Origin:
    before = carried["answer"]
    is_changed = not is_same(before, answer)
    is_text = question.kind in WITH_LIMIT
    return Origin(
        words=SOURCE_WORDS[carried["source"]],
        is_changed=is_changed,
        was=value_of(question, before, beside),
        marked=marked_change(str(before), str(answer or "")) if is_changed and is_text else None,
    )


def judged_before(counted: Counted, terms: CallDefinition) -> JudgedBefore | None:
    """Return what was said of the partnership's last application in this call that got no award."""
    found = counted.judged_before
    if found is None:
        return None
    feedback = found["feedback"] or {}
    scores = feedback.get("criteria", {})
    return JudgedBefore(
        reference=found["reference"],
        total=Decimal(feedback["total"]) if feedback.get("total") else None,
        text=feedback.get("text", ""),
        reviews=tuple(feedback.get("reviews", ())),
        criteria={
            each.code: Judged(each.label, Decimal(scores[each.code]), each.threshold)
            for each in terms.criteria
            if scores.get(each.code) is not None
        },
    )
