"""Deciding a published round again from its evidence, and comparing: scores, totals, ranking, awards, amounts.

Nothing stored in between is believed. The reviews and the consensus give the figures (``reviewing.evidence``), these
and the snapshots give the ranking, the ranking gives the decisions; each is compared with what stands and with the
digest in the event log.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from portal.applications.events import ApplicationCompleted, ApplicationSubmitted
from portal.applications.models import Application, Snapshot
from portal.applications.states import AWARDS, Outcome
from portal.calls.models import Round
from portal.calls.queries import terms_of
from portal.calls.states import RankingPolicy
from portal.core.db import db
from portal.core.digests import digest as digest_of_text
from portal.core.event_log import EventRow
from portal.core.money import ZERO, total
from portal.core.text import Msg, _l
from portal.decisions import candidates, queries
from portal.decisions.deciding import over_province
from portal.decisions.digest import digest, row_placed, row_stored
from portal.decisions.events import DecisionPublished, RankingComputed, ReservePromoted
from portal.decisions.models import Decision, Ranking, RankingRow
from portal.decisions.rules import Candidate, Placed, draw_line, overspent, rank
from portal.decisions.states import DecisionState, Place
from portal.decisions.verification_renewed import altered_renewed
from portal.reviewing.evidence import Evidence, gather
from portal.reviewing.models import Assessment
from portal.reviewing.rules import Figures

_AWARDED = (Place.FUNDED, Place.PARTIAL)


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the recomputation: what was compared, how many of it, and what differs."""

    what: Msg
    count: int
    differences: tuple[Msg, ...]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """An application as its latest snapshot has it."""

    application_id: int
    reference: str
    content: dict[str, Any]
    submitted_at: datetime


def verify_round(round_: Round) -> tuple[Step, ...]:
    """Return every step, with what differs in it: nothing anywhere means that the round is identical.

    NotFound where no ranking was computed. The number of statements does not grow with the round.
    """
    ranking = queries.get_ranking(round_.id)
    references: dict[int, str] = {}
    handed_in, snapshots = _handed_in(round_)
    references.update({each.application_id: each.reference for each in handed_in})
    evidence = gather(round_)
    placed = _place(round_, ranking, handed_in, evidence)
    rows = _stored_rows(ranking)
    decisions = [*queries.list_decisions(round_.id), *queries.list_replaced(round_.id)]
    first = [each for each in decisions if each.replaces_id is None]
    figures = tuple(_altered_figures(round_, evidence, references))
    steps = (
        Step(_l("Applications as handed in"), len(handed_in), snapshots),
        Step(_l("Reviews and consensus texts"), evidence.review_count + evidence.consensus_count, evidence.differences),
        Step(_l("Totals and criterion scores"), len(evidence.figures), figures),
        Step(_l("Ranking and funding line"), len(rows), tuple(_altered_ranking(round_, ranking, placed, rows, references))),
        Step(_l("Decisions and amounts"), len(first), tuple(_altered_decisions(ranking, placed, first, references))),
    )  # fmt: skip
    renewed = [each for each in decisions if each.replaces_id is not None]
    replaced = [each for each in decisions if each.state == DecisionState.REPLACED]
    if not renewed and not replaced:
        return steps
    told = {number: latest for number, (_, latest) in _told([each.id for each in renewed]).items()}
    found = tuple(altered_renewed(round_, replaced, renewed, told))
    return (*steps, Step(_l("Decisions after a review"), len(renewed), found))


def is_identical(steps: Iterable[Step]) -> bool:
    """Return whether nothing differs."""
    return not any(each.differences for each in steps)


