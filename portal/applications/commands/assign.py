"""Dividing the sections of an application over its partners."""

from __future__ import annotations

from collections.abc import Mapping

from portal.applications.commands.writing import refuse_unless_writable
from portal.applications.events import SectionAssigned
from portal.applications.models import Application
from portal.core.context import Ctx
from portal.core.errors import Problem, RuleViolation
from portal.core.event_log import record
from portal.core.text import _l


def assign_sections(ctx: Ctx, application: Application, assigned: Mapping[str, int | None]) -> int:
    """Assign each section, by its code, to an organisation, or to all who write (None); return how many changed.

    RuleViolation ``not-a-partner`` for an organisation that is not in the partnership now, and ``round-closed`` after
    the deadline. Sections that are not named stay as they are.
    """
    refuse_unless_writable(ctx, application, None)
    present = {each.organisation_id for each in application.partnership.partners if each.ended_on is None}
    if not set(assigned.values()) <= present | {None}:
        raise RuleViolation([Problem("not-a-partner", _l("Choose a partner of this application."))])
    changed = [
        each for each in application.sections if assigned.get(each.code, each.assigned_to_id) != each.assigned_to_id
    ]
    for section in changed:
        section.assigned_to_id = assigned[section.code]
        event = SectionAssigned(
            application_id=application.id, section=section.code, organisation_id=section.assigned_to_id
        )
        record(ctx, event)
    return len(changed)
