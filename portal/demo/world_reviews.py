"""The demo's reviews: three independent reviewers per admissible application, assigned by the case officers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from portal.accounts.models import Person
from portal.applications.models import Application
from portal.calls.definitions import Criterion
from portal.calls.models import Round
from portal.calls.queries import terms_of
from portal.core.actor import system_actor
from portal.core.clock import brussels_day, brussels_moment
from portal.core.context import Ctx
from portal.demo.office_hours import on_a_workday
from portal.demo.world_entries import Entry
from portal.demo.world_people import Crowd
from portal.demo.world_pool import declare_for_the_year
from portal.demo.world_scores import answers_for, load_review_texts, points_for
from portal.reviewing.commands.alternates import set_alternates
from portal.reviewing.commands.answering import Replacement, accept_review, decline_review
from portal.reviewing.commands.assigning import assign_reviewer
from portal.reviewing.commands.consensus import record_consensus
from portal.reviewing.commands.expiring import expire_invitation
from portal.reviewing.commands.judging import dismiss_conflict, record_advice
from portal.reviewing.commands.showing import set_visibility
from portal.reviewing.commands.writing import save_review, submit_review
from portal.reviewing.conflicts import find_cases
from portal.reviewing.models import Review
from portal.reviewing.queries import find_consensus, get_assessment, list_candidates
from portal.reviewing.states import ConflictKind, ReviewState
from portal.reviewing.visibility import Matrix, Naming

OFFICERS = ("mieke", "stijn")
PASSES = 60  # points of 100: the total that a call asks
UNANSWERED_AT = brussels_moment(date(2022, 6, 17), 0, 1)
SUGGESTED = Replacement(
    "Veerle Staelens", "veerle.staelens@beoordelaar.example", "Werkt al jaren rond uitleendiensten in een mijnstreek."
)
DECLINED = "Ik begeleidde deze partners vorig jaar bij een ander project en wil elke schijn vermijden."


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One application to review: the place in the round, and how its reviewers will see it."""

    place: int
    entry: Entry
    application: Application

    @property
    def dice(self) -> Random:
        return Random(f"review {self.application.reference}")

    @property
    def wanted(self) -> list[float]:
        """The total each of three reviewers has in mind, ``gap`` points between the highest and the lowest."""
        half = self.entry.gap / 2
        totals = [self.entry.score + half, self.entry.score, self.entry.score - half]
        self.dice.shuffle(totals)
        return totals


def hide_applicants(crowd: Crowd, round_: Round) -> None:
    """Let the round be reviewed without the names of applicants: set before anybody is invited."""
    at = on_a_workday(round_.closes_at + timedelta(days=4))
    set_visibility(crowd.ctx("sofie", at), round_, Matrix(naming=Naming.BLIND), "")


def review_round(crowd: Crowd, round_: Round, reviewed: Sequence[Reviewed], assigned_at: datetime) -> None:
    """Review every application of a round whose results are out: assigned, accepted, submitted, agreed on."""
    keys = {person.id: key for key, person in crowd.people.items()}
    criteria = terms_of(round_).criteria
    for each in reviewed:
        at = on_a_workday(assigned_at + timedelta(minutes=9 * each.place))
        people = [found.person for found in list_candidates(each.application) if found.is_free][: len(each.wanted)]
        for number, (person, wanted) in enumerate(zip(people, each.wanted, strict=True)):
            review = _assign(crowd, each, person, at + timedelta(minutes=number), at + timedelta(days=28))
            written = on_a_workday(at + timedelta(days=6 + (3 * each.place + 5 * number) % 15, hours=2 + number))
            declare_for_the_year(crowd, keys[person.id], at + timedelta(days=1, hours=number))
            accept_review(crowd.ctx(keys[person.id], at + timedelta(days=1, hours=number)), review)
            write_review(crowd, keys[person.id], review, points_for(criteria, wanted, each.dice), written)
            submit_review(crowd.ctx(keys[person.id], written + timedelta(minutes=50)), review)
        _agree(crowd, each, criteria, on_a_workday(at + timedelta(days=24)))


def _assign(crowd: Crowd, each: Reviewed, person: Person, at: datetime, due: datetime) -> Review:
    return assign_reviewer(crowd.ctx(OFFICERS[each.place % 2], at), each.application, person, brussels_day(due))


def write_review(crowd: Crowd, key: str, review: Review, points: dict[str, int], at: datetime) -> None:
    """Save the review in one go, with reasons; now and then its writer cannot judge the costs."""
    dice = Random(f"words {review.id}")
    last = list(points)[-1]
    answers = answers_for(points, dice, unjudged=last if review.id % 17 == 0 else None)
    save_review(crowd.ctx(key, at), review, answers, review.version)


def _agree(crowd: Crowd, each: Reviewed, criteria: Sequence[Criterion], at: datetime) -> None:
    """Record a consensus where it is asked, and wherever the applicant is refused or is of the cast."""
    asked = get_assessment(each.application.id).needs_consensus
    if not asked and each.entry.score >= PASSES:
        return
    texts = load_review_texts()["consensus"]["award" if each.entry.score >= PASSES else "refused"]
    found = find_consensus(each.application.id)
    record_consensus(
        crowd.ctx(OFFICERS[each.place % 2], at),
        each.application,
        points_for(criteria, each.entry.score, each.dice),
        texts[each.place % len(texts)],
        found.version if found else 0,
    )


