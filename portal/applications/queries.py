"""Reading applications: one whole, and the lists of those who take part."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, load_only, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from portal.accounts.models import Person
from portal.applications.history import Mark
from portal.applications.models import (
    Application,
    Attachment,
    BudgetLine,
    PartnerPart,
    Section,
    SectionRevision,
    SignOff,
    UnsentText,
)
from portal.applications.states import State
from portal.calls.models import Call, Programme, Round
from portal.core.db import db, find_one, get_one
from portal.core.errors import NotFound
from portal.core.files import FileState, StoredFile
from portal.core.owned import Owned
from portal.partnerships.models import Partner, Partnership

_PARTNERS = Owned(Partnership.partners)
_PARTNERS_BY_NAME = Owned(Partnership.partners, joinedload(Partner.organisation))
_SECTIONS = Owned(Application.sections, joinedload(Section.saved_by).load_only(Person.name))
_VERSIONS = Owned(Application.sections, load_only(Section.code, Section.version, Section.assigned_to_id))
_PARTS = Owned(Application.parts, joinedload(PartnerPart.organisation))
_COSTS_AND_DOCUMENTS = (
    Owned(Application.lines, joinedload(BudgetLine.organisation)),
    Owned(Application.sign_offs, joinedload(SignOff.signed_by)),
    Owned(Application.attachments, joinedload(Attachment.file), joinedload(Attachment.organisation)),
)

# Written once: composing them anew would cost a page more than asking them.
_CALLED = sa.select(Application).where(Application.reference == sa.bindparam("reference"))
_TO_WRITE = (
    # A round froze its terms: the call's own definition and its programme's are read where somebody asks for them.
    joinedload(Application.round)
    .joinedload(Round.call)
    .defer(Call.definition)
    .joinedload(Call.programme)
    .defer(Programme.definition),
    joinedload(Application.round).joinedload(Round.form_version),
    joinedload(Application.partnership).options(_PARTNERS_BY_NAME.again),
    joinedload(Application.promotor),
    _SECTIONS.again,
    _PARTS.again,
)
_WHOLE = (*_TO_WRITE, *(each.again for each in _COSTS_AND_DOCUMENTS))
_CALLED_WHOLE = _CALLED.options(*_WHOLE)
_CALLED_TO_WRITE = _CALLED.options(*_TO_WRITE)
_CALLED_TO_MEET = _CALLED.options(joinedload(Application.partnership).options(_PARTNERS.again), _VERSIONS.again)


def get_application(ref: str, *, lock: bool = False) -> Application:
    """Return the application called ``ref`` with everything loaded (constant statements); NotFound otherwise."""
    return _made_whole(get_one(_CALLED_WHOLE, {"reference": ref}, lock=lock), fresh=lock)


def get_section(ref: str, code: str, *, lock: bool = False) -> Section:
    """Return a section with its whole application; the lock is the application's. NotFound otherwise."""
    return _section_of(get_application(ref, lock=lock), code)


def get_application_to_write(ref: str, *, lock: bool = False) -> Application:
    """Return an application with its sections and partners, without budget and documents; NotFound otherwise.

    A page that comes to show those makes its application whole with ``complete``.
    """
    application = get_one(_CALLED_TO_WRITE, {"reference": ref}, lock=lock)
    _load(application, _PARTNERS_BY_NAME, _SECTIONS, _PARTS, fresh=lock)
    return application


def get_section_to_write(ref: str, code: str, *, lock: bool = False) -> Section:
    """Return a section of an application to write; NotFound otherwise."""
    return _section_of(get_application_to_write(ref, lock=lock), code)


def complete(application: Application) -> None:
    """Load the budget and the documents of an application that was loaded to be written; nothing where it is whole."""
    for each in _COSTS_AND_DOCUMENTS:
        if not each.is_loaded(application):
            each.load(application)


def get_section_to_meet(ref: str, code: str, *, lock: bool = False) -> Section:
    """Return a section's version and whose it is, with its partnership alone; NotFound otherwise."""
    application = get_one(_CALLED_TO_MEET, {"reference": ref}, lock=lock)
    _load(application, _PARTNERS, _VERSIONS, fresh=lock)
    return _section_of(application, code)


def _made_whole(application: Application, *, fresh: bool = False) -> Application:
    _load(application, _PARTNERS_BY_NAME, _SECTIONS, _PARTS, *_COSTS_AND_DOCUMENTS, fresh=fresh)
    return application


