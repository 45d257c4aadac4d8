"""Reading the rows of a workbook of score forms: each cell as the page would take it, or what is wrong in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.utils import get_column_letter

from portal.applications.commands.budget_import import CellProblem
from portal.calls.queries import terms_of
from portal.core.errors import Problem, RuleViolation, refuse_if
from portal.core.spreadsheet import Cell, Sheet
from portal.core.text import Msg, Text, _l
from portal.reviewing.models import Review
from portal.reviewing.rules import LONGEST_REASON, LONGEST_TEXT, TOP_SCORE
from portal.reviewing.states import Confidence
from portal.reviewing.typed import CANNOT_JUDGE, CONFIDENCE, TEXTS
from portal.reviewing.workbook import CONFIDENCE_WORDS, KEY, PASS, SCORE, TEXT

_READ = (SCORE, PASS, TEXT, KEY)


def read_rows(reviews: Mapping[int, Review], sheet: Sheet) -> tuple[dict[int, dict[str, str]], list[CellProblem]]:
    """Return what was filled in, by review and field, and what is wrong in which cell. RuleViolation: ``column-missing``."""
    reader = _Rows(reviews, sheet)
    for number, cells in sheet.rows[1:]:
        reader.read(number, cells)
    return reader.filled, reader.problems


class _Rows:
    """Takes the rows one by one; what is wrong in a row leaves its field out."""

    def __init__(self, reviews: Mapping[int, Review], sheet: Sheet) -> None:
        self.reviews = reviews
        self.places = _places(sheet)
        self.filled: dict[int, dict[str, str]] = {}
        self.problems: list[CellProblem] = []
        self.row, self.cells = 0, sheet.rows[0][1]
        self.seen: set[str] = set()

    def read(self, number: int, cells: Sequence[Cell]) -> None:
        self.row, self.cells = number, cells
        key = _text(self._cell(KEY))
        start, _colon, part = key.partition(":")
        review = self.reviews.get(int(start)) if start.isascii() and start.isdigit() and len(start) < 19 else None
        criteria = {each.code for each in terms_of(review.application.round).criteria} if review else set()
        if review is None or part not in {*criteria, *TEXTS, CONFIDENCE}:
            self._wrong(KEY, _l("The portal does not know this row. Download the workbook again, and add no rows."))
            return
        if key in self.seen:
            self._wrong(KEY, _l("This row stands in the file twice. Leave one of them."))
            return
        self.seen.add(key)
        self._read_part(self.filled.setdefault(review.id, {}), part, is_criterion=part in criteria)

    def _read_part(self, values: dict[str, str], part: str, *, is_criterion: bool) -> None:
        if is_criterion:
            values[f"{part}-score"], values[f"{part}-reason"] = self._score(), self._prose(LONGEST_REASON)
        elif part == CONFIDENCE:
            values[part] = self._confidence()
        else:
            values[part] = self._prose(LONGEST_TEXT)

    def _score(self) -> str:
        score, passed = self._cell(SCORE), _text(self._cell(PASS)).casefold()
        if self._is_formula(SCORE) or self._is_formula(PASS):
            return ""
        if passed not in ("", "x"):
            self._wrong(PASS, _l("Put an x here where you cannot judge the criterion, or leave the cell empty."))
        if passed and not score.is_empty:
            self._wrong(SCORE, _l("Give a score or say that you cannot judge, not both."))
        if passed or score.is_empty:
            return CANNOT_JUDGE if passed else ""
        points = _text(score)
        if points not in {str(each) for each in range(TOP_SCORE + 1)}:
            self._wrong(SCORE, _l("Give a score from 0 to 10, in whole points."))
            return ""
        return points

    def _prose(self, most: int) -> str:
        if self._is_formula(TEXT):
            return ""
        text = _text(self._cell(TEXT)).replace("\r\n", "\n").replace("_x000D_", "")
        if len(text) > most:
            self._wrong(TEXT, _l("Shorten this text to %(limit)s characters.", limit=most))
        return text

    def _confidence(self) -> str:
        typed = "" if self._is_formula(TEXT) else _text(self._cell(TEXT)).casefold()
        for confidence, words in CONFIDENCE_WORDS.items():
            if typed in (words.nl, words.en):
                return str(confidence)
        if typed:
            self._wrong(TEXT, _l("Choose how sure you are."))
        return str(Confidence.NORMAL)

    def _is_formula(self, column: Text) -> bool:
        if self._cell(column).is_formula:
            message = _l("This cell holds a formula. Put its result in the cell: copy it, and paste it as a value.")
            self._wrong(column, message)
        return self._cell(column).is_formula

    def _cell(self, column: Text) -> Cell:
        place = self.places[column]
        return self.cells[place] if place < len(self.cells) else Cell()

    def _wrong(self, column: Text, message: Msg) -> None:
        letter = get_column_letter(self.places[column] + 1)
        self.problems.append(CellProblem(self.row, letter, column, message))


def _places(sheet: Sheet) -> dict[Text, int]:
    head = {_text(each).casefold(): place for place, each in enumerate(sheet.rows[0][1])} if sheet.rows else {}
    found = {
        column: head[word.casefold()] for column in _READ for word in (column.nl, column.en) if word.casefold() in head
    }
    if not sheet.rows:
        raise RuleViolation([Problem("column-missing", _l("This workbook is empty."), "file")])
    refuse_if(
        Problem("column-missing", _l("The first row lacks the column “%(column)s”.", column=each), "file")
        for each in _READ
        if each not in found
    )
    return found


def _text(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
