"""Putting an earlier version of a section back: as a new version, so that what it replaces stays in the history."""

from __future__ import annotations

from portal.applications.commands.save_section import known_in, write_version
from portal.applications.commands.writing import refuse_unless_writable
from portal.applications.merging import is_same
from portal.applications.models import Section
from portal.applications.queries import get_answers_at
from portal.applications.states import RevisionKind
from portal.calls.answers import problems_with_answers
from portal.calls.queries import form_of
from portal.core.context import Ctx
from portal.core.errors import StaleVersion, refuse_if


def restore_section(ctx: Ctx, section: Section, version: int, *, seen: int) -> Section:
    """Give the section the answers it had in ``version``. ``seen`` is the version that the person saw it replace.

    NotFound for a version that is not kept. IllegalTransition or ``round-closed`` where nothing can be written;
    StaleVersion where somebody saved since ``seen``; RuleViolation where the old answers cannot be stored any more.
    """
    application = section.application
    refuse_unless_writable(ctx, application, section.code)
    earlier = get_answers_at(section.id, version)
    if seen != section.version:
        raise StaleVersion(seen, section.version)
    keys = {**section.answers, **earlier}
    answers = {key: earlier.get(key) for key in keys if not is_same(earlier.get(key), section.answers.get(key))}
    definition = form_of(application.round).section(section.code)
    refuse_if(problems_with_answers(definition, answers, known_in(application, definition, answers)))
    if answers:
        write_version(ctx, section, answers, RevisionKind.RESTORED)
    return section