def _load(application: Application, partners: Owned, *own: Owned, fresh: bool) -> None:
    partners.load(application.partnership, fresh=fresh)
    for each in own:
        each.load(application, fresh=fresh)


def _section_of(application: Application, code: str) -> Section:
    section: Section = _one(application, "sections", lambda each: each.code == code)
    return section


def find_application(ref: str) -> Application | None:
    """Return the application called ``ref`` with its sections, or None."""
    stmt = sa.select(Application).where(Application.reference == ref)
    return find_one(stmt.options(selectinload(Application.sections)))


def find_copied(application: Application) -> Application | None:
    """Return the application from which this one was copied, whole, or None."""
    if application.copied_from_id is None:
        return None
    stmt = sa.select(Application).where(Application.id == application.copied_from_id)
    return _made_whole(get_one(stmt.options(*_WHOLE)))


def answers_of(application: Application) -> dict[str, Any]:
    """Return all answers of the application by question key."""
    return {key: value for section in application.sections for key, value in section.answers.items()}


def whose_documents(application_id: int) -> dict[int, int | None]:
    """Return of which organisation each document is, by its number, removed ones too; None where it is everybody's."""
    stmt = sa.select(Attachment.id, Attachment.organisation_id).where(Attachment.application_id == application_id)
    return {row.id: row.organisation_id for row in db.session.execute(stmt)}


def list_earlier(partnership_ids: Iterable[int], call_id: int) -> list[Application]:
    """Return the applications of these partnerships in the call, of whatever round and state, the latest begun first."""
    stmt = (
        sa.select(Application)
        .join(Application.round)
        .where(Application.partnership_id.in_(list(partnership_ids)), Round.call_id == call_id)
        .options(contains_eager(Application.round))
    )
    return list(db.session.scalars(stmt.order_by(Application.begun_at.desc(), Application.id.desc())))


def get_line(reference: str, number: int, *, lock: bool = False) -> BudgetLine:
    """Return a cost line with its whole application; the lock is the application's. NotFound otherwise."""
    line: BudgetLine = _one(get_application(reference, lock=lock), "lines", lambda line: line.id == number)
    return line


def get_part(reference: str, organisation_id: int, *, lock: bool = False) -> PartnerPart:
    """Return an organisation's part with its whole application; the lock is the application's. NotFound otherwise."""
    whole = get_application(reference, lock=lock)
    part: PartnerPart = _one(whole, "parts", lambda part: part.organisation_id == organisation_id)
    return part


def get_attachment(reference: str, number: int, *, lock: bool = False) -> Attachment:
    """Return a document that stands, with its whole application; the lock is the application's. NotFound otherwise."""
    whole = get_application(reference, lock=lock)
    found: Attachment = _one(whole, "attachments", lambda each: each.id == number and each.removed_at is None)
    return found


def count_attached_bytes(application_id: int) -> int:
    """Return the size of all documents of the application that count, in bytes."""
    stmt = sa.select(sa.func.coalesce(sa.func.sum(StoredFile.size), 0)).select_from(Attachment).join(Attachment.file)
    stmt = stmt.where(Attachment.application_id == application_id, Attachment.removed_at.is_(None))
    return int(db.session.scalar(stmt.where(StoredFile.state != FileState.REFUSED)) or 0)


def _one(application: Application, of: str, is_wanted: Callable[[Any], bool]) -> Any:
    """Return one of the application's rows, holding on to the application: the session alone would let it go."""
    found = next(filter(is_wanted, getattr(application, of)), None)
    if found is None:
        raise NotFound
    set_committed_value(found, "application", application)
    return found


def closing_moment() -> sa.ColumnElement[datetime]:
    """Return what `closes_at_for` says, for a statement that joins an application with its round."""
    # PostgreSQL's GREATEST passes over a null, which is an application without an extension.
    return sa.func.greatest(Round.closes_at, Application.extended_until, type_=sa.DateTime(timezone=True))


