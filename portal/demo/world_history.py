"""What happened before the demo's first day, in the order it happened: round after round, and the results between."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from portal.applications.models import Application
from portal.calls.models import Round
from portal.core.clock import brussels_moment
from portal.core.files import Storage
from portal.demo.world_admissibility import ask_attest, judge_round, refuse_unsigned
from portal.demo.world_applications import Scene, load_applications
from portal.demo.world_changes import ask_one_to_leave
from portal.demo.world_contesting import CONTESTED, contest_decision
from portal.demo.world_decisions import DECIDED, decide_round
from portal.demo.world_discussion import discuss_round
from portal.demo.world_entries import load_entries
from portal.demo.world_partnerships import all_partnerships
from portal.demo.world_people import Crowd
from portal.demo.world_reviews import Reviewed, begin_reviews, hide_applicants, review_round
from portal.demo.world_strategies import RESULTS, hand_in_result
from portal.partnerships.models import Partnership

UNSIGNED, INCOMPLETE, SMALLER = "houtkant", "bosheide", "dijlepoort"
BLIND = "A-2022-1"  # its reviewers never learned whose applications they were


def load_history(
    crowd: Crowd, rounds: Mapping[str, Round], partnerships: dict[str, Partnership], storage: Storage
) -> None:
    """Fill the rounds of the past, and begin the drafts of the open ones."""
    serials = {each.key: serial for serial, each in enumerate(all_partnerships())}
    scene = Scene(crowd, storage, partnerships, serials)
    for code in ("A-2021-1", "B-2021-1"):
        _load_reviewed_round(scene, rounds[code])
        _decide(scene, rounds[code])
    for code in ("A-2022-1", "B-2022-1"):
        _load_reviewed_round(scene, rounds[code])
    _decide(scene, rounds["A-2022-1"])
    _hand_in_results(scene)
    _load_round_in_review(scene, rounds["B-2022-2"])
    _decide(scene, rounds["B-2022-1"])
    for code in ("A-2022-2", "B-2022-3"):
        load_applications(scene, rounds[code])


def _load_reviewed_round(scene: Scene, round_: Round) -> None:
    """Fill a round of which all applications were admitted and reviewed."""
    found = load_applications(scene, round_)
    judge_round(scene.crowd, round_, found.values())
    if round_.code == BLIND:
        hide_applicants(scene.crowd, round_)
    review_round(scene.crowd, round_, _reviewed(round_, found), round_.closes_at + timedelta(days=11))


def _reviewed(round_: Round, found: Mapping[str, Application]) -> list[Reviewed]:
    """Return the round's admissible applications as their reviewers saw them."""
    entries = [each for each in load_entries()[round_.code] if each.score]
    return [Reviewed(place, each, found[each.partnership]) for place, each in enumerate(entries)]


def _decide(scene: Scene, round_: Round) -> None:
    conditional = DECIDED[round_.code].conditional
    decide_round(scene.crowd, round_, scene.partnerships[conditional].id if conditional else None)
    if round_.code in CONTESTED:
        contest_decision(scene.crowd, round_, scene.partnerships[CONTESTED[round_.code].partnership].id)


def _hand_in_results(scene: Scene) -> None:
    shapes = {each.key: each for each in all_partnerships()}
    for result in RESULTS:
        key = result.partnership
        hand_in_result(scene.crowd, scene.partnerships[key], shapes[key], scene.storage, result)


def _load_round_in_review(scene: Scene, round_: Round) -> None:
    """Fill B-2022-2: eight admissible, one found inadmissible, one asked for completion; one would lose a partner."""
    found = load_applications(scene, round_)
    rest = [application for key, application in found.items() if key not in (UNSIGNED, INCOMPLETE)]
    judge_round(scene.crowd, round_, rest)
    refuse_unsigned(scene.crowd, round_, found[UNSIGNED])
    ask_attest(scene.crowd, round_, found[INCOMPLETE])
    reviewed = _reviewed(round_, found)
    begin_reviews(scene.crowd, round_, reviewed, brussels_moment(date(2022, 6, 13), 9))
    discuss_round(scene.crowd, round_, reviewed)
    ask_one_to_leave(scene.crowd, found[SMALLER])
