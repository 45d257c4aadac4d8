"""What the rules read of an application, and what its case officer reads beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.applications.aid_years import AidYear, aid_years, missing_years
from portal.applications.closing import closes_at_for
from portal.applications.counted import Counted, counted_of, decided_on
from portal.applications.dossier import Dossier, Part
from portal.applications.models import Application, Attachment, CompletionRequest, Judgement
from portal.applications.models import Snapshot as SnapshotRow
from portal.applications.policies import assignee_of
from portal.applications.queries import answers_of
from portal.applications.states import State, VatStatus, Verdict
from portal.calls.form_definitions import calculated_answers
from portal.calls.models import Round
from portal.calls.queries import form_of, terms_of
from portal.calls.rules import earliest_start, latest_end, minimum_months
from portal.core.db import db, get_one
from portal.core.money import ZERO, euro
from portal.core.paging import Page, page


def dossier_of(application: Application, counted: Counted | None = None) -> Dossier:
    """Return what the rules read of an application, with its parts and answers loaded (one statement: what counts)."""
    round_ = application.round
    terms, form = terms_of(round_), form_of(round_)
    answers = answers_of(application)
    counted, decided = counted or counted_of(application), decided_on(application)
    return Dossier(
        terms=terms,
        form=form,
        closes_at=closes_at_for(application),
        decided_on=decided,
        earliest_start_on=earliest_start(round_),
        latest_end_on=latest_end(round_, terms, round_.call.programme),
        minimum_months=minimum_months(round_, terms),
        promotor_id=application.promotor_id,
        state=State(application.state),
        submitted_at=application.submitted_at,
        answers=answers | calculated_answers(form, answers),
        parts=tuple(_parts(application, counted.portal_aid, aid_years(decided))),
        lines=counted.lines,
        documents=counted.documents,
        strategy_state=counted.strategy_state,
        has_award=counted.has_award,
        signed=counted.signed,
        assigned={each.code: assigned for each in application.sections if (assigned := assignee_of(each))},
    )


def _parts(application: Application, awarded: Mapping[int, Decimal], years: Iterable[AidYear]) -> Iterable[Part]:
    for part in application.parts:
        organisation = part.organisation
        yield Part(
            organisation_id=organisation.id,
            name=organisation.name,
            enterprise_number=organisation.enterprise_number,
            kind=str(organisation.kind),
            role=part.role,
            task=part.task,
            receives_funds=part.receives_funds,
            vat_status=VatStatus(part.vat_status) if part.vat_status else None,
            recoverable_percent=part.recoverable_percent,
            earlier_aid={int(year): euro(amount) for year, amount in part.earlier_aid.items()},
            earlier_aid_amount=part.earlier_aid_amount,
            missing_aid_years=missing_years(part.earlier_aid, years),
            portal_aid_amount=awarded.get(organisation.id, ZERO),
            declarations=frozenset(part.declarations),
        )


def judgements_of(application: Application) -> dict[str, tuple[Verdict, str]]:
    """Return each judged rule's verdict and reason, by the rule's code."""
    stmt = sa.select(Judgement).where(Judgement.application_id == application.id)
    return {each.rule: (Verdict(each.verdict), each.reason) for each in db.session.scalars(stmt)}


def list_snapshots(application: Application) -> list[SnapshotRow]:
    """Return the application's snapshots, oldest first."""
    stmt = sa.select(SnapshotRow).where(SnapshotRow.application_id == application.id)
    return list(db.session.scalars(stmt.order_by(SnapshotRow.number)))


def infected_documents(application: Application) -> list[Attachment]:
    """Return the documents that stand but were refused by the scanner: they are to be attached anew."""
    return [each for each in application.attachments if each.removed_at is None and each.file.is_refused]


def open_request(application: Application) -> CompletionRequest | None:
    """Return the request for completion that is not answered yet, or None."""
    stmt = sa.select(CompletionRequest).where(
        CompletionRequest.application_id == application.id, CompletionRequest.completed_at.is_(None)
    )
    return db.session.scalar(stmt.order_by(CompletionRequest.id.desc()).limit(1))


def page_dossiers(round_: Round, cursor: str | None) -> Page[Application]:
    """Return a round's handed-in applications, in the order they came in, with their lead partner."""
    stmt = (
        sa.select(Application)
        .where(
            Application.round_id == round_.id, Application.submitted_at.is_not(None), Application.state != State.DRAFT
        )
        .options(joinedload(Application.promotor), joinedload(Application.partnership))
    )
    return page(
        stmt,
        by=[(Application.submitted_at, False), (Application.id, False)],
        key=lambda each: [each.submitted_at, each.id],
        cursor=cursor,
        size=25,
    )


def page_drafts(round_: Round, cursor: str | None) -> Page[Application]:
    """Return a round's applications that are not handed in, in the order they began, with their lead partner."""
    stmt = (
        sa.select(Application)
        .where(Application.round_id == round_.id, Application.state == State.DRAFT)
        .options(joinedload(Application.promotor), joinedload(Application.partnership), joinedload(Application.round))
    )
    return page(stmt, by=[(Application.id, False)], key=lambda each: [each.id], cursor=cursor, size=25)


def get_round(code: str, *, lock: bool = False) -> Round:
    """Return the round with its call; NotFound otherwise."""
    return get_one(sa.select(Round).where(Round.code == code).options(joinedload(Round.call)), lock=lock)
