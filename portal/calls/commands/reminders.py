"""A call's reminders: added, changed, switched off and on; each counts from the moment it was set."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.dialects.postgresql import insert

from portal.calls.events import ReminderSet
from portal.calls.models import Call, Reminder
from portal.calls.reminding import Lead, LeadUnit, ReminderKind, problems_with_lead
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import explain_constraint, refuse_if
from portal.core.event_log import record
from portal.core.text import _l

explain_constraint(
    "uq_reminder_lead",
    "reminder-known",
    _l("This call has that reminder already: switch it on, or change it."),
    "amount",
)

DAYS = LeadUnit.DAYS
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)  # not the moment of loading: the demo is loaded before its clock is set back
# What a new call begins with.
USUAL: tuple[tuple[ReminderKind, Lead], ...] = (
    (ReminderKind.DRAFT, Lead(7, DAYS)),
    (ReminderKind.DRAFT, Lead(1, DAYS)),
    (ReminderKind.SIGN_OFF, Lead(3, DAYS)),
    (ReminderKind.COMPLETION, Lead(2, DAYS)),
    (ReminderKind.INVITATION, Lead(2, DAYS)),
    (ReminderKind.REVIEW, Lead(7, DAYS)),
    (ReminderKind.REVIEW, Lead(1, DAYS)),
    (ReminderKind.AWARD, Lead(7, DAYS)),
    (ReminderKind.AWARD, Lead(1, DAYS)),
)


def give_usual_reminders(call_id: int) -> None:
    """Give a call that is new the reminders that calls begin with. They count for whatever it will have."""
    rows = [
        {"call_id": call_id, "kind": kind, "amount": lead.amount, "unit": lead.unit, "is_on": True, "set_at": ALWAYS}
        for kind, lead in USUAL
    ]
    db.session.execute(insert(Reminder).values(rows).on_conflict_do_nothing(constraint="uq_reminder_lead"))


def add_reminder(ctx: Ctx, call: Call, kind: ReminderKind, lead: Lead) -> Reminder:
    """Add a reminder, switched on; RuleViolation for a lead that is out of reach or there already."""
    refuse_if(problems_with_lead(lead))
    row = Reminder(call_id=call.id, kind=kind, amount=lead.amount, unit=lead.unit, is_on=True, set_at=ctx.now)
    row.set_by_id = ctx.actor.person_id
    db.session.add(row)
    db.session.flush()
    _told(ctx, row)
    return row


def change_reminder(ctx: Ctx, row: Reminder, lead: Lead) -> None:
    """Send it this long before from now on; what was sent with the old lead stays sent."""
    if lead == row.lead:
        return
    refuse_if(problems_with_lead(lead))
    row.amount, row.unit, row.set_at, row.set_by_id = lead.amount, lead.unit, ctx.now, ctx.actor.person_id
    _told(ctx, row)


def switch_reminder(ctx: Ctx, row: Reminder, *, on: bool) -> None:
    """Switch it on or off; nothing where it stands so. Switched on, it counts from now."""
    if row.is_on == on:
        return
    row.is_on, row.set_at, row.set_by_id = on, ctx.now, ctx.actor.person_id
    _told(ctx, row)


def _told(ctx: Ctx, row: Reminder) -> None:
    event = ReminderSet(
        reminder_id=row.id,
        call_id=row.call_id,
        kind=str(row.kind),
        amount=row.amount,
        unit=str(row.unit),
        is_on=row.is_on,
    )
    record(ctx, event)
