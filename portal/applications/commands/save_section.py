"""Saving a section's answers: every version is kept, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.applications.commands.unsent import keep_unsent_text
from portal.applications.commands.writing import refuse_late_text, refuse_unless_being_written
from portal.applications.models import Application, Section, SectionRevision
from portal.calls.answers import Known, municipalities_in, problems_with_answers
from portal.calls.form_definitions import Section as Definition
from portal.calls.queries import form_of, terms_of
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import IllegalTransition, NotFound, StaleVersion, refuse_if
from portal.places.queries import list_municipalities_by_nis


def save_section(
    ctx: Ctx, application: Application, code: str, answers: Mapping[str, Any], base_version: int
) -> Section:
    """Store the answers over those that stand, as a new version; answers not given stay.

    NotFound for a code the form does not have. What comes when nothing can be written any more is kept apart for its
    author first, whatever it holds: IllegalTransition where the application is not being written, ``round-closed``
    after the deadline. RuleViolation for what cannot be stored; StaleVersion where somebody saved since
    ``base_version``.
    """
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
    refuse_if(problems_with_answers(definition, answers, _known(application, definition, answers)))
    if base_version != section.version:
        raise StaleVersion(base_version, section.version)
    section.answers = {**section.answers, **answers}
    section.version += 1
    section.saved_at, section.saved_by_id = ctx.now, ctx.actor.person_id
    db.session.add(
        SectionRevision(
            section_id=section.id,
            version=section.version,
            answers=section.answers,
            saved_at=ctx.now,
            saved_by_id=ctx.actor.person_id,
        )
    )
    db.session.flush()
    return section


def _known(application: Application, definition: Definition, answers: Mapping[str, Any]) -> Known:
    """Return what the answers may name; a municipality of another period than today's stays valid."""
    named = municipalities_in(definition.questions, answers)
    partners = {each.organisation_id for each in application.parts}
    partners |= {each.organisation_id for each in application.partnership.partners}
    return Known(
        municipalities={each.nis for each in list_municipalities_by_nis(named)} if named else (),
        partners={str(each) for each in partners},
        categories={each.code for each in terms_of(application.round).cost_categories},
    )
