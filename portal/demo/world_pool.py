"""The demo's pool of reviewers: who knows what, how much each takes on, and when they are away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from portal.accounts.models import Person
from portal.core.actor import Role
from portal.core.clock import brussels_moment
from portal.demo.cast import REVIEWERS
from portal.demo.roster import load_roster
from portal.demo.world_people import Crowd
from portal.reviewing.commands.profiles import ProfileFacts, declare, save_profile, set_experience
from portal.reviewing.expertise import Level, Subject, SubjectKind
from portal.reviewing.pool import has_declared, subject_labels

FILLED_IN = brussels_moment(date(2021, 11, 18), 10)
E, C, A = Level.EXPERT, Level.COMPETENT, Level.AWARE
EXPERIENCE = "Beoordeelde vier jaar lang projecten rond digitale inclusie voor een andere overheid."


@dataclass(frozen=True, slots=True)
class Known:
    """What one of the cast fills in: levels by the code of a subject, without its programme."""

    levels: Mapping[str, Level]
    institution: str
    languages: tuple[str, ...] = ("nl", "en")
    loads: tuple[int, int] = (2, 8)
    away: tuple[tuple[date, date], ...] = ()


KNOWN = {
    "joris": Known(
        {"objective_1": E, "objective_3": C, "older_people": E, "jobseekers": C, "10000": E, "70000": A},
        "Vormingshuis De Lindeboom",
        away=((date(2022, 7, 18), date(2022, 7, 31)),),
    ),
    "amina": Known(
        {"objective_2": E, "objective_3": C, "other_language": E, "low_literacy": E, "40000": E, "30000": C},
        "Taalatelier Oosterdok",
        languages=("nl", "en", "fr"),
    ),
    "pieter": Known(
        {"objective_3": E, "objective_1": A, "disability": E, "older_people": C, "20001": E, "04000": C},
        "Studiebureau Helder",
        loads=(0, 6),
        away=((date(2022, 7, 4), date(2022, 7, 8)),),
    ),
    "leen": Known(
        {"objective_1": C, "objective_2": C, "poverty": E, "single_parents": E, "30000": E, "40000": C},
        "Buurthuiswerk Rozenhoed",
        languages=("nl", "fr"),
        loads=(0, 5),
    ),
    "wouter": Known(
        {"objective_2": E, "young_adults": E, "jobseekers": C, "10000": E},
        "noordkant",
        languages=("nl", "en", "de"),
        loads=(1, 4),
    ),
}
INSTITUTIONS = (
    "Hogeschool Zilverkant",
    "Studiebureau Helder",
    "Sociaal Atelier Kompas",
    "Vormingshuis De Lindeboom",
    "",
)


def load_pool(crowd: Crowd) -> None:
    """Let every reviewer fill in a profile; one of the cast is experienced by what a case officer knows."""
    everything = list(subject_labels())
    for each in (*REVIEWERS, *load_roster().people):
        if Role.REVIEWER in each.roles:
            person = crowd.people[each.key]
            facts = _facts(crowd, KNOWN[each.key], everything) if each.key in KNOWN else _drawn(each.key, everything)
            save_profile(crowd.ctx(each.key, FILLED_IN), person, facts, 0)
    set_experience(crowd.ctx("mieke", FILLED_IN), crowd.people["wouter"], EXPERIENCE, is_experienced=True)


def declare_for_the_year(crowd: Crowd, key: str, at: datetime) -> None:
    """Let a reviewer sign the declaration of the year of ``at``, where that was not done yet."""
    person: Person = crowd.people[key]
    if not has_declared(person.id, at):
        declare(crowd.ctx(key, at), person, person.language)


def _facts(crowd: Crowd, known: Known, everything: list[Subject]) -> ProfileFacts:
    organisation = crowd.organisations.get(known.institution)
    found = {each: known.levels[code] for each in everything if (code := each.code.rpartition("/")[2]) in known.levels}
    return ProfileFacts(
        languages=known.languages,
        minimum_load=known.loads[0],
        maximum_load=known.loads[1],
        organisation_id=organisation.id if organisation else None,
        institution=known.institution,
        expertise=found,
        absences=known.away,
    )


def _drawn(key: str, everything: list[Subject]) -> ProfileFacts:
    """Draw a profile for one of the crowd, the same each time: one or two subjects of each kind."""
    dice = Random(f"pool {key}")
    chosen = [
        each
        for kind in SubjectKind
        for each in dice.sample([one for one in everything if one.kind is kind], dice.randint(1, 2))
    ]
    return ProfileFacts(
        languages=("nl", *dice.sample(("en", "fr", "de"), dice.randint(0, 2))),
        minimum_load=0,
        maximum_load=dice.randint(5, 10),
        institution=dice.choice(INSTITUTIONS),
        expertise={each: dice.choice((E, E, C, C, A)) for each in chosen},
    )
