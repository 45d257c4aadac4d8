"""Reading the pool of reviewers, and what applications are about: constant statements, however many there are."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.accounts.queries import list_people_with_role
from portal.applications.models import Application, Snapshot
from portal.calls.models import Call, FormVersion, Programme, Round
from portal.core.actor import Role
from portal.core.clock import brussels_day
from portal.core.db import db
from portal.core.text import Text
from portal.places.models import Municipality
from portal.places.provinces import PROVINCES, PROVINCES_BY_CODE
from portal.reviewing.expertise import (
    PRIMARY,
    Level,
    Subject,
    SubjectKind,
    groups_aimed_at,
    municipalities_aimed_at,
    objectives_of,
    target_groups_of,
)
from portal.reviewing.models import Review
from portal.reviewing.pool_models import (
    ReviewAlternate,
    ReviewerAbsence,
    ReviewerDeclaration,
    ReviewerExpertise,
    ReviewerProfile,
)
from portal.reviewing.rules import EXPERIENCED_FROM, USUAL_LOAD, is_independent
from portal.reviewing.states import COUNTED, ReviewState


@dataclass(frozen=True, slots=True)
class Reviewer:
    """One reviewer of the pool, with or without a profile: without one the defaults hold.

    ``load`` counts the standing reviews in the round asked about (0 where none was); ``reviewed`` the submitted ones
    in rounds whose results are out. ``institution`` is a name; ``institution_key`` is equal for people of the same
    one, None where nobody knows. ``absences`` are (first day, last day), both included.
    """

    person: Person
    profile: ReviewerProfile | None
    expertise: Mapping[Subject, Level]
    absences: tuple[tuple[date, date], ...]
    has_declared: bool
    reviewed: int
    load: int

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.profile.languages) if self.profile else ("nl",)

    @property
    def minimum_load(self) -> int:
        return self.profile.minimum_load if self.profile else 0

    @property
    def maximum_load(self) -> int:
        return self.profile.maximum_load if self.profile else USUAL_LOAD

    @property
    def is_experienced(self) -> bool:
        """What a case officer set, else counted: enough submitted reviews in rounds whose results are out."""
        if self.profile is not None and self.profile.is_experienced is not None:
            return self.profile.is_experienced
        return self.reviewed >= EXPERIENCED_FROM

    @property
    def institution(self) -> str:
        if self.profile is None:
            return ""
        return self.profile.organisation.name if self.profile.organisation else self.profile.institution

    @property
    def institution_key(self) -> str | None:
        return " ".join(self.institution.casefold().split()) or None

    @property
    def is_full(self) -> bool:
        return self.load >= self.maximum_load

    def is_away(self, day: date) -> bool:
        """Return whether the reviewer said to be unavailable on ``day``."""
        return any(first <= day <= last for first, last in self.absences)


def list_profiles(
    at: datetime, *, round_id: int | None = None, person_ids: Collection[int] | None = None
) -> list[Reviewer]:
    """Return every independent reviewer (or those of ``person_ids``), by id: seven statements at most.

    ``at`` decides which year's declaration counts; ``round_id`` in which round the load is counted.
    """
    people = [each for each in list_people_with_role(Role.REVIEWER) if is_independent(each.roles)]
    if person_ids is not None:
        people = [each for each in people if each.id in person_ids]
    return reviewers_of(people, at, round_id=round_id)


def reviewers_of(people: Collection[Person], at: datetime, *, round_id: int | None = None) -> list[Reviewer]:
    """Return these people as reviewers of the pool, in their order (six statements at most)."""
    ids = [each.id for each in people]
    profiles, expertise, absences = _profiles(ids), _expertise(ids), _absences(ids)
    declared = _declared(ids, brussels_day(at).year)
    reviewed, loads = _reviewed(ids), _loads(ids, round_id)
    return [
        Reviewer(
            person=each,
            profile=profiles.get(each.id),
            expertise=expertise.get(each.id, {}),
            absences=tuple(absences.get(each.id, ())),
            has_declared=each.id in declared,
            reviewed=reviewed.get(each.id, 0),
            load=loads.get(each.id, 0),
        )
        for each in people
    ]


def _profiles(ids: list[int]) -> dict[int, ReviewerProfile]:
    stmt = sa.select(ReviewerProfile).where(ReviewerProfile.person_id.in_(ids))
    return {each.person_id: each for each in db.session.scalars(stmt.options(joinedload(ReviewerProfile.organisation)))}


def _expertise(ids: list[int]) -> dict[int, dict[Subject, Level]]:
    found: dict[int, dict[Subject, Level]] = defaultdict(dict)
    stmt = sa.select(ReviewerExpertise).where(ReviewerExpertise.person_id.in_(ids))
    for each in db.session.scalars(stmt.order_by(ReviewerExpertise.kind, ReviewerExpertise.code)):
        found[each.person_id][Subject(each.kind, each.code)] = each.level
    return found


def _absences(ids: list[int]) -> dict[int, list[tuple[date, date]]]:
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    stmt = sa.select(ReviewerAbsence.person_id, ReviewerAbsence.from_on, ReviewerAbsence.until_on)
    stmt = stmt.where(ReviewerAbsence.person_id.in_(ids)).order_by(ReviewerAbsence.from_on, ReviewerAbsence.id)
    for person_id, first, last in db.session.execute(stmt):
        found[person_id].append((first, last))
    return found


# Written once: every queue asks it.
_DECLARED = sa.select(ReviewerDeclaration.person_id).where(
    ReviewerDeclaration.person_id.in_(sa.bindparam("ids", expanding=True)),
    ReviewerDeclaration.year == sa.bindparam("year"),
)


def _declared(ids: list[int], year: int) -> set[int]:
    return set(db.session.scalars(_DECLARED, {"ids": ids, "year": year}))


def _reviewed(ids: list[int]) -> dict[int, int]:
    stmt = (
        sa.select(Review.reviewer_id, sa.func.count())
        .join(Round, Round.id == Review.round_id)
        .where(
            Review.reviewer_id.in_(ids),
            Review.state == ReviewState.SUBMITTED,
            Round.results_published_at.is_not(None),
        )
        .group_by(Review.reviewer_id)
    )
    return {row[0]: row[1] for row in db.session.execute(stmt)}


def _loads(ids: list[int], round_id: int | None) -> dict[int, int]:
    if round_id is None:
        return {}
    stmt = (
        sa.select(Review.reviewer_id, sa.func.count())
        .where(Review.round_id == round_id, Review.reviewer_id.in_(ids), Review.state.in_(sorted(COUNTED)))
        .group_by(Review.reviewer_id)
    )
    return {row[0]: row[1] for row in db.session.execute(stmt)}


def has_declared(person_id: int, at: datetime) -> bool:
    """Return whether the reviewer signed the declaration of the calendar year that ``at`` falls in, in Brussels."""
    return person_id in _declared([person_id], brussels_day(at).year)


def list_declarations(person_id: int) -> list[ReviewerDeclaration]:
    """Return a reviewer's declarations, the latest year first."""
    stmt = sa.select(ReviewerDeclaration).where(ReviewerDeclaration.person_id == person_id)
    return list(db.session.scalars(stmt.order_by(ReviewerDeclaration.year.desc())))


