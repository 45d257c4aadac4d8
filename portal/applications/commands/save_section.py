"""Saving a section's answers: every version is kept, what two people changed is merged, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.applications.commands.unsent import keep_unsent_text
from portal.applications.commands.writing import refuse_late_text, refuse_unless_being_written
from portal.applications.merging import Conflict, Merge, merge
from portal.applications.models import Application, Section, SectionRevision
from portal.applications.queries import answers_started_from
from portal.applications.states import RevisionKind
from portal.calls.answers import Known, municipalities_in, problems_with_answers
from portal.calls.form_definitions import Section as Definition
from portal.calls.queries import form_of, terms_of
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import IllegalTransition, NotFound, StaleVersion, refuse_if
from portal.places.queries import list_municipalities_by_nis


@dataclass(frozen=True, slots=True)
class Typed:
    """What one person sends: answers by question, and the version of the section that each of them started from.

    ``bases`` names the questions that started from another version than ``version``: those that were saved since the
    page was opened. ``set_aside`` are texts that their author gave up for another's.
    """

    answers: Mapping[str, Any]
    version: int
    bases: Mapping[str, int] | None = None
    set_aside: Mapping[str, Any] | None = None

    def started_from(self) -> dict[str, int]:
        """Return for each question the version it started from."""
        return {key: (self.bases or {}).get(key, self.version) for key in self.answers}


def save_section(
    ctx: Ctx, application: Application, code: str, answers: Mapping[str, Any], base_version: int
) -> Section:
    """Save answers that all started from one version of the section: see `save_typed`."""
    return save_typed(ctx, application, code, Typed(answers, base_version))


def save_typed(ctx: Ctx, application: Application, code: str, typed: Typed) -> Section:
    """Store what was changed over what stands, as a new version; nothing changed, no version after the first.

    NotFound for a code the form does not have. What comes when nothing can be written any more is kept apart for its
    author first, whatever it holds: IllegalTransition where the application is not being written, ``round-closed``
    after the deadline. RuleViolation for what cannot be stored; StaleVersion, and nothing is saved, where somebody
    changed the same answer meanwhile.
    """
    section = _section_to_write(ctx, application, code, {**(typed.set_aside or {}), **typed.answers})
    found = merge_typed(section, typed)
    if found.conflicts:
        raise StaleVersion(typed.version, section.version)
    if typed.set_aside:
        _keep_set_aside(ctx, section, typed.set_aside)
    if found.changed or typed.set_aside or section.version == 0:
        write_version(ctx, section, found.changed, RevisionKind.SAVED)
    return section


def autosave_typed(ctx: Ctx, application: Application, code: str, typed: Typed) -> tuple[Section, tuple[Conflict, ...]]:
    """Store what nobody else changed meanwhile; the conflicts are left to be asked. Refuses as `save_typed` does."""
    section = _section_to_write(ctx, application, code, typed.answers)
    found = merge_typed(section, typed)
    if found.changed:
        write_version(ctx, section, found.changed, RevisionKind.AUTOSAVED)
    return section, found.conflicts


def merge_typed(section: Section, typed: Typed) -> Merge:
    """Return how what was typed goes together with what stands (one statement at most)."""
    return merge(section.answers, typed.answers, answers_started_from(section, typed.started_from()))


def _section_to_write(ctx: Ctx, application: Application, code: str, answers: Mapping[str, Any]) -> Section:
    section = next((each for each in application.sections if each.code == code), None)
    if section is None:
        raise NotFound
    try:
        refuse_unless_being_written(application)
    except IllegalTransition:
        keep_unsent_text(ctx, application.id, code, answers)
        raise
    refuse_late_text(ctx, application, code, answers)
    definition = form_of(application.round).section(code)
    refuse_if(problems_with_answers(definition, answers, known_in(application, definition, answers)))
    return section


def write_version(ctx: Ctx, section: Section, changed: Mapping[str, Any], kind: RevisionKind) -> None:
    """Write the changed answers over those that stand, as the section's next version."""
    if section.version == 0 and section.answers:
        begun = SectionRevision(
            section_id=section.id,
            version=0,
            kind=RevisionKind.BEGUN,
            answers=section.answers,
            saved_at=section.application.begun_at,
            saved_by_id=section.application.begun_by_id,
        )
        db.session.add(begun)
    section.answers = {**section.answers, **changed}
    section.saved_at, section.saved_by_id = ctx.now, ctx.actor.person_id
    _add_version(ctx, section, kind, section.answers)
    db.session.flush()


def _keep_set_aside(ctx: Ctx, section: Section, answers: Mapping[str, Any]) -> None:
    """Keep a text that another's was preferred to as a version that never stood; the version after it stands again."""
    _add_version(ctx, section, RevisionKind.SET_ASIDE, {**section.answers, **answers})


def _add_version(ctx: Ctx, section: Section, kind: RevisionKind, answers: Mapping[str, Any]) -> None:
    section.version += 1
    db.session.add(
        SectionRevision(
            section_id=section.id,
            version=section.version,
            kind=kind,
            answers=dict(answers),
            saved_at=ctx.now,
            saved_by_id=ctx.actor.person_id,
        )
    )


def known_in(application: Application, definition: Definition, answers: Mapping[str, Any]) -> Known:
    """Return what the answers may name; a municipality of another period than today's stays valid."""
    named = municipalities_in(definition.questions, answers)
    partners = {each.organisation_id for each in application.parts}
    partners |= {each.organisation_id for each in application.partnership.partners}
    return Known(
        municipalities={each.nis for each in list_municipalities_by_nis(named)} if named else (),
        partners={str(each) for each in partners},
        categories={each.code for each in terms_of(application.round).cost_categories},
    )
