"""The demo's discussion: reviewers who saw one application differently, and the scores that were proposed to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from portal.calls.models import Round
from portal.calls.queries import terms_of
from portal.demo.office_hours import on_a_workday
from portal.demo.world_people import Crowd
from portal.demo.world_reviews import OFFICERS, Reviewed
from portal.demo.world_scores import load_review_texts, points_for
from portal.reviewing.commands.discussing import cast_vote, propose_consensus, write_remark
from portal.reviewing.queries import get_assessment, list_reviews
from portal.reviewing.states import VoteChoice

REMARKS = (
    "Ik zie in de uitleendienst vooral een goed idee: wie de toestellen nakijkt en herstelt, lees ik nergens.",
    "Dat staat in rubriek B5, bij de rollen van de partners. Voor mij is de werking daarmee duidelijk genoeg.",
)
ANSWER = "De beoordelingen verschillen het meest op bereik en op haalbaarheid. Hieronder stel ik een middenweg voor."


def discuss_round(crowd: Crowd, round_: Round, reviewed: Iterable[Reviewed]) -> None:
    """Have the reviewers of every application whose consensus is asked discuss it, as far as one vote."""
    keys = {person.id: key for key, person in crowd.people.items()}
    criteria = terms_of(round_).criteria
    for each in reviewed:
        figures = get_assessment(each.application.id)
        if not figures.needs_consensus:
            continue
        authors = [review.reviewer_id for review in list_reviews(each.application.id)]
        at = on_a_workday(figures.updated_at + timedelta(minutes=10))
        for number, (author, text) in enumerate(zip(authors, REMARKS, strict=False)):
            write_remark(crowd.ctx(keys[author], at + timedelta(minutes=8 * number)), each.application, text)
        officer = OFFICERS[each.place % len(OFFICERS)]
        write_remark(crowd.ctx(officer, at + timedelta(minutes=17)), each.application, ANSWER)
        agreed = points_for(criteria, each.entry.score, each.dice)
        text = load_review_texts()["consensus"]["award"][0]
        propose_consensus(crowd.ctx(officer, at + timedelta(minutes=19)), each.application, agreed, text)
        vote = crowd.ctx(keys[authors[-1]], at + timedelta(minutes=26))
        cast_vote(vote, each.application, 1, VoteChoice.AGREE)