def list_applications_of(organisation_ids: Iterable[int]) -> list[Application]:
    """Return the applications in which one of the organisations takes part now, the latest begun first."""
    mine = sa.select(Partner.partnership_id).where(
        Partner.organisation_id.in_(list(organisation_ids)), Partner.ended_on.is_(None)
    )
    stmt = (
        sa.select(Application)
        .where(Application.partnership_id.in_(mine))
        .options(
            joinedload(Application.round).joinedload(Round.call).joinedload(Call.programme),
            joinedload(Application.partnership),
            joinedload(Application.promotor),
        )
    )
    return list(db.session.scalars(stmt.order_by(Application.begun_at.desc(), Application.id.desc())))


def list_live(round_id: int) -> list[Application]:
    """Return the round's applications that were not withdrawn."""
    stmt = sa.select(Application).where(Application.round_id == round_id, Application.state != State.WITHDRAWN)
    return list(db.session.scalars(stmt.order_by(Application.number)))


def next_number(round_id: int) -> int:
    """Return the number the round's next application gets; the caller holds the round's lock."""
    stmt = sa.select(sa.func.coalesce(sa.func.max(Application.number), 0) + 1)
    return db.session.scalar(stmt.where(Application.round_id == round_id)) or 1


def list_revisions(section_id: int) -> list[SectionRevision]:
    """Return every saved version of a section, oldest first."""
    stmt = sa.select(SectionRevision).where(SectionRevision.section_id == section_id)
    return list(db.session.scalars(stmt.order_by(SectionRevision.version)))


def answers_started_from(section: Section, versions: Mapping[str, int]) -> dict[str, Any]:
    """Return the answer that each question had in the version given with it; a version that is not kept says nothing.

    One statement, none where every version is the present one.
    """
    wanted = set(versions.values()) - {section.version}
    # A draft that began empty has no version 0: the first save keeps what was carried over, where there was any.
    known: dict[int, Mapping[str, Any]] = {0: {}}
    if wanted:
        known |= answers_at(section.id, wanted)
    known[section.version] = section.answers
    return {key: known[version].get(key) for key, version in versions.items() if version in known}


def list_revisions_from(section_id: int, version: int) -> list[SectionRevision]:
    """Return the versions of a section from `version` on, oldest first, each with who saved it."""
    stmt = sa.select(SectionRevision).where(
        SectionRevision.section_id == section_id, SectionRevision.version >= version
    )
    stmt = stmt.order_by(SectionRevision.version).options(joinedload(SectionRevision.saved_by))
    return list(db.session.scalars(stmt))


def list_marks(section_id: int) -> list[Mark]:
    """Return every version of a section without its answers, oldest first, with who saved it (one statement)."""
    stmt = (
        sa.select(
            SectionRevision.version,
            SectionRevision.kind,
            SectionRevision.saved_at,
            SectionRevision.saved_by_id,
            sa.func.coalesce(Person.name, ""),
        )
        .outerjoin(Person, Person.id == SectionRevision.saved_by_id)
        .where(SectionRevision.section_id == section_id)
        .order_by(SectionRevision.version)
    )
    return [Mark(*row) for row in db.session.execute(stmt)]


def answers_at(section_id: int, versions: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return the answers of these versions of a section, by version (one statement)."""
    stmt = sa.select(SectionRevision.version, SectionRevision.answers)
    stmt = stmt.where(SectionRevision.section_id == section_id, SectionRevision.version.in_(versions))
    return {row.version: row.answers for row in db.session.execute(stmt)}


def get_answers_at(section_id: int, version: int) -> dict[str, Any]:
    """Return the answers of one version of a section; NotFound where it is not kept."""
    found = answers_at(section_id, {version})
    if version not in found:
        raise NotFound
    return found[version]


# Written once: every list of tasks asks it.
_UNSENT = (
    sa.select(UnsentText)
    .where(
        UnsentText.application_id == sa.bindparam("application_id"), UnsentText.person_id == sa.bindparam("person_id")
    )
    .order_by(UnsentText.id.desc())
)


def list_unsent_texts(application_id: int, person_id: int) -> list[UnsentText]:
    """Return the texts of one person that came too late for the application, the latest first."""
    return list(db.session.scalars(_UNSENT, {"application_id": application_id, "person_id": person_id}))


def get_unsent_text(application_id: int, number: int, person_id: int) -> UnsentText:
    """Return a text that was kept after the deadline; NotFound for everybody but its author."""
    stmt = sa.select(UnsentText).where(UnsentText.id == number, UnsentText.application_id == application_id)
    return get_one(stmt.where(UnsentText.person_id == person_id))
