"""Who may see, write, sign and judge an application. The subject comes with its partnership's partners loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from portal.applications.budget_view import RemovedLine, viewer_of, wages_of
from portal.core.actor import Actor, Right, Role
from portal.core.policy import Policy, all_of, any_of, not_, role, signed_in
from portal.core.text import _l
from portal.partnerships.states import PartnerRole

if TYPE_CHECKING:
    from portal.applications.change_models import ChangeRequest
    from portal.applications.models import Application, Attachment, BudgetLine, Paper, PartnerPart, Section
    from portal.calls.models import Round
    from portal.partnerships.models import Partnership

_STAFF = role(Role.CASE_OFFICER, Role.AUDITOR)
_DESK = role(Role.CASE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)
_OWN = _l("Only those who write for the lead partner or for this partner itself change this.")
_SIGNER = _l("Only somebody who may sign for the lead partner can do this.")


def _present(partnership: Partnership, *roles: PartnerRole) -> Iterator[int]:
    """Yield the organisations that are in the partnership now, in one of ``roles`` where any is given."""
    for partner in partnership.partners:
        if partner.ended_on is None and (not roles or partner.role in roles):
            yield partner.organisation_id


def _takes_part(actor: Actor, application: Application) -> bool:
    return actor.may_read_for({application.promotor_id, *_present(application.partnership)})


def _writes(actor: Actor, application: Application) -> bool:
    return actor.may_write_for({application.promotor_id, *_present(application.partnership, PartnerRole.CORE)})


def _writes_for(actor: Actor, application: Application, organisation_id: int) -> bool:
    present = {organisation_id}.intersection(_present(application.partnership))
    return actor.may_write_for({application.promotor_id, *present})


def assignee_of(section: Section) -> int | None:
    """Return the organisation that the section is assigned to, while it is in the partnership; None: all who write."""
    assigned = section.assigned_to_id
    return assigned if assigned in set(_present(section.application.partnership)) else None


def _writes_section(actor: Actor, section: Section) -> bool:
    assigned = assignee_of(section)
    if assigned is None:
        return _writes(actor, section.application)
    return actor.may_write_for({section.application.promotor_id, assigned})


def _sees_part(actor: Actor, part: PartnerPart) -> bool:
    return _takes_part(actor, part.application) or _STAFF(actor, part)


def _sees_what_is_signed(actor: Actor, part: PartnerPart) -> bool:
    # What is signed holds staff costs per year, which another partner sees as one total only.
    viewer = viewer_of(actor, part.application)
    return _sees_part(actor, part) and viewer.reads_wages_of(part.organisation_id)


def _signs_part(actor: Actor, part: PartnerPart) -> bool:
    return actor.may_bind(part.organisation_id) and part.organisation_id in set(_present(part.application.partnership))


def _sees_line(actor: Actor, line: BudgetLine | RemovedLine) -> bool:
    viewer = viewer_of(actor, line.application)
    reads = _takes_part(actor, line.application) or _STAFF(actor, line)
    return reads and viewer.sees_detail(line.organisation_id, line.category, wages_of(line.application))


def _sees_document(actor: Actor, attachment: Attachment) -> bool:
    return _takes_part(actor, attachment.application) or _STAFF(actor, attachment)


def _sees_paper(actor: Actor, paper: Paper) -> bool:
    application = paper.application
    if application is None or not (_takes_part(actor, application) or _STAFF(actor, application)):
        return False
    return viewer_of(actor, application).may_open(paper.viewer)


def _writes_document(actor: Actor, attachment: Attachment) -> bool:
    if attachment.organisation_id is None:
        return _writes(actor, attachment.application)
    return _writes_for(actor, attachment.application, attachment.organisation_id)


def _leads_promotor(actor: Actor, application: Application) -> bool:
    # A frozen right is not asked here: its holder learns from OV-02 why the submission is refused.
    mandate = actor.mandate_in(application.promotor_id)
    return mandate is not None and mandate.right is Right.LEAD


def is_applicant(actor: Actor, application: Application) -> bool:
    """Return whether the actor stands on the applicants' side: what only they must hear is shown to them alone."""
    return _takes_part(actor, application)


def _is_partner(actor: Actor, partnership: Partnership) -> bool:
    return actor.may_read_for(_present(partnership))


def _writes_as_promotor(actor: Actor, partnership: Partnership) -> bool:
    return actor.may_write_for(_present(partnership, PartnerRole.PROMOTOR))


def _is_announced(_actor: Actor, round_: Round) -> bool:
    return round_.announced_at is not None


def _extends(actor: Actor, application: Application) -> bool:
    return actor.has(Role.ADMINISTRATOR) and not _takes_part(actor, application)


def _judges(actor: Actor, application: Application) -> bool:
    return actor.has(Role.CASE_OFFICER) and not _takes_part(actor, application)


def _binds_a_partner(actor: Actor, application: Application) -> bool:
    return any(map(actor.may_bind, {application.promotor_id, *_present(application.partnership)}))


def _sees_change(actor: Actor, change: ChangeRequest) -> bool:
    return _takes_part(actor, change.application) or _STAFF(actor, change)


