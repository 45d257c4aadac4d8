"""A reviewer's profile, and the declaration of the year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.accounts.models import Person
from portal.core.clock import brussels_day
from portal.core.context import Ctx
from portal.core.db import db, get_one
from portal.core.errors import Problem, RuleViolation, StaleVersion, explain_constraint, refuse_if
from portal.core.event_log import record
from portal.core.text import _l
from portal.reviewing.commands.guarding import require_reason
from portal.reviewing.declaration import text_digest
from portal.reviewing.events import ReviewerDeclared, ReviewerExperienceSet, ReviewerProfileChanged
from portal.reviewing.expertise import Language, Level, Subject
from portal.reviewing.pool import has_declared, subject_labels
from portal.reviewing.pool_models import ReviewerAbsence, ReviewerDeclaration, ReviewerExpertise, ReviewerProfile
from portal.reviewing.rules import USUAL_LOAD

MOST_LOAD = 60  # a round has ten to sixty applications
_ONCE = _l("The declaration of this year was signed before.")
explain_constraint("uq_reviewer_declaration_person_id_year", "already-declared", _ONCE)


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """Everything of a profile that a reviewer, or a case officer on their behalf, fills in.

    ``organisation_id`` is the organisation of this portal where they work, else ``institution`` names it.
    ``absences`` are (first day, last day), both included.
    """

    languages: tuple[str, ...] = (Language.NL,)
    minimum_load: int = 0
    maximum_load: int = USUAL_LOAD
    organisation_id: int | None = None
    institution: str = ""
    expertise: Mapping[Subject, Level] = field(default_factory=dict)
    absences: tuple[tuple[date, date], ...] = ()


def save_profile(ctx: Ctx, person: Person, facts: ProfileFacts, base_version: int) -> ReviewerProfile:
    """Write the whole profile; the first time makes it. What was there before is replaced.

    StaleVersion where it was saved since ``base_version`` (0: there was none). RuleViolation with language-missing,
    language-unknown, load-out-of-range, loads-reversed, subject-unknown, absence-reversed.
    """
    profile = _locked(ctx, person)
    if profile.version != base_version:
        raise StaleVersion(base_version, profile.version)
    refuse_if(_problems(facts))
    profile.languages = [each for each in Language if each in facts.languages]
    profile.minimum_load, profile.maximum_load = facts.minimum_load, facts.maximum_load
    profile.organisation_id = facts.organisation_id
    profile.institution = "" if facts.organisation_id else facts.institution.strip()
    for table in (ReviewerExpertise, ReviewerAbsence):
        db.session.execute(sa.delete(table).where(table.person_id == person.id))
    for (kind, code), level in facts.expertise.items():
        db.session.add(ReviewerExpertise(person_id=person.id, kind=kind, code=code, level=level))
    for first, last in facts.absences:
        db.session.add(ReviewerAbsence(person_id=person.id, from_on=first, until_on=last))
    _stamp(ctx, profile)
    record(ctx, ReviewerProfileChanged(reviewer_id=person.id))
    return profile


def set_experience(ctx: Ctx, person: Person, reason: str, *, is_experienced: bool | None) -> None:
    """Say whether somebody is an experienced reviewer, with the reason; None: count the submitted reviews again.

    RuleViolation without a reason for yes or no.
    """
    if is_experienced is not None:
        require_reason(reason, _l("Say what this rests on."))
    profile = _locked(ctx, person)
    profile.is_experienced = is_experienced
    profile.experience_reason = reason.strip() if is_experienced is not None else ""
    _stamp(ctx, profile)
    record(ctx, ReviewerExperienceSet(reviewer_id=person.id, is_experienced=is_experienced))


def declare(ctx: Ctx, person: Person, language: str) -> ReviewerDeclaration:
    """Sign the declaration of the present calendar year in Brussels, in the language in which it was read.

    RuleViolation (already-declared) the second time.
    """
    if has_declared(person.id, ctx.now):
        raise RuleViolation([Problem("already-declared", _ONCE)])
    year, sha256 = brussels_day(ctx.now).year, text_digest(language)
    declaration = ReviewerDeclaration(person_id=person.id, year=year, declared_at=ctx.now, sha256=sha256)
    db.session.add(declaration)
    db.session.flush()
    record(ctx, ReviewerDeclared(reviewer_id=person.id, year=year, sha256=sha256))
    return declaration


def _locked(ctx: Ctx, person: Person) -> ReviewerProfile:
    """Return the profile under its lock, made with the defaults where there was none: whoever comes second waits."""
    row = insert(ReviewerProfile).values(
        person_id=person.id,
        languages=[str(Language.NL)],
        minimum_load=0,
        maximum_load=USUAL_LOAD,
        institution="",
        experience_reason="",
        version=0,
        updated_at=ctx.now,
    )
    db.session.execute(row.on_conflict_do_nothing())
    return get_one(sa.select(ReviewerProfile).where(ReviewerProfile.person_id == person.id), lock=True)


def _stamp(ctx: Ctx, profile: ReviewerProfile) -> None:
    profile.version += 1
    profile.updated_at, profile.updated_by_id = ctx.now, ctx.actor.person_id
    db.session.flush()


def _problems(facts: ProfileFacts) -> Iterator[Problem]:
    if not facts.languages:
        yield Problem("language-missing", _l("Choose at least one language."), "languages")
    elif not set(facts.languages) <= set(Language):
        yield Problem("language-unknown", _l("Choose a language of the list."), "languages")
    if not 1 <= facts.maximum_load <= MOST_LOAD:
        message = _l("Give a number from 1 to %(most)s.", most=MOST_LOAD)
        yield Problem("load-out-of-range", message, "maximum_load")
    elif not 0 <= facts.minimum_load <= facts.maximum_load:
        yield Problem("loads-reversed", _l("The least cannot be more than the most, or below 0."), "minimum_load")
    if not set(facts.expertise) <= set(subject_labels()):
        yield Problem("subject-unknown", _l("No programme knows one of these subjects."))
    if any(last < first for first, last in facts.absences):
        yield Problem("absence-reversed", _l("The last day lies before the first."), "absences")
