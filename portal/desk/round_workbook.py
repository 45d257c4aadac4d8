"""A round as a workbook, for case officers and auditors: made by a worker, row by row, as its asker may read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from tempfile import TemporaryFile
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.accounts.models import Person
from portal.accounts.queries import actor_of, get_person
from portal.applications.states import OUTCOME_WORDS
from portal.applications.states import WORKFLOW as APPLICATION
from portal.calls.definitions import CallDefinition
from portal.calls.models import Round
from portal.calls.queries import get_round, terms_of
from portal.core.db import db
from portal.core.errors import Forbidden, NotFound
from portal.core.jobs import Job, Made, Making, makes
from portal.core.large_workbook import Column, Kind, LargeWorkbook, local
from portal.core.requests import LOCALES
from portal.core.spreadsheet import MEDIA_TYPE
from portal.core.web import translate
from portal.decisions.reasons import PLACE_LABELS
from portal.decisions.states import DECISION
from portal.desk import round_rows
from portal.desk.round_rows import Share
from portal.desk.round_words import PARTED_BY, STANDS_BECAUSE
from portal.places.provinces import PROVINCES
from portal.reviewing.policies import SEE_SCORES
from portal.reviewing.states import REVIEW, ReviewState

KIND = "round.workbook"
REPORT_EVERY = 200  # rows
NUMBERED = 7  # columns of a review before its scores
_MONEY, _SCORE, _COUNT, _DAY, _MOMENT = Kind.MONEY, Kind.SCORE, Kind.COUNT, Kind.DAY, Kind.MOMENT


@makes(KIND)
def make_workbook(making: Making) -> Made:
    """Make the workbook. Forbidden where whoever asked may not see a round's scores any more."""
    round_ = _round(making.job)
    person = get_person(making.job.asked_by_id)
    if not SEE_SCORES.allows(actor_of(person), round_):
        raise Forbidden(SEE_SCORES.name)
    share = round_rows.share_of(round_, actor_of(person))
    out = TemporaryFile()  # noqa: SIM115 - whoever stores it closes it
    try:
        with force_locale(LOCALES[person.language]):
            write_round(out, share, terms_of(round_), making, person)
    except BaseException:
        out.close()
        raise
    return Made(f"{round_.code}.xlsx", MEDIA_TYPE, out, {"without": sorted(share.without)})


def covers(job: Job, hidden: Iterable[int]) -> bool:
    """Return whether the workbook leaves out everything that is hidden from its asker now, who may have joined a
    partner since.
    """
    return set(hidden) <= set(job.facts.get("without", ()))


def write_round(out: Any, share: Share, terms: CallDefinition, making: Making, person: Person) -> None:
    """Write every sheet to ``out``, which stays open."""
    progress = Progress(making.report, share)
    book = LargeWorkbook(out, _("Round %(code)s", code=share.round.code))
    try:
        book.add_sheet(
            _("About this file"), [Column("", width=34), Column("", width=90)], _about(share, making, person)
        )
        applications = progress.over(_applications(share, terms))
        book.add_sheet(_("Applications"), _application_columns(share, terms), applications)
        book.add_sheet(_("The reviews"), _review_columns(terms), progress.over(_reviews(share, terms)))
        if share.sees_ranking:
            book.add_sheet(_("Ranking"), _ranking_columns(share), progress.over(_ranking(share)))
            book.add_sheet(_("Decisions"), _decision_columns(), progress.over(_decisions(share)))
    finally:
        book.close()


