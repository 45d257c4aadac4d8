"""Requests for review in the demo's world: one dismissed, one upheld that waits for a new decision, one that waits for an
answer; another refusal is left for the player to ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.calls.models import Round
from portal.core.clock import brussels_moment
from portal.decisions.commands.contesting import answer_review, ask_review
from portal.decisions.queries import list_decisions
from portal.decisions.request_queries import get_desk_request
from portal.decisions.states import Ground
from portal.demo.world_people import Crowd

OFFICER = "stijn"


@dataclass(frozen=True, slots=True)
class Contested:
    """Who asked what, when; ``answer`` is empty where it still waits."""

    partnership: str
    asked_on: date
    ground: Ground
    text: str
    answered_on: date | None = None
    answer: str = ""
    is_upheld: bool = False


CONTESTED = {
    "B-2021-1": Contested(
        "leiekant",
        date(2022, 1, 31),
        Ground.TECHNICAL,
        "In een eerdere versie van ons plan stond een looptijd van twintig maanden, in de ingediende aanvraag staan er"
        " vierentwintig. Wij vragen om na te kijken welke versie de beoordelaars te zien kregen.",
        date(2022, 2, 14),
        "De beoordelaars kregen de ingediende aanvraag te zien, met een looptijd van vierentwintig maanden. Er is geen"
        " fout gebeurd. De beslissing blijft gelden.",
    ),
    "A-2022-1": Contested(
        "handzamekom",
        date(2022, 5, 24),
        Ground.TECHNICAL,
        "Een van de beoordelaars schrijft dat cijfers over de doelgroep ontbreken. Zij staan in onze aanvraag. Wij vragen"
        " om na te kijken of de beoordelaars die rubriek volledig te zien kregen.",
        date(2022, 6, 9),
        "De cijfers over de doelgroep stonden in de aanvraag, maar de beoordelaars kregen die rubriek niet volledig te"
        " zien. Wij willigen uw verzoek in: het departement neemt een nieuwe beslissing.",
        is_upheld=True,
    ),
    "B-2022-1": Contested(
        "dendermeers",
        date(2022, 6, 19),
        Ground.CONTENT,
        "Doelstelling 1 haalt de drempel niet, terwijl de motivering zegt dat de uitleendienst goed doordacht is."
        " Wij vragen om die score opnieuw te bekijken naast rubriek B4 van onze aanvraag.",
    ),
}


def contest_decision(crowd: Crowd, round_: Round, partnership_id: int) -> None:
    """Let the lead partner of the round's contested decision ask a review, and a case officer answer it where one did."""
    plan = CONTESTED[round_.code]
    found = list_decisions(round_.id, lock=True)
    decision = next(each for each in found if each.application.partnership_id == partnership_id)
    asking = crowd.ctx(crowd.lead_by_id[decision.application.promotor_id], brussels_moment(plan.asked_on, 20, 14))
    request = ask_review(asking, decision, plan.ground, plan.text)
    if plan.answered_on:
        answering = crowd.ctx(OFFICER, brussels_moment(plan.answered_on, 11, 5))
        to_answer = get_desk_request(request.id, [], lock=True)
        answer_review(answering, to_answer, is_upheld=plan.is_upheld, answer=plan.answer)
