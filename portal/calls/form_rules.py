"""Rules across the questions of a form, by name: a version of a form switches them on with its own parameters.

Each is a pure function of the form, the answers that count, and names as a calculation gives them: `question`, or
`question.part` for one column of a table. It yields each problem at the question that mends it. What a parameter must
name stands in `RULES`, so that a form with an unknown rule or an unfit parameter is refused when it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from portal.core.errors import Problem
from portal.core.text import Text, _l

if TYPE_CHECKING:
    from portal.calls.form_definitions import FormDefinition

Names = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a parameter names: answers of one kind, one of them or several, whole or also as a part (`question.part`)."""

    kind: str
    is_list: bool = False
    may_be_part: bool = False


@dataclass(frozen=True, slots=True)
class FormRule:
    """A rule that a form can switch on. `is_by_row`: what it names stands in one table, or in none."""

    problems: Callable[..., Iterator[Problem]]
    parameters: Mapping[str, Parameter]
    is_by_row: bool = False


def end_not_before_start(
    form: FormDefinition, answers: Mapping[str, Any], *, start: str, end: str
) -> Iterator[Problem]:
    """What ends does not end before it starts; of a table, row by row."""
    starts = _days(answers, start)
    for row, day in _days(answers, end).items():
        if row not in starts or starts[row] <= day:
            continue
        said = {"start": _label(form, start), "end": _label(form, end)}
        message = _l("“%(end)s” lies before “%(start)s”.", **said)
        if row:
            message = _l(
                "“%(question)s”, row %(row)s: “%(end)s” lies before “%(start)s”.",
                question=_table(form, end),
                row=row,
                **said,
            )
        yield Problem("end-before-start", message, _key(end))


def days_within_period(
    form: FormDefinition, answers: Mapping[str, Any], *, days: Names, start: str, end: str
) -> Iterator[Problem]:
    """Each day lies in the period, both its days included; nothing is said of a period that is not known or runs back."""
    first, last = _days(answers, start).get(0), _days(answers, end).get(0)
    if first is None or last is None or last < first:
        return
    for name in _several(days):
        for row, day in _days(answers, name).items():
            if first <= day <= last:
                continue
            said = {"label": _label(form, name), "day": day, "start": first, "end": last}
            message = _l("“%(label)s”: %(day)s lies outside the project, from %(start)s to %(end)s.", **said)
            if row:
                message = _l(
                    "“%(question)s”, row %(row)s, “%(label)s”: "
                    "%(day)s lies outside the project, from %(start)s to %(end)s.",
                    question=_table(form, name),
                    row=row,
                    **said,
                )
            yield Problem("day-outside-period", message, _key(name))


def targets_each_year(
    form: FormDefinition, answers: Mapping[str, Any], *, targets: str, start: str, end: str
) -> Iterator[Problem]:
    """There is a target for each year in which the project runs, once there are any."""
    first, last = _days(answers, start).get(0), _days(answers, end).get(0)
    found = answers.get(targets)
    if first is None or last is None or not isinstance(found, Mapping) or not found:
        return
    for year in range(first.year, last.year + 1):
        counts = found.get(str(year))
        if not isinstance(counts, Mapping) or all(each is None for each in counts.values()):
            message = _l(
                "“%(question)s”: fill in figures for %(year)s too, a year in which the project runs.",
                question=_label(form, targets),
                year=str(year),
            )
            yield Problem("target-year-missing", message, targets)


def _days(answers: Mapping[str, Any], name: str) -> dict[int, date]:
    """Return the dates that a name stands for by row, counted from 1; that of a question without rows at 0."""
    key, is_column, column = name.partition(".")
    answer = answers.get(key)
    if not is_column:
        found = {0: answer}
    else:
        rows = answer if isinstance(answer, list | tuple) else ()
        found = {number: row.get(column) for number, row in enumerate(rows, start=1) if isinstance(row, Mapping)}
    days = {row: _day(each) for row, each in found.items()}
    return {row: day for row, day in days.items() if day is not None}


def _day(answer: Any) -> date | None:
    try:
        return date.fromisoformat(answer) if isinstance(answer, str) else None
    except ValueError:
        return None


def _key(name: str) -> str:
    return name.partition(".")[0]


def _table(form: FormDefinition, name: str) -> Text:
    return form.question(_key(name)).label


def _label(form: FormDefinition, name: str) -> Text:
    key, _dot, column = name.partition(".")
    question = form.question(key)
    return next((each.label for each in question.columns if each.key == column), question.label)


def _several(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


_DAY = Parameter("date")
_DAY_OR_COLUMN = Parameter("date", may_be_part=True)
RULES: dict[str, FormRule] = {
    "end_not_before_start": FormRule(
        end_not_before_start, {"start": _DAY_OR_COLUMN, "end": _DAY_OR_COLUMN}, is_by_row=True
    ),
    "days_within_period": FormRule(
        days_within_period,
        {"days": Parameter("date", is_list=True, may_be_part=True), "start": _DAY, "end": _DAY},
    ),
    "targets_each_year": FormRule(
        targets_each_year, {"targets": Parameter("targets_per_year"), "start": _DAY, "end": _DAY}
    ),
}
