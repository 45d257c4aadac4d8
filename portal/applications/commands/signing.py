"""Signing off on a partner's part, asking for it, and going on without a partner's funds."""

from __future__ import annotations

from portal.applications.commands.writing import refuse_unless_writable, unlocked
from portal.applications.completion import BUDGET, part_key
from portal.applications.events import FundsLeftOut, FundsTakenIn, SignedOff, SignOffAsked, SignOffCancelled
from portal.applications.models import Application, PartnerPart, SignOff
from portal.applications.sign_offs import digest_of, facts_of, is_asked
from portal.calls.queries import terms_of
from portal.core.clock import brussels_day
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import Forbidden, NotFound, Problem, RuleViolation
from portal.core.event_log import record
from portal.core.money import total
from portal.core.text import _l


def sign_off(ctx: Ctx, application: Application, organisation_id: int, sha256: str) -> SignOff:
    """Confirm a partner's part as it was read: ``sha256`` is the digest of what stood on the page.

    NotFound where no sign-off is asked of the organisation; RuleViolation ``part-changed`` where something else stands
    now, ``round-closed`` after the deadline. A second press changes nothing.
    """
    refuse_unless_writable(ctx, application, None)
    part = _asked_part(application, organisation_id)
    facts = facts_of(part, application.counted_lines)
    if digest_of(facts) != sha256:
        message = _l("This part was changed since you opened the page. Read it again, then sign off.")
        raise RuleViolation([Problem("part-changed", message)])
    standing = _standing(application, organisation_id)
    if standing is not None and standing.sha256 == sha256:
        return standing
    if ctx.actor.person_id is None:
        raise Forbidden("application.sign-part")
    cancel_overtaken(ctx, application)
    row = SignOff(
        organisation_id=organisation_id,
        facts=facts,
        sha256=sha256,
        signed_at=ctx.now,
        signed_by_id=ctx.actor.person_id,
    )
    application.sign_offs.append(row)
    db.session.flush()
    record(
        ctx,
        SignedOff(application_id=application.id, organisation_id=organisation_id, sign_off_id=row.id, sha256=sha256),
    )
    return row


def cancel_overtaken(ctx: Ctx, application: Application) -> None:
    """Cancel each sign-off of which the facts changed; whatever changes a part or a cost ends with this.

    That a sign-off holds no more is found by its digest, also where nobody called this: here its partner is told.
    """
    parts = {each.organisation_id: each for each in application.parts}
    for row in application.sign_offs:
        if row.cancelled_at is not None:
            continue
        part = parts.get(row.organisation_id)
        if part is not None and digest_of(facts_of(part, application.counted_lines)) == row.sha256:
            continue
        row.cancelled_at = ctx.now
        event = SignOffCancelled(application_id=application.id, organisation_id=row.organisation_id, sign_off_id=row.id)
        record(ctx, event)


def ask_sign_off(ctx: Ctx, application: Application, organisation_id: int) -> bool:
    """Ask a partner's organisatieverantwoordelijken to sign off, once a day at most; return whether they are asked now.

    NotFound where nothing is asked of the organisation or it has signed; ``round-closed`` after the deadline.
    """
    refuse_unless_writable(ctx, application, None)
    part, standing = _asked_part(application, organisation_id), _standing(application, organisation_id)
    if standing is not None and standing.sha256 == digest_of(facts_of(part, application.counted_lines)):
        raise NotFound
    key = f"sign-off-asked:{application.id}:{organisation_id}:{brussels_day(ctx.now).isoformat()}"
    event = SignOffAsked(application_id=application.id, organisation_id=organisation_id)
    return record(ctx, event, natural_key=key) is not None


def leave_out_funds(ctx: Ctx, application: Application, organisation_id: int) -> None:
    """Go on without funds for a partner: its costs stay as they were typed, and count no more until they are taken in.

    NotFound for the lead partner and for who receives no funds; ``round-closed`` after the deadline.
    """
    refuse_unless_writable(ctx, application, _opened_by(application, organisation_id))
    part = _part(application, organisation_id)
    if organisation_id == application.promotor_id or not part.receives_funds:
        raise NotFound
    amount = total(each.amount for each in application.counted_lines if each.organisation_id == organisation_id)
    part.receives_funds, part.funds_left_out_at = False, ctx.now
    part.version += 1
    record(ctx, FundsLeftOut(application_id=application.id, organisation_id=organisation_id, amount=amount))
    cancel_overtaken(ctx, application)


def take_in_funds(ctx: Ctx, application: Application, organisation_id: int) -> None:
    """Undo going on without a partner's funds. NotFound where that was not done; ``round-closed`` after the deadline."""
    refuse_unless_writable(ctx, application, _opened_by(application, organisation_id))
    part = _part(application, organisation_id)
    if part.funds_left_out_at is None:
        raise NotFound
    part.receives_funds, part.funds_left_out_at = True, None
    part.version += 1
    amount = total(each.amount for each in application.counted_lines if each.organisation_id == organisation_id)
    record(ctx, FundsTakenIn(application_id=application.id, organisation_id=organisation_id, amount=amount))
    cancel_overtaken(ctx, application)


def _part(application: Application, organisation_id: int) -> PartnerPart:
    part = next((each for each in application.parts if each.organisation_id == organisation_id), None)
    if part is None:
        raise NotFound
    return part


def _asked_part(application: Application, organisation_id: int) -> PartnerPart:
    part = _part(application, organisation_id)
    if not is_asked(terms_of(application.round).sign_off, application.promotor_id, part):
        raise NotFound
    return part


def _standing(application: Application, organisation_id: int) -> SignOff | None:
    return next(
        (e for e in application.sign_offs if e.organisation_id == organisation_id and e.cancelled_at is None), None
    )


def _opened_by(application: Application, organisation_id: int) -> str:
    """Return what a completion must have opened for a partner's funds to change: the budget, or else its own part."""
    return BUDGET if unlocked(application).holds(BUDGET) else part_key(organisation_id)
