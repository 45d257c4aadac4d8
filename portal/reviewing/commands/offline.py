"""A round's score forms that come back as a workbook: one judgement, for the page that shows it and for the saving.

Only drafts are saved, by ``save_review``: nothing here submits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from portal.applications.commands.budget_import import CellProblem
from portal.calls.definitions import Criterion
from portal.calls.queries import terms_of
from portal.core.context import Ctx
from portal.core.errors import Problem, refuse_if
from portal.core.spreadsheet import Sheet, read_sheet
from portal.core.text import _l
from portal.reviewing.commands.form_rows import read_rows
from portal.reviewing.commands.writing import save_review
from portal.reviewing.models import Review
from portal.reviewing.rules import problems_with_answers
from portal.reviewing.states import ReviewState
from portal.reviewing.typed import answers_of, fields_of, marks_of
from portal.reviewing.workbook import MARK, ROUND, mark_of, version_of

MOST_ROWS = 2000  # eighty forms of twenty rows, and room for what was typed below them


@dataclass(frozen=True, slots=True)
class OwnForm:
    """A review that its reviewer may write now, with the text that stands: the draft over what was saved."""

    review: Review
    standing: Mapping[str, str]

    @property
    def version(self) -> str:
        return version_of(self.review, self.standing)


@dataclass(frozen=True, slots=True)
class FormChange:
    """What a workbook changes in one review: field → text, over what stands."""

    form: OwnForm
    changed: Mapping[str, str]


@dataclass(slots=True)
class FormsPlan:
    """What a workbook would save, and ``problems`` where it cannot; ``unchanged`` says the same as the portal."""

    changes: list[FormChange] = field(default_factory=list)
    unchanged: list[OwnForm] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)


def plan_forms(code: str, forms: Sequence[OwnForm], content: bytes) -> FormsPlan:
    """Return what the workbook would save of these forms of the round ``code``.

    RuleViolation for a file that is no workbook of these forms (``not-an-export``, ``of-another-round``), that is older
    than what stands (``form-changed-since``) or lacks a column (``column-missing``).
    """
    sheet = read_sheet(content, hidden=MARK, most_rows=MOST_ROWS)
    refuse_if(_problems_with_mark(code, forms, sheet))
    found, problems = read_rows({each.review.id: each.review for each in forms}, sheet)
    plan = judge_forms(forms, found) if not problems else FormsPlan()
    plan.problems = problems
    return plan


def judge_forms(forms: Sequence[OwnForm], filled: Mapping[int, Mapping[str, str]]) -> FormsPlan:
    """Return what would be saved of what was filled in, by review and field. RuleViolation for what cannot be stored."""
    plan = FormsPlan()
    for each in forms:
        values = filled.get(each.review.id, {})
        standing = marks_of(each.standing)
        changed = {name: values[name] for name, mark in marks_of(values).items() if mark != standing.get(name, "")}
        criteria = terms_of(each.review.application.round).criteria
        refuse_if(
            Problem("unknown-field", _l("A review has no field %(name)s.", name=name))
            for name in changed
            if name not in fields_of(criteria)
        )
        if changed:
            refuse_if(_problems_with_values({**each.standing, **changed}, criteria))
            plan.changes.append(FormChange(each, changed))
        else:
            plan.unchanged.append(each)
    return plan


def _problems_with_values(values: Mapping[str, str], criteria: Sequence[Criterion]) -> Iterator[Problem]:
    try:
        answers = answers_of(values, criteria)
    except ValueError:  # no cell of ours gives such a score
        yield Problem("score-out-of-range", _l("Give a score from 0 to 10, in whole points."))
        return
    yield from problems_with_answers(criteria, answers)


def save_forms(
    ctx: Ctx, forms: Sequence[OwnForm], versions: Mapping[int, str], filled: Mapping[int, Mapping[str, str]]
) -> int:
    """Save all of it as drafts, or nothing, and return how many reviews a conflict of interest sealed meanwhile.

    ``versions`` are those that the file was made from, by review. Refuses as ``plan_forms`` and ``save_review`` do.
    """
    refuse_if(problems_with_age(forms, versions))
    changes = judge_forms(forms, filled).changes
    for each in changes:
        review = each.form.review
        whole = {**each.form.standing, **each.changed}
        save_review(ctx, review, answers_of(whole, terms_of(review.application.round).criteria), review.version)
    return sum(each.form.review.state is ReviewState.SEALED for each in changes)


def problems_with_age(forms: Sequence[OwnForm], versions: Mapping[int, str]) -> Iterator[Problem]:
    """Yield each review that is not as it was when the file was made, and each that can no longer be written."""
    known = {each.review.id: each for each in forms}
    for number, version in versions.items():
        if number not in known:
            message = _l("One of the reviews in this file is not yours to write any more. Download the workbook again.")
            yield Problem("not-yours-to-write", message, "file")
        elif version != known[number].version:
            message = _l(
                "Your review of %(reference)s changed in the portal since this file was downloaded. Nothing is saved: download the workbook again, and put your text in it.",
                reference=known[number].review.shown_reference,
            )
            yield Problem("form-changed-since", message, "file")


def versions_in(sheet: Sheet) -> dict[int, str]:
    """Return the versions that a file was made from, by review."""
    found = ((key.removeprefix("review-"), version) for key, version in sheet.said.items() if key.startswith("review-"))
    return {int(number): version for number, version in found if number.isascii() and number.isdigit()}


def _problems_with_mark(code: str, forms: Sequence[OwnForm], sheet: Sheet) -> Iterator[Problem]:
    if ROUND not in sheet.said or not versions_in(sheet):
        message = _l(
            "This file is no workbook of your score forms. Download it here, fill that file in, and choose it."
        )
        yield Problem("not-an-export", message, "file")
    elif sheet.said[ROUND] != code:
        message = _l("This file is of round %(other)s, not of this one.", other=sheet.said[ROUND])
        yield Problem("of-another-round", message, "file")
    else:
        yield from problems_with_age(forms, versions_in(sheet))


def mark_of_forms(code: str, forms: Sequence[OwnForm]) -> dict[str, str]:
    """Return what the hidden sheet of a workbook of these forms says."""
    return mark_of(code, {each.review.id: each.version for each in forms})
