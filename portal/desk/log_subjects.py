"""Which rows an event of the log is about: by reference, by name, and with what hangs on them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Claim, Membership, Organisation, Person
from portal.applications.change_models import ChangeRequest
from portal.applications.models import Application
from portal.calls.models import Round
from portal.core.db import db
from portal.decisions.models import Decision, Ranking
from portal.desk.log_words import Named
from portal.partnerships.models import Partner, PartnerInvitation, Partnership, Strategy
from portal.reviewing.assignment_models import Assignment
from portal.reviewing.discussion_models import Proposal, Remark
from portal.reviewing.models import Advice, Conflict, Consensus, Review

NAMES: dict[str, tuple[Any, Any]] = {
    "application": (Application.id, Application.reference),
    "audit": (Person.id, Person.name),  # what an auditor reads is an event about the auditor
    "organisation": (Organisation.id, Organisation.name),
    "partnership": (Partnership.id, Partnership.name),
    "person": (Person.id, Person.name),
    "reviewer": (Person.id, Person.name),
    "round": (Round.id, Round.code),
}

HANGING: dict[str, tuple[tuple[str, Any, Any], ...]] = {
    "application": (
        ("change", ChangeRequest.id, ChangeRequest.application_id),
        ("review", Review.id, Review.application_id),
        ("conflict", Conflict.id, Conflict.application_id),
        ("consensus", Consensus.id, Consensus.application_id),
        ("remark", Remark.id, Remark.application_id),
        ("proposal", Proposal.id, Proposal.application_id),
        ("decision", Decision.id, Decision.application_id),
    ),
    "organisation": (
        ("claim", Claim.id, Claim.organisation_id),
        ("membership", Membership.id, Membership.organisation_id),
    ),
    "partnership": (
        ("advice", Advice.id, Advice.partnership_id),
        ("invitation", PartnerInvitation.id, PartnerInvitation.partnership_id),
        ("partner", Partner.id, Partner.partnership_id),
        ("strategy", Strategy.id, Strategy.partnership_id),
    ),
    "round": (("ranking", Ranking.id, Ranking.round_id), ("assignment", Assignment.id, Assignment.round_id)),
}
"""What has events of its own and belongs to a row that people ask for: subject, its number, its owner."""


def find_subject(typed: str) -> Named | None:
    """Return the row that ``typed`` stands for: a reference, a round's code, an enterprise number, or ``claim 12``."""
    match = re.fullmatch(r"([a-z][a-z_]*)[ :#]+([0-9]{1,18})", typed.strip().lower())
    if match:
        return match[1], int(match[2])
    code = typed.strip().upper()
    application = sa.select(sa.literal("application"), Application.id).where(Application.reference == code)
    round_ = sa.select(sa.literal("round"), Round.id).where(Round.code == code)
    digits = re.sub(r"[ .]", "", code)
    organisation = sa.select(sa.literal("organisation"), Organisation.id).where(
        Organisation.enterprise_number == digits
    )
    found = db.session.execute(sa.union_all(application, round_, organisation)).first()
    return None if found is None else (str(found[0]), int(found[1]))


def subjects_around(subject: Named) -> list[Named]:
    """Return ``subject`` and the rows that hang on it, such as the reviews and the decision of an application."""
    kind, number = subject
    parts = [sa.select(sa.literal(table), key).where(owner == number) for table, key, owner in HANGING.get(kind, ())]
    found = db.session.execute(sa.union_all(*parts)).all() if parts else []
    return [subject, *((table, row_id) for table, row_id in found)]


def names_of(rows: Iterable[Named]) -> dict[Named, str]:
    """Return the reference or name of each (table, number) that has one, in one statement."""
    wanted: dict[str, list[int]] = {table: [] for table in NAMES}
    for table, number in rows:
        if table in wanted:
            wanted[table].append(number)
    parts = [
        sa.select(sa.literal(table), key, name).where(key.in_(wanted[table])) for table, (key, name) in NAMES.items()
    ]
    return {(table, number): name for table, number, name in db.session.execute(sa.union_all(*parts))}
