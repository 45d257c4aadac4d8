"""Saving a section's answers: every version is kept, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.applications.commands.writing import refuse_late_text, refuse_unless_being_written
from portal.applications.models import Application, Section, SectionRevision
from portal.calls.answers import problems_with_answers
from portal.calls.queries import form_of
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import NotFound, StaleVersion, refuse_if


def save_section(
    ctx: Ctx, application: Application, code: str, answers: Mapping[str, Any], base_version: int
) -> Section:
    """Store the answers over those that stand, as a new version; answers not given stay.

    NotFound for a code the form does not have; IllegalTransition where the application is not being written;
    StaleVersion where somebody saved since ``base_version``; RuleViolation for what cannot be stored, and
    ``round-closed`` after the deadline, the text then being kept apart for its author.
    """
    section = next((each for each in application.sections if each.code == code), None)
    if section is None:
        raise NotFound
    refuse_unless_being_written(application)
    refuse_if(problems_with_answers(form_of(application.round).section(code), answers))
    refuse_late_text(ctx, application, code, answers)
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
