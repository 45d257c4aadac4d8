"""A published round whose letters wait for a worker: one partnership's name is an attack, one reviewer's words too."""

from types import SimpleNamespace

import sqlalchemy as sa

from portal.accounts.queries import list_leads
from portal.core.actor import Role
from portal.core.db import db
from portal.decisions.letter_models import Letter
from portal.decisions.models import Decision
from tests.world.accounts import given_person
from tests.world.decisions import (
    given_published,
    given_ranked_application,
    given_reviewed_round,
    given_written_review,
)

ATTACK = '<script>alert("x")</script> {{ bedrag }} **vet**'
STRENGTHS = "Een stevig plan.\n\n# Geen kop & <b>geen html</b>"


def given_told_round():
    """An award to a partnership whose name is an attack, and a refusal; with the addresses of who reads the letters."""
    round_ = given_reviewed_round()
    awarded = given_ranked_application(round_, "84.17", name=ATTACK)
    refused = given_ranked_application(round_, "52.33", missed=["total"], name="Digibank Leiekant")
    given_written_review(awarded, STRENGTHS)
    given_published(round_)
    return SimpleNamespace(
        code=round_.code,
        awarded=letter_of(awarded),
        refused=letter_of(refused),
        lead=list_leads([awarded.promotor_id])[0].email,
        other=list_leads([refused.promotor_id])[0].email,
        officer=given_person("Nele Peeters", roles=[Role.CASE_OFFICER]).email,
        auditor=given_person("Amir Haddad", roles=[Role.AUDITOR]).email,
        stranger=given_person("Bram Nijs").email,
    )


def letter_of(application):
    """The number of the letter of an application, and its address without an ending."""
    stmt = sa.select(Letter.id).join(Decision, Decision.id == Letter.decision_id)
    number = db.session.scalars(stmt.where(Decision.application_id == application.id)).one()
    return SimpleNamespace(number=number, path=f"/applications/{application.reference}/letters/{number}")