LIST: Policy[None] = Policy("application.list", sees=signed_in, may=signed_in)
BEGIN_IN: Policy[Round] = Policy("application.begin-in-round", sees=_is_announced, may=signed_in)
BEGIN: Policy[Partnership] = Policy(
    "application.begin",
    sees=_is_partner,
    may=_writes_as_promotor,
    who=_l("Somebody who writes for the lead partner begins an application."),
)
SEE: Policy[Application] = Policy("application.see", sees=any_of(_takes_part, _STAFF), may=any_of(_takes_part, _STAFF))
EDIT: Policy[Application] = Policy(
    "application.edit",
    sees=any_of(_takes_part, _STAFF),
    may=_writes,
    who=_l("Only those who write for the lead partner or a core partner change an application."),
)
EDIT_SECTION: Policy[Section] = Policy(
    "application.edit-section",
    sees=lambda actor, section: _takes_part(actor, section.application) or _STAFF(actor, section),
    may=_writes_section,
    who=_l("Only those who write for the lead partner, or for the partner it is assigned to, change this section."),
)
READ_HISTORY: Policy[Section] = Policy(
    "application.read-history",
    sees=lambda actor, section: _takes_part(actor, section.application) or _STAFF(actor, section),
    may=lambda actor, section: _takes_part(actor, section.application) or actor.has(Role.AUDITOR),
    who=_l("How an answer came about is read by the partners; a case officer reads what was handed in."),
)
ASSIGN: Policy[Application] = Policy(
    "application.assign",
    sees=any_of(_takes_part, _STAFF),
    may=lambda actor, application: actor.may_write_for([application.promotor_id]),
    who=_l("Only those who write for the lead partner divide the sections."),
)
EDIT_PART: Policy[PartnerPart] = Policy(
    "application.edit-part",
    sees=_sees_part,
    may=lambda actor, part: _writes_for(actor, part.application, part.organisation_id),
    who=_OWN,
)
SIGN_PART: Policy[PartnerPart] = Policy(
    "application.sign-part",
    sees=_sees_what_is_signed,
    may=_signs_part,
    who=_l("Only somebody who may sign for this partner signs off on its part."),
)
STEER_PART: Policy[PartnerPart] = Policy(
    "application.steer-part",
    sees=_sees_part,
    may=lambda actor, part: actor.may_write_for([part.application.promotor_id]),
    who=_l("Only those who write for the lead partner ask for a sign-off, or go on without a partner’s funds."),
)
EDIT_LINE: Policy[BudgetLine | RemovedLine] = Policy(
    "application.edit-line",
    sees=_sees_line,
    may=lambda actor, line: _writes_for(actor, line.application, line.organisation_id),
    who=_OWN,
)
READ_DOCUMENT: Policy[Attachment] = Policy("application.read-document", sees=_sees_document, may=_sees_document)
READ_PAPER: Policy[Paper] = Policy("application.read-paper", sees=_sees_paper, may=_sees_paper)
REMOVE_DOCUMENT: Policy[Attachment] = Policy(
    "application.remove-document", sees=_sees_document, may=_writes_document, who=_OWN
)
SUBMIT: Policy[Application] = Policy(
    "application.submit", sees=any_of(_takes_part, _STAFF), may=_leads_promotor, who=_SIGNER
)
REOPEN: Policy[Application] = Policy(
    "application.reopen", sees=any_of(_takes_part, _STAFF), may=_leads_promotor, who=_SIGNER
)
COMPLETE: Policy[Application] = Policy(
    "application.complete", sees=any_of(_takes_part, _STAFF), may=_leads_promotor, who=_SIGNER
)
WITHDRAW: Policy[Application] = Policy(
    "application.withdraw", sees=any_of(_takes_part, _STAFF), may=_leads_promotor, who=_SIGNER
)
EXTEND: Policy[Application] = Policy(
    "application.extend",
    sees=_DESK,
    may=_extends,
    who=_l("An administrator who has no part in this partnership gives it more time."),
)
READ_DOSSIERS: Policy[Round] = Policy("admissibility.read-round", sees=_DESK, may=_DESK)
# An administrator sees where a file stands; what was written in it only with `application.see`.
READ_DOSSIER: Policy[Application] = Policy(
    "admissibility.read",
    sees=_DESK,
    may=all_of(_DESK, not_(_takes_part)),
    who=_l("Whoever has a part in this partnership reads its application as its partners do, and not its dossier."),
)
JUDGE: Policy[Application] = Policy(
    "admissibility.judge",
    sees=_DESK,
    may=_judges,
    who=_l("A case officer who has no part in this partnership judges its admissibility."),
)
ASK_CHANGE: Policy[Application] = Policy(
    "application.ask-change",
    sees=any_of(_takes_part, _STAFF),
    may=_binds_a_partner,
    who=_l("Only somebody who may sign for a partner of this application asks for a change of its partners."),
)
ANSWER_CHANGE: Policy[ChangeRequest] = Policy(
    "change.answer",
    sees=_sees_change,
    may=lambda actor, change: actor.may_bind(change.answers_id),
    who=_l("Only somebody who may sign for the other organisation agrees with this change, or does not."),
)
WITHDRAW_CHANGE: Policy[ChangeRequest] = Policy(
    "change.withdraw",
    sees=_sees_change,
    may=lambda actor, change: actor.may_bind(change.asked_for_id),
    who=_l("Only somebody who may sign for the organisation that asked withdraws this request."),
)
READ_CHANGES: Policy[None] = Policy("change.read-list", sees=_STAFF, may=_STAFF)
READ_CHANGE: Policy[ChangeRequest] = Policy("change.read", sees=_STAFF, may=_STAFF)
DECIDE_CHANGE: Policy[ChangeRequest] = Policy(
    "change.decide",
    sees=_STAFF,
    may=lambda actor, change: _judges(actor, change.application),
    who=_l("A case officer who has no part in this partnership decides on this change."),
)