# B-2022-2, on the demo's first day: who reviews what, and how far each of them is.
IN_REVIEW: dict[str, tuple[tuple[str, ReviewState], ...]] = {
    "polderzicht": (
        ("joris", ReviewState.SUBMITTED),
        ("amina", ReviewState.SUBMITTED),
        ("pieter", ReviewState.SUBMITTED),
    ),
    "ijzervlakte": (
        ("joris", ReviewState.SUBMITTED),
        ("leen", ReviewState.SUBMITTED),
        ("nora-dierckx", ReviewState.SUBMITTED),
    ),
    "mandelhoek": (
        ("joris", ReviewState.DRAFTING),
        ("amina", ReviewState.SUBMITTED),
        ("inge-heylen", ReviewState.SUBMITTED),
    ),
    "gaverbeek": (("joris", ReviewState.ACCEPTED), ("pieter", ReviewState.DRAFTING), ("leen", ReviewState.SUBMITTED)),
    "dijlepoort": (
        ("joris", ReviewState.INVITED),
        ("amina", ReviewState.ACCEPTED),
        ("ruth-de-vos", ReviewState.SUBMITTED),
    ),
    "mijnlaan": (
        ("amina", ReviewState.DRAFTING),
        ("leen", ReviewState.INVITED),
        ("astrid-raes", ReviewState.DECLINED),
        ("anke-creemers", ReviewState.INVITED),
    ),
    "demerbocht": (
        ("pieter", ReviewState.INVITED),
        ("emre-denys", ReviewState.ACCEPTED),
        ("kathleen-de-pauw", ReviewState.SUBMITTED),
    ),
    "netebroek": (
        ("leen", ReviewState.DRAFTING),
        ("amina", ReviewState.INVITED),
        ("lies-wyckmans", ReviewState.SUBMITTED),
        ("siham-sannen", ReviewState.EXPIRED),
    ),
}
ANSWER_DUE_ON = date(2022, 6, 24)
# Nobody answered one of them by then; another expires the day after the demo's first, and has alternates.
ANSWERS_DUE = {("netebroek", "siham-sannen"): date(2022, 6, 16), ("mijnlaan", "leen"): date(2022, 6, 20)}
ALTERNATES = {"mijnlaan": ("lars-verschueren", "frank-de-clercq")}
DUE = (date(2022, 7, 1), date(2022, 7, 5), date(2022, 7, 8), date(2022, 7, 12))


def begin_reviews(crowd: Crowd, round_: Round, reviewed: Sequence[Reviewed], assigned_at: datetime) -> None:
    """Assign the reviewers of the round in review, each as far as IN_REVIEW says."""
    criteria = terms_of(round_).criteria
    for each in reviewed:
        at = assigned_at + timedelta(minutes=14 * each.place)
        due_on = DUE[each.place % len(DUE)]
        for number, (key, state) in enumerate(IN_REVIEW[each.entry.partnership]):
            officer = crowd.ctx(OFFICERS[each.place % 2], at + timedelta(minutes=number))
            answer_due_on = ANSWERS_DUE.get((each.entry.partnership, key), ANSWER_DUE_ON)
            review = assign_reviewer(officer, each.application, crowd.people[key], due_on, answer_due_on)
            points = points_for(criteria, each.wanted[number % 3], each.dice)
            _bring_to(crowd, key, review, state, points=points, at=at + timedelta(days=1, hours=2 * number))
        alternates = [crowd.people[key] for key in ALTERNATES.get(each.entry.partnership, ())]
        if alternates:
            set_alternates(crowd.ctx(OFFICERS[each.place % 2], at + timedelta(days=2)), each.application, alternates)
    for each in reviewed:
        _doubt(crowd, each, assigned_at + timedelta(days=2, minutes=each.place))


# Who advised a partnership of the round: one waits for a judgement, one was dismissed.
ADVICE = {
    "dijlepoort": ("siham-sannen", "Schreef in het najaar van 2021 mee aan de samenwerkingsstrategie.", ""),
    "gaverbeek": (
        "lars-verschueren",
        "Gaf in 2019 één vormingsdag aan een van de partners.",
        "Eén dag, drie jaar geleden, over een ander thema: dat raakt deze aanvraag niet.",
    ),
}


def _doubt(crowd: Crowd, each: Reviewed, at: datetime) -> None:
    """Record who advised the partnership, and dismiss it where the demo gives a reason."""
    if each.entry.partnership not in ADVICE:
        return
    key, advice, reason = ADVICE[each.entry.partnership]
    person, officer = crowd.people[key], OFFICERS[each.place % 2]
    record_advice(crowd.ctx(officer, at), each.application.partnership, person, advice)
    if reason:
        cases = find_cases(each.application, [person.id])
        case = next(one for one in cases if one.kind is ConflictKind.ADVISED)
        dismiss_conflict(crowd.ctx(officer, at + timedelta(hours=1)), each.application, case, reason)


def _bring_to(
    crowd: Crowd, key: str, review: Review, state: ReviewState, *, points: dict[str, int], at: datetime
) -> None:
    """Answer, write and submit, as far as ``state``. A review being written has its first criteria only."""
    if state is ReviewState.DECLINED:
        decline_review(crowd.ctx(key, at), review, DECLINED, SUGGESTED)
    if state is ReviewState.EXPIRED:
        expire_invitation(Ctx(UNANSWERED_AT, system_actor("reminders")), review)
    if state in (ReviewState.INVITED, ReviewState.DECLINED, ReviewState.EXPIRED):
        return
    declare_for_the_year(crowd, key, at)
    accept_review(crowd.ctx(key, at), review)
    if state is ReviewState.ACCEPTED:
        return
    is_whole = state is ReviewState.SUBMITTED
    written = points if is_whole else dict(list(points.items())[: len(points) // 2])
    write_review(crowd, key, review, written, at + timedelta(days=3))
    if is_whole:
        submit_review(crowd.ctx(key, at + timedelta(days=4)), review)
