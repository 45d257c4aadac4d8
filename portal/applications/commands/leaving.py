"""Leaving an organisation: what one holds in its applications passes to a colleague, so that nothing leaves with a person.

The drafts themselves are the organisation's. What hangs on the person is the name under "contact person", texts that
came too late (only their author opens them), and the invitations sent in one's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.commands.organisations import end_membership
from portal.accounts.models import Membership, Person
from portal.accounts.queries import actor_of, list_members
from portal.applications.commands.save_section import save_section
from portal.applications.commands.writing import is_late
from portal.applications.events import DraftHandedOver
from portal.applications.models import Application, UnsentText
from portal.applications.queries import get_application, list_applications_of
from portal.applications.states import State
from portal.calls.form_definitions import QuestionKind
from portal.calls.queries import form_of
from portal.core.actor import Right
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import Problem, RuleViolation
from portal.core.event_log import record
from portal.core.text import _l
from portal.partnerships.commands import hand_over_invitations
from portal.partnerships.models import PartnerInvitation
from portal.partnerships.queries import list_open_invitations_of


@dataclass(frozen=True, slots=True)
class Contact:
    """One answer that names the leaver as contact person."""

    application: Application
    section: str
    question: str


@dataclass(frozen=True, slots=True)
class Estate:
    """What passes to a colleague. ``handed_in`` are applications that name the leaver and stay as they were handed in."""

    contacts: tuple[Contact, ...]
    texts: tuple[tuple[Application, UnsentText], ...]
    invitations: tuple[PartnerInvitation, ...]
    handed_in: tuple[Application, ...]

    @property
    def passes(self) -> bool:
        return bool(self.contacts or self.texts or self.invitations)

    @property
    def applications(self) -> list[Application]:
        """The applications in which something passes, each once."""
        found = [*(each.application for each in self.contacts), *(each for each, _text in self.texts)]
        return list({each.id: each for each in found}.values())


def heirs_of(membership: Membership) -> list[Person]:
    """Return the colleagues who write for the organisation, those who may sign first."""
    members = list_members(membership.organisation_id)
    return [each.person for each in members if each.right != Right.READER and each.person_id != membership.person_id]


def estate_of(ctx: Ctx, membership: Membership, *, lock: bool = False) -> Estate:
    """Return what hangs on the leaver in the organisation's applications and partnerships."""
    person, organisation_id = membership.person, membership.organisation_id
    mine = list_applications_of([organisation_id])
    led = [
        get_application(each.reference, lock=lock)
        for each in mine
        if each.promotor_id == organisation_id
        and each.state in (State.DRAFT, State.RETURNED, State.SUBMITTED, State.ADMISSIBLE)
    ]
    named = {each.id: list(_contacts(each, person)) for each in led}
    open_ = [each for each in led if each.state in (State.DRAFT, State.RETURNED) and not is_late(ctx, each)]
    return Estate(
        contacts=tuple(contact for each in open_ for contact in named[each.id]),
        texts=tuple(_texts(mine, membership)),
        invitations=tuple(list_open_invitations_of(organisation_id, person.id)),
        handed_in=tuple(each for each in led if named[each.id] and each.state in (State.SUBMITTED, State.ADMISSIBLE)),
    )


def leave_organisation(ctx: Ctx, membership: Membership, heir_id: int | None) -> None:
    """End a right, and pass what hangs on it to the colleague ``heir_id``.

    RuleViolation ``last-lead-stays``, or ``choose-colleague`` where something passes and nobody who writes for the
    organisation is chosen.
    """
    heirs = {each.id: each for each in heirs_of(membership)}
    estate = estate_of(ctx, membership, lock=True)
    end_membership(ctx, membership)
    if not estate.passes:
        return
    heir = heirs.get(heir_id or 0)
    if heir is None:
        raise RuleViolation([Problem("choose-colleague", _l("Choose a colleague who takes this over."), "heir")])
    for contact in estate.contacts:
        _name(ctx, contact, heir)
    for _application, text in estate.texts:
        text.person_id = heir.id
    hand_over_invitations(ctx, estate.invitations, heir.id)
    for application in estate.applications:
        event = DraftHandedOver(
            application_id=application.id,
            organisation_id=membership.organisation_id,
            from_person_id=membership.person_id,
            to_person_id=heir.id,
        )
        record(ctx, event)


def _contacts(application: Application, person: Person) -> Iterator[Contact]:
    questions = {each.key for each in form_of(application.round).questions if each.kind is QuestionKind.PERSON}
    for section in application.sections:
        for key in questions & section.answers.keys():
            answer = section.answers[key]
            if isinstance(answer, dict) and str(answer.get("email") or "").strip().lower() == person.email:
                yield Contact(application, section.code, key)


def _texts(applications: list[Application], membership: Membership) -> Iterator[tuple[Application, UnsentText]]:
    """Yield the texts that the leaver can no longer open: not those of an application one still takes part in."""
    elsewhere = {each.organisation_id for each in actor_of(membership.person).mandates} - {membership.organisation_id}
    stays = {each.id for each in list_applications_of(elsewhere)}
    known = {each.id: each for each in applications if each.id not in stays}
    stmt = sa.select(UnsentText).where(
        UnsentText.person_id == membership.person_id, UnsentText.application_id.in_(known)
    )
    for text in db.session.scalars(stmt.order_by(UnsentText.id)):
        yield known[text.application_id], text


def _name(ctx: Ctx, contact: Contact, heir: Person) -> None:
    section = next(each for each in contact.application.sections if each.code == contact.section)
    answer = {"name": heir.name, "email": heir.email, "phone": ""}
    save_section(ctx, contact.application, contact.section, {contact.question: answer}, section.version)
