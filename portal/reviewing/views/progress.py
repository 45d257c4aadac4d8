"""How far the reviews of a round are, application by application."""

from __future__ import annotations

from decimal import Decimal

from flask import Response, request

from portal.calls.models import Round
from portal.calls.queries import get_round, terms_of
from portal.core.web import current_actor, render
from portal.reviewing import policies, queries
from portal.reviewing.agenda import agenda
from portal.reviewing.assignment_queries import RoundToAssign
from portal.reviewing.conflicts import conflicts_in_round
from portal.reviewing.discussion import talks_of
from portal.reviewing.dossier import list_own_applications
from portal.reviewing.rules import TOTAL
from portal.reviewing.states import VOTES
from portal.reviewing.views.blueprint import bp


@bp.page("/desk/rounds/<code>/reviews", policy=policies.FOLLOW, load=get_round)
def round_reviews(round_: Round) -> Response:
    """List the admissible applications with their reviewers, totals and consensus; scores are for staff only."""
    terms = terms_of(round_)
    actor = current_actor()
    own = list_own_applications(round_.id, [each.organisation_id for each in actor.mandates])
    page = queries.page_assessments(round_, request.args.get("after"))
    figures = [row.Assessment for row in page.rows if row.Assessment is not None]
    return render(
        "reviewing/round_reviews.html",
        round=round_,
        terms=terms,
        page=page,
        own=own,
        desk=RoundToAssign(round_, bool(own), None),
        totals={each.application_id: [Decimal(total) for total in each.totals] for each in figures},
        criteria={TOTAL: None, **{each.code: each.label for each in terms.criteria}},
        shows_scores=policies.SEE_SCORES.allows(actor, round_),
        open_consensus=queries.count_open_consensus(round_.id),
        incomplete=queries.count_incomplete(round_.id),
    )


@bp.page("/desk/rounds/<code>/panel", policy=policies.SEE_SCORES, load=get_round)
def panel(round_: Round) -> Response:
    """Show the agenda of the panel meeting: what is discussed in which order, who leaves the room and comes back."""
    everything = request.args.get("all") == "1"
    rows = {each.application_id: each for each in queries.list_for_meeting(round_.id, only_asked=not everything)}
    members = {each.id: each.name for each in queries.list_panel(round_.id)}
    conflicts = conflicts_in_round(round_.id, members)
    stops = agenda({number: frozenset(conflicts.get(number, ())) for number in rows})
    return render(
        "reviewing/panel.html",
        round=round_,
        terms=terms_of(round_),
        stops=stops,
        rows=rows,
        members=members,
        own=list_own_applications(round_.id, [each.organisation_id for each in current_actor().mandates]),
        everything=everything,
        talks=talks_of(rows),
        votes=VOTES,
        changes=sum(len(each.leave) + len(each.come_back) for each in stops),
    )