def list_alternates(application_id: int) -> list[ReviewAlternate]:
    """Return an application's alternates with their person, in the order in which they are asked."""
    return alternates_by_application([application_id]).get(application_id, [])


def alternates_by_application(application_ids: Iterable[int]) -> dict[int, list[ReviewAlternate]]:
    """Return the alternates of each application that has any, as ``list_alternates`` does (one statement)."""
    stmt = sa.select(ReviewAlternate).where(ReviewAlternate.application_id.in_(list(application_ids)))
    found: dict[int, list[ReviewAlternate]] = {}
    for each in db.session.scalars(stmt.options(joinedload(ReviewAlternate.person)).order_by(ReviewAlternate.position)):
        found.setdefault(each.application_id, []).append(each)
    return found


def subject_labels() -> dict[Subject, Text]:
    """Return every subject there is with its label: objectives, target groups of the newest forms, provinces."""
    found: dict[Subject, Text] = {}
    for programme in db.session.scalars(sa.select(Programme).order_by(Programme.id)):
        found |= objectives_of(programme.definition)
    newest = sa.select(sa.func.max(FormVersion.id)).group_by(FormVersion.call_id).scalar_subquery()
    for form in db.session.scalars(sa.select(FormVersion).where(FormVersion.id.in_(newest)).order_by(FormVersion.id)):
        found = target_groups_of(form.definition) | found
    provinces = {Subject(SubjectKind.PROVINCE, each.code): each.name for each in PROVINCES}
    order = list(SubjectKind)
    return dict(sorted((found | provinces).items(), key=lambda item: order.index(item[0].kind)))


def subjects_of(application_ids: Iterable[int]) -> dict[int, dict[Subject, Fraction]]:
    """Return what each application is about, with the weight of each subject (1 or 1/2): two statements.

    Read from its latest snapshot: the objectives of its programme, its target groups, the provinces it works in. An
    application that was never handed in has its programme's objectives only.
    """
    forms = (
        sa.select(Application.id, Programme.definition, FormVersion.definition, _latest_content())
        .join(Round, Round.id == Application.round_id)
        .join(Call, Call.id == Round.call_id)
        .join(Programme, Programme.id == Call.programme_id)
        .outerjoin(FormVersion, FormVersion.id == Round.form_version_id)
        .where(Application.id.in_(list(application_ids)))
    )
    found: dict[int, dict[Subject, Fraction]] = {}
    towns: dict[int, set[str]] = {}
    for application_id, programme, form, content in db.session.execute(forms):
        answers = _answers(content)
        found[application_id] = dict.fromkeys(objectives_of(programme), PRIMARY)
        if form is not None:
            found[application_id] |= groups_aimed_at(form, answers)
            towns[application_id] = municipalities_aimed_at(form, answers)
    provinces = _provinces({nis for each in towns.values() for nis in each})
    for application_id, named in towns.items():
        for code in {provinces[nis] for nis in named if nis in provinces}:
            found[application_id][Subject(SubjectKind.PROVINCE, code)] = PRIMARY
    return found


def _latest_content() -> sa.ScalarSelect[str]:
    stmt = sa.select(Snapshot.content).where(Snapshot.application_id == Application.id).correlate(Application)
    return stmt.order_by(Snapshot.number.desc()).limit(1).scalar_subquery()


def _answers(content: str | None) -> dict[str, Any]:
    held = json.loads(content)["sections"] if content else {}
    return {key: answer for section in held.values() for key, answer in (section or {}).items()}


def _provinces(codes: Collection[str]) -> dict[str, str]:
    if not codes:
        return {}
    stmt = sa.select(Municipality.nis, Municipality.province_code).where(Municipality.nis.in_(codes))
    return {nis: province for nis, province in db.session.execute(stmt) if province in PROVINCES_BY_CODE}