def _handed_in(round_: Round) -> tuple[list[HandedIn], tuple[Msg, ...]]:
    """Return the ranked applications by their latest snapshot, and those whose snapshot is not the one that was logged."""
    logged: dict[int, set[str]] = {}
    ours = sa.select(Application.id).where(Application.round_id == round_.id)
    stmt = sa.select(EventRow.subject_id, EventRow.payload).where(
        EventRow.subject == "application",
        EventRow.topic.in_([ApplicationSubmitted.topic, ApplicationCompleted.topic]),
        EventRow.subject_id.in_(ours),
    )
    for application_id, payload in db.session.execute(stmt):
        logged.setdefault(application_id, set()).add(payload["snapshot_sha256"])
    latest = (
        sa.select(Snapshot, Application.reference, Application.submitted_at)
        .join(Application, Application.id == Snapshot.application_id)
        .join(Assessment, Assessment.application_id == Application.id)
        .where(Application.round_id == round_.id)
        .ext(distinct_on(Snapshot.application_id))
        .order_by(Snapshot.application_id, Snapshot.number.desc())
    )
    found, differences = [], []
    for snapshot, reference, submitted_at in db.session.execute(latest):
        assert submitted_at is not None  # noqa: S101 - an assessed application was handed in
        sha256 = digest_of_text(snapshot.content)
        if sha256 != snapshot.sha256 or sha256 not in logged.get(snapshot.application_id, ()):
            differences.append(_l("The snapshot of %(reference)s was altered.", reference=reference))
        content = json.loads(snapshot.content)
        found.append(HandedIn(snapshot.application_id, reference, content, submitted_at))
    return found, tuple(differences)


def _place(round_: Round, ranking: Ranking, handed_in: Iterable[HandedIn], evidence: Evidence) -> dict[int, Placed]:
    """Return the ranking computed anew, by application."""
    terms = terms_of(round_)
    criterion = next(each.code for each in terms.criteria if each.is_tie_break)
    covered, provinces = candidates.covered_before(round_, ranking.computed_at), candidates.provinces_of(round_)
    brings = {
        application_id: candidates.what_area_brings(area, covered, provinces)
        for application_id, area in candidates.areas_of(round_).items()
    }
    computed = [
        _candidate(each, evidence.figures[each.application_id], criterion, brings[each.application_id])
        for each in handed_in
        if each.application_id in evidence.figures
    ]
    placed = draw_line(
        rank(computed),
        round_.budget_amount,
        ranking.envelope_left_amount,
        RankingPolicy(round_.ranking_policy),
        round_.province_budgets,
    )
    return {each.candidate.application_id: each for each in placed}


def _candidate(handed_in: HandedIn, figures: Figures, criterion: str, brings: candidates.Brings) -> Candidate:
    minimum = handed_in.content["minimum_amount"]
    return Candidate(
        application_id=handed_in.application_id,
        total=figures.total if figures.total is not None else ZERO,
        tie_score=figures.criteria.get(criterion, Decimal(0)),
        new_municipalities=brings.new_municipalities,
        province=brings.province,
        submitted_at=handed_in.submitted_at,
        requested_amount=Decimal(handed_in.content["requested_amount"]),
        minimum_amount=None if minimum is None else Decimal(minimum),
        missed=figures.missed,
    )


def _altered_figures(round_: Round, evidence: Evidence, references: Mapping[int, str]) -> Iterator[Msg]:
    for application_id, stored in candidates.list_assessed(round_.id).items():
        figures = evidence.figures.get(application_id)
        criteria = {code: str(score) for code, score in figures.criteria.items()} if figures else {}
        total_ = figures.total if figures else None
        if stored.total != total_ or stored.criteria != criteria:
            yield _l(
                "%(reference)s: its reviews come to %(computed)s; %(stored)s is stored.",
                reference=references.get(application_id, str(application_id)),
                computed=str(total_),
                stored=str(stored.total),
            )


def _stored_rows(ranking: Ranking) -> dict[int, tuple[RankingRow, dict[str, Any]]]:
    stmt = (
        sa.select(RankingRow, Application.minimum_amount)
        .join(Application, Application.id == RankingRow.application_id)
        .where(RankingRow.ranking_id == ranking.id)
        .order_by(RankingRow.position)
    )
    return {row.application_id: (row, row_stored(row, minimum)) for row, minimum in db.session.execute(stmt)}