class Progress:
    """Counts rows on their way to the workbook."""

    def __init__(self, report: Callable[[int, int], None], share: Share) -> None:
        self.report, self.done = report, 0
        ranked = share.ranking.row_count if share.ranking else 0
        self.total = share.application_count + share.review_count + 2 * ranked

    def over(self, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """Yield ``rows``, and say now and then how many went by."""
        for row in rows:
            if self.done % REPORT_EVERY == 0:
                self.report(min(self.done, self.total), self.total)
            self.done += 1
            yield row


def _about(share: Share, making: Making, person: Person) -> Iterator[Sequence[str]]:
    yield _("Round"), share.round.code
    yield _("Made on"), f"{local(making.ctx.now):%d/%m/%Y %H:%M:%S}"
    yield _("Made for"), person.name
    yield _("Which applications"), _("Those that were handed in, withdrawn ones included.")
    yield _("Scores"), _("Those of submitted reviews. A review that is still being written shows none.")
    if share.without:
        yield _("Left out"), _("Applications of partnerships in which an organisation of yours has or had a part.")
        yield (
            _("Ranking"),
            _("Left out, with the decisions: the places of the others would tell of those applications."),
        )
    elif share.ranking is not None:
        yield (
            _("Ranking"),
            _("Ranking %(number)s, SHA-256 %(sha256)s", number=share.ranking.number, sha256=share.ranking.sha256),
        )
    yield _("Confidential"), _("This file holds personal data. Keep it no longer than you need it.")


def _application_columns(share: Share, terms: CallDefinition) -> list[Column]:
    columns = [
        Column(_("Reference"), width=18), Column(_("Partnership"), width=34), Column(_("Lead partner"), width=34),
        Column(_("Enterprise number")), Column(_("Submitted on"), _MOMENT, 20), Column(_("State"), width=22),
        Column(_("Requested grant"), _MONEY, 16), Column(_("Lowest workable grant"), _MONEY, 16),
        Column(_("Begins on"), _DAY, 12), Column(_("Ends on"), _DAY, 12), Column(_("Reviews asked"), _COUNT, 10),
        Column(_("Reviews submitted"), _COUNT, 10), Column(_("Total"), _SCORE, 10),
        Column(_("Lowest total"), _SCORE, 10), Column(_("Highest total"), _SCORE, 10), Column(_("Spread"), _SCORE, 10),
        *(Column(translate(each.label), _SCORE, 14) for each in terms.criteria),
        Column(_("Thresholds missed"), width=30), Column(_("Consensus"), width=12),
    ]  # fmt: skip
    if share.sees_ranking:
        columns += [Column(_("Rank"), _COUNT, 8), Column(_("Decision"), width=22), Column(_("Amount"), _MONEY, 16)]
    return columns


def _applications(share: Share, terms: CallDefinition) -> Iterator[Sequence[Any]]:
    states = _words(APPLICATION.words)
    outcomes = {code: translate(words.staff) for code, words in OUTCOME_WORDS.items()}
    labels = {each.code: translate(each.label) for each in terms.criteria} | {"total": _("Total")}
    agreed = {True: _("yes"), False: "", None: ""}
    at = 16 + len(terms.criteria)  # where the thresholds missed stand
    for row in round_rows.stream_applications(share, terms):
        missed = ", ".join(labels.get(each, each) for each in row[at] or ())
        ranked = (row[at + 2], outcomes.get(row[at + 3], ""), row[at + 4]) if share.sees_ranking else ()
        yield (*row[:5], states[row[5]], *row[6:at], missed, agreed[row[at + 1]], *ranked)


def _review_columns(terms: CallDefinition) -> list[Column]:
    return [
        Column(_("Reference"), width=18), Column(_("Reviewer"), width=26), Column(_("State"), width=22),
        Column(_("Invited on"), _MOMENT, 20), Column(_("Due on"), _DAY, 12), Column(_("Submitted on"), _MOMENT, 20),
        Column(_("Total"), _SCORE, 10), *(Column(translate(each.label), _COUNT, 14) for each in terms.criteria),
    ]  # fmt: skip


def _reviews(share: Share, terms: CallDefinition) -> Iterator[Sequence[Any]]:
    states, unjudged = _words(REVIEW.words), _("not judged")
    for row in round_rows.stream_reviews(share, terms):
        scores: Sequence[Any] = row[NUMBERED:]
        if row[2] is ReviewState.SUBMITTED and None in scores:
            scores = [unjudged if each is None else each for each in scores]
        yield (*row[:2], states[row[2]], *row[3:NUMBERED], *scores)


def _ranking_columns(share: Share) -> list[Column]:
    return [
        Column(_("Place"), _COUNT, 8), Column(_("Rank"), _COUNT, 8), Column(_("Reference"), width=18),
        Column(_("Partnership"), width=34), Column(_("Total"), _SCORE, 10), Column(_("Proposal"), width=18),
        Column(_("Requested grant"), _MONEY, 16), Column(_("Proposed"), _MONEY, 16),
        Column(_("Cumulative"), _MONEY, 16), Column(_("Parted by"), width=24), Column(_("Reason"), width=36),
        *([Column(_("Province or region"), width=30)] if share.round.province_budgets else []),
    ]  # fmt: skip


def _ranking(share: Share) -> Iterator[Sequence[Any]]:
    places = {code: translate(label) for code, label in PLACE_LABELS.items()}
    provinces = {each.code: translate(each.name) for each in PROVINCES} if share.round.province_budgets else {}
    for row in round_rows.stream_ranking(share):
        parted, reason = PARTED_BY.get(row[9]), STANDS_BECAUSE.get(row[10])
        counts_for = [provinces.get(row[11], "")] if provinces else []
        yield (*row[:5], places[row[5]], *row[6:9], translate(parted), translate(reason), *counts_for)


def _decision_columns() -> list[Column]:
    return [
        Column(_("Reference"), width=18), Column(_("Partnership"), width=34), Column(_("Number"), width=16),
        Column(_("State"), width=20), Column(_("Decision"), width=22), Column(_("Amount"), _MONEY, 16),
        Column(_("Place on the reserve list"), _COUNT, 10), Column(_("Proposed on"), _MOMENT, 20),
        Column(_("Confirmed on"), _MOMENT, 20), Column(_("Published on"), _MOMENT, 20),
        Column(_("Answer due on"), _DAY, 12), Column(_("Reasons"), width=60),
    ]  # fmt: skip


def _decisions(share: Share) -> Iterator[Sequence[Any]]:
    states = _words(DECISION.words)
    outcomes = {code: translate(words.staff) for code, words in OUTCOME_WORDS.items()}
    for row in round_rows.stream_decisions(share):
        yield (*row[:3], states[row[3]], outcomes[row[4]], *row[5:])


def _words(words: Mapping[Any, Any]) -> dict[Any, str]:
    return {state: translate(each.staff) for state, each in words.items()}


def _round(job: Job) -> Round:
    code = db.session.scalar(sa.select(Round.code).where(Round.id == job.subject_id))
    if code is None:
        raise NotFound
    return get_round(code)
