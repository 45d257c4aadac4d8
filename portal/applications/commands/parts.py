"""What each partner says of its own part, declarations included, and how the parts follow the partnership."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from portal.applications.awards import portal_aid_by_year
from portal.applications.commands.signing import cancel_overtaken
from portal.applications.commands.writing import refuse_late_text, refuse_unless_being_written, refuse_unless_writable
from portal.applications.completion import PARTNERS, part_key
from portal.applications.models import Application, PartnerPart
from portal.applications.states import VatStatus
from portal.calls.answers import LONGEST_TEXT, MOST_DIGITS
from portal.calls.form_definitions import FormDefinition, QuestionKind
from portal.calls.queries import form_of
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import NotFound, Problem, StaleVersion, refuse_if
from portal.core.money import ZERO, euro, total
from portal.core.text import _l
from portal.partnerships.models import Partner
from portal.partnerships.states import PartnerRole


@dataclass(frozen=True, slots=True)
class PartAnswers:
    """``recoverable_percent`` is of a partner of mixed VAT status; ``earlier_aid`` is de-minimis aid in euro, by year.

    ``declarations`` are the codes the partner declares, of those that the form asks each partner; all of them at once.
    """

    task: str = ""
    receives_funds: bool = False
    vat_status: VatStatus | None = None
    recoverable_percent: Decimal | None = None
    earlier_aid: Mapping[int, Decimal] = field(default_factory=dict)
    declarations: frozenset[str] = frozenset()


def save_part(
    ctx: Ctx, application: Application, organisation_id: int, answers: PartAnswers, base_version: int
) -> PartnerPart:
    """Store a partner's answers. NotFound for an organisation without a part; StaleVersion where somebody saved since
    ``base_version``; RuleViolation for what cannot be stored, and ``round-closed`` after the deadline, the
    answers then being kept apart for their author.
    """
    part = next((each for each in application.parts if each.organisation_id == organisation_id), None)
    if part is None:
        raise NotFound
    refuse_unless_being_written(application)
    awarded = portal_aid_by_year(application, application.round.decision_due_on).get(organisation_id, {})
    refuse_if(_problems(answers, form_of(application.round).partner_declarations, awarded))
    refuse_late_text(ctx, application, part_key(organisation_id), _typed(answers))
    if base_version != part.version:
        raise StaleVersion(base_version, part.version)
    part.task, part.receives_funds, part.vat_status = answers.task, answers.receives_funds, answers.vat_status
    part.recoverable_percent = answers.recoverable_percent
    part.earlier_aid = {str(year): str(euro(amount)) for year, amount in sorted(answers.earlier_aid.items())}
    part.earlier_aid_amount = total(map(euro, answers.earlier_aid.values())) if answers.earlier_aid else None
    said = part.declarations
    part.declarations = {each: said.get(each, ctx.now.isoformat()) for each in sorted(answers.declarations)}
    if part.receives_funds:
        part.funds_left_out_at = None
    part.version += 1
    db.session.flush()
    cancel_overtaken(ctx, application)
    return part


def _typed(answers: PartAnswers) -> dict[str, Any]:
    given = asdict(answers) | {"declarations": sorted(answers.declarations)}
    given |= {f"aid_{year}": str(amount) for year, amount in given.pop("earlier_aid").items()}
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in given.items()}


def _problems(answers: PartAnswers, declarable: frozenset[str], awarded: Mapping[int, Decimal]) -> Iterator[Problem]:
    if len(answers.task) > LONGEST_TEXT or "\x00" in answers.task:
        yield Problem("answer-unfit", _l("Shorten this text to %(limit)s characters.", limit=LONGEST_TEXT), "task")
    if not _is_within(answers.recoverable_percent, Decimal(100)):
        yield Problem("percent-unfit", _l("Fill in a percentage from 0 to 100."), "recoverable_percent")
    for year, amount in answers.earlier_aid.items():
        least = awarded.get(year, ZERO)
        if not _is_within(amount, MOST_DIGITS):
            yield Problem("amount-unfit", _l("Fill in an amount of 0 euro or more."), f"aid_{year}")
        elif amount < least:
            message = _l("This portal awarded %(amount)s in this year: fill in at least that amount.", amount=least)
            yield Problem("aid-below-award", message, f"aid_{year}")
    if not answers.declarations <= declarable:
        message = _l("The form asks no such declaration. Open the page again.")
        yield Problem("declaration-unknown", message, "declarations")


def _is_within(value: Decimal | None, highest: Decimal) -> bool:
    return value is None or (value.is_finite() and 0 <= value <= highest)


def new_part(partner: Partner, form: FormDefinition) -> PartnerPart:
    """Return the empty part of a partner. Where the form does not ask who receives funds, all but network partners do."""
    asked = next((each for each in form.questions if each.kind is QuestionKind.PARTNERS), None)
    is_asked = asked is not None and any(column.key == "receives_funds" for column in asked.columns)
    funded = not is_asked and partner.role is not PartnerRole.NETWORK
    return PartnerPart(organisation_id=partner.organisation_id, role=str(partner.role), task="", receives_funds=funded)


def bring_up_to_date(ctx: Ctx, application: Application) -> None:
    """Let the parts follow the partnership: a part for each new partner, the present roles, and of who left nothing but
    the costs that still stand, without funds. RuleViolation ``round-closed`` after the deadline.
    """
    refuse_unless_writable(ctx, application, PARTNERS)
    present = {each.organisation_id: each for each in application.partnership.partners if each.ended_on is None}
    spending = {each.organisation_id for each in application.lines}
    for part in list(application.parts):
        partner = present.get(part.organisation_id)
        if partner is not None:
            part.role = str(partner.role)
            part.receives_funds = part.receives_funds and partner.role is not PartnerRole.NETWORK
        elif part.organisation_id in spending:
            part.receives_funds = False
        else:
            application.parts.remove(part)
            db.session.delete(part)
    for section in application.sections:
        if section.assigned_to_id not in present:
            section.assigned_to_id = None
    known = {each.organisation_id for each in application.parts}
    for organisation_id, partner in present.items():
        if organisation_id not in known:
            application.parts.append(new_part(partner, form_of(application.round)))
    db.session.flush()
    cancel_overtaken(ctx, application)
    db.session.expire(application, ["parts"])
