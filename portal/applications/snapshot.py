"""The frozen whole of an application: canonical JSON and its SHA-256, in the transaction that hands it in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from typing import Any

import sqlalchemy as sa

from portal.applications.dossier import Dossier
from portal.applications.models import Application, Attachment
from portal.applications.models import Snapshot as SnapshotRow
from portal.calls.form_definitions import calculated_answers
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.digests import canonical, digest

FORMAT = 1


def content_of(ctx: Ctx, application: Application, dossier: Dossier, accepted: Iterable[str]) -> dict[str, Any]:
    """Return everything that is handed in as plain JSON values; a signer is an id, so that a person can be erased."""
    return {
        "format": FORMAT,
        "reference": application.reference,
        "round": application.round.code,
        "closes_at": dossier.closes_at.astimezone(UTC).isoformat(),
        "form_version": dossier.form.version,
        "partnership": application.partnership.name,
        "signed_by": ctx.actor.person_id,
        "handed_in_at": ctx.now.isoformat(),
        "declarations": sorted(accepted),
        "sections": {each.code: each.answers for each in application.sections},
        "calculated": calculated_answers(dossier.form, dossier.answers or {}),
        "partners": _partners(dossier),
        "sign_offs": _sign_offs(application),
        "budget": _budget(application),
        "documents": [_document(each) for each in application.attachments if each.counts],
        "costs_amount": str(dossier.costs_amount),
        "other_income_amount": str(dossier.other_income_amount),
        "requested_amount": str(dossier.requested_amount),
        "minimum_amount": _exact(dossier.minimum_amount),
    }


def draft_digest(ctx: Ctx, application: Application, dossier: Dossier) -> str:
    """Return the digest of the application as it stands, whoever asks and whenever: another one means it was changed."""
    content = content_of(ctx, application, dossier, ())
    return digest(canonical({key: each for key, each in content.items() if key not in ("signed_by", "handed_in_at")}))


def accepted_before(snapshots: Sequence[SnapshotRow]) -> frozenset[str]:
    """Return the codes of the declarations that were accepted with the latest of ``snapshots``."""
    return frozenset(json.loads(snapshots[-1].content)["declarations"]) if snapshots else frozenset()


def freeze(
    ctx: Ctx, application: Application, dossier: Dossier, *, number: int, accepted: Iterable[str]
) -> SnapshotRow:
    """Add the application's snapshot ``number`` and return it."""
    text = canonical(content_of(ctx, application, dossier, accepted))
    row = SnapshotRow(
        application_id=application.id,
        number=number,
        content=text,
        sha256=digest(text),
        taken_at=ctx.now,
        taken_by_id=ctx.actor.person_id,
    )
    db.session.add(row)
    return row


def _partners(dossier: Dossier) -> list[dict[str, Any]]:
    return [
        {
            "enterprise_number": each.enterprise_number,
            "name": each.name,
            "kind": each.kind,
            "role": each.role,
            "task": each.task,
            "receives_funds": each.receives_funds,
            "vat_status": each.vat_status,
            "recoverable_percent": _exact(each.recoverable_percent),
            "earlier_aid": {str(year): str(amount) for year, amount in each.earlier_aid.items()},
            "earlier_aid_amount": _exact(each.earlier_aid_amount),
            "portal_aid_amount": str(each.portal_aid_amount),
            "declarations": sorted(each.declarations),
        }
        for each in dossier.parts
    ]


def _sign_offs(application: Application) -> list[dict[str, Any]]:
    """Return who signed off for which partner; what they signed is in the whole, so that no digest of it is needed."""
    numbers = {each.organisation_id: each.organisation.enterprise_number for each in application.parts}
    return [
        {
            "enterprise_number": numbers[each.organisation_id],
            "signed_at": each.signed_at.isoformat(),
            "signed_by": each.signed_by_id,
        }
        for each in application.sign_offs
        if each.cancelled_at is None and each.organisation_id in numbers
    ]


def _budget(application: Application) -> list[dict[str, Any]]:
    return [
        {
            "enterprise_number": each.organisation.enterprise_number,
            "category": each.category,
            "year": each.year,
            "quantity": str(each.quantity),
            "unit_price_amount": str(each.unit_price_amount),
            "explanation": each.explanation,
        }
        for each in application.counted_lines
    ]


def _document(attachment: Attachment) -> dict[str, Any]:
    organisation = attachment.organisation
    return {
        "kind": attachment.kind,
        "enterprise_number": organisation.enterprise_number if organisation else None,
        "name": attachment.file.name,
        "sha256": attachment.file.sha256,
        "size": attachment.file.size,
    }


def _exact(value: Any) -> str | None:
    return None if value is None else str(value)


def altered_snapshots() -> Iterator[tuple[str, int]]:
    """Yield the reference and number of each stored snapshot whose text no longer gives its digest."""
    stmt = (
        sa.select(Application.reference, SnapshotRow.number, SnapshotRow.content, SnapshotRow.sha256)
        .join(Application, Application.id == SnapshotRow.application_id)
        .order_by(SnapshotRow.id)
        .execution_options(yield_per=100)
    )
    for reference, number, content, sha256 in db.session.execute(stmt):
        if digest(content) != sha256:
            yield reference, number
