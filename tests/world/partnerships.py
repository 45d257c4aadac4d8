"""Partnerships and strategies of a test, made by the portal's own commands, and committed."""

import sqlalchemy as sa

from portal.calls.catalogue import FOLDER, load_programme
from portal.calls.models import Programme
from portal.core.actor import Role
from portal.core.db import db
from portal.core.files import FileState, StoredFile
from portal.partnerships import commands
from portal.partnerships.queries import get_partnership, get_strategy, topics_of
from portal.partnerships.states import PartnerRole
from tests.world.accounts import NOW, ctx_for, given_organisation, given_person
from tests.world.time import moment


def given_programme(code="digibanken"):
    """The programme as its definition says; the one that stands where it was loaded before."""
    known = db.session.scalars(sa.select(Programme).where(Programme.code == code)).one_or_none()
    if known is not None:
        return known
    definition = load_programme(FOLDER / code).definition
    programme = Programme(
        code=code,
        prefix=definition.prefix,
        budget_amount=definition.budget_amount,
        starts_on=definition.starts_on,
        ends_on=definition.ends_on,
        definition=definition,
    )
    db.session.add(programme)
    db.session.commit()
    return programme


def given_partnership(promotor=None, *, partners=(), name="Digibank Noordheide", area=(), at=NOW):
    """A partnership led by ``promotor``; ``partners`` are organisations (core) or pairs of organisation and role."""
    promotor = promotor or given_organisation(at=at)
    ctx = ctx_for(at=at)
    partnership = commands.begin_partnership(
        ctx, programme=given_programme(), promotor=promotor, name=name, summary="Samen digitaal in de streek."
    )
    for each in partners:
        organisation, role = each if isinstance(each, tuple) else (each, PartnerRole.CORE)
        commands.add_partner(ctx, partnership, organisation, role)
    commands.set_service_area(ctx, partnership, area)
    db.session.commit()
    return get_partnership(partnership.id)


def given_file(name="overeenkomst.pdf", *, state=FileState.CLEAN, at=NOW):
    """A stored file of which only the row exists."""
    file = StoredFile(
        key=sa.func.gen_random_uuid(),
        name=name,
        media_type="application/pdf",
        size=8,
        sha256="0" * 64,
        state=state,
        uploaded_at=moment(at),
        scanned_at=None if state is FileState.HELD else moment(at),
    )
    db.session.add(file)
    db.session.commit()
    return file


def given_strategy(partnership=None, *, is_complete=True, at=NOW):
    """A strategy that an existing partnership registers, complete but not handed in."""
    ctx = ctx_for(at=at)
    strategy = commands.register_strategy(ctx, partnership or given_partnership(at=at))
    if is_complete:
        topics = {key: f"Zo doen wij dat: {key}." for key in topics_of("digibanken")}
        commands.save_strategy(
            ctx, strategy, topics=topics, budget_and_planning="Twaalf maanden, 300.000 euro.", base_version=1
        )
        commands.attach_agreement(ctx, strategy, given_file(at=at))
        commands.attach_evidence(ctx, strategy, given_file("werking.pdf", at=at))
    db.session.commit()
    return get_strategy(strategy.id)


def given_recognised_strategy(partnership=None, *, at=NOW):
    """A strategy that a case officer recognised."""
    strategy = given_strategy(partnership, at=at)
    officer = given_person("Mieke Hendrickx", roles=[Role.CASE_OFFICER], at=at)
    commands.hand_in_strategy(ctx_for(at=at), strategy)
    commands.recognise_strategy(ctx_for(officer, at), strategy)
    db.session.commit()
    return get_strategy(strategy.id)