def _altered_ranking(
    round_: Round,
    ranking: Ranking,
    placed: Mapping[int, Placed],
    rows: Mapping[int, tuple[RankingRow, dict[str, Any]]],
    references: Mapping[int, str],
) -> Iterator[Msg]:
    computed = {application_id: row_placed(each) for application_id, each in placed.items()}
    for application_id in sorted(computed.keys() | rows.keys()):
        stored = rows[application_id][1] if application_id in rows else None
        if computed.get(application_id) != stored:
            yield _l(
                "%(reference)s: place %(computed)s computed, place %(stored)s stored, or for another reason or amount.",
                reference=references.get(application_id, str(application_id)),
                computed=_position(computed.get(application_id)),
                stored=_position(stored),
            )
    policy, budgets = str(round_.ranking_policy), round_.province_budgets
    sha256 = digest(round_.code, policy, round_.budget_amount, computed.values(), budgets)
    logged = db.session.scalars(
        sa.select(EventRow.payload).where(
            EventRow.subject == "ranking", EventRow.subject_id == ranking.id, EventRow.topic == RankingComputed.topic
        )
    ).one_or_none()
    if sha256 != ranking.sha256:
        yield _l("The rows, the policy or the budget do not give the ranking's digest.")
    if logged is None or logged["sha256"] != ranking.sha256:
        yield _l("The ranking's digest is not the one in the event log.")


def _position(row: dict[str, Any] | None) -> str:
    return "–" if row is None else str(row["position"])


def _altered_decisions(
    ranking: Ranking, placed: Mapping[int, Placed], decisions: Iterable[Decision], references: Mapping[int, str]
) -> Iterator[Msg]:
    """A decision may depart from the ranking: then with a reason that the applicant reads, and no other way.

    ``decisions`` are those of the round's publication, replaced ones included: what took their place is told apart.
    """
    decided = {each.application_id: each for each in decisions}
    told = _told([each.id for each in decided.values()])
    for application_id in sorted(placed.keys() | decided.keys()):
        name = references.get(application_id, str(application_id))
        decision, row = decided.get(application_id), placed.get(application_id)
        if decision is None or row is None:
            yield _l("%(reference)s: ranked without a decision, or decided without a place.", reference=name)
            continue
        published, latest = told.get(decision.id, (None, None))
        if latest != (str(decision.outcome), decision.amount):
            yield _l("%(reference)s: its decision is not the one that was published.", reference=name)
        if published is not None and not decision.reason.strip() and not _follows(row, *published):
            yield _l("%(reference)s: its decision departs from the ranking without a reason.", reference=name)
    awards = [each for each in decided.values() if each.outcome in AWARDS and not _is_freed(each)]
    awarded = total(each.amount for each in awards)
    if awarded > min(ranking.budget_amount, ranking.envelope_left_amount):
        yield _l("The awards come to %(awarded)s, which is above the budget.", awarded=awarded)
    counted = ((row.candidate.province, each.amount) for each in awards if (row := placed.get(each.application_id)))
    yield from map(over_province, overspent(counted, ranking.province_budgets))


def _follows(row: Placed, outcome: str, amount: Decimal) -> bool:
    if row.place in _AWARDED:
        return outcome in AWARDS and amount == row.proposed_amount
    return outcome == (Outcome.RESERVE if row.place is Place.RESERVE else Outcome.REFUSED)


def _is_freed(decision: Decision) -> bool:
    return any(each is not None for each in (decision.declined_at, decision.lapsed_at, decision.withdrawn_at))


Told = tuple[str, Decimal]


def _told(decision_ids: list[int]) -> dict[int, tuple[Told, Told]]:
    """Return each decision's outcome and amount as published, and as the log has it last: a reserve is promoted."""
    stmt = (
        sa.select(EventRow.subject_id, EventRow.topic, EventRow.payload)
        .where(
            EventRow.subject == "decision",
            EventRow.subject_id.in_(decision_ids),
            EventRow.topic.in_([DecisionPublished.topic, ReservePromoted.topic]),
        )
        .order_by(EventRow.id)
    )
    found: dict[int, tuple[Told, Told]] = {}
    for decision_id, topic, payload in db.session.execute(stmt):
        if topic == DecisionPublished.topic:
            told = (payload["outcome"], Decimal(payload["amount"]))
            found[decision_id] = (told, told)
        elif decision_id in found:
            found[decision_id] = (found[decision_id][0], (str(Outcome.APPROVED), Decimal(payload["amount"])))
    return found
