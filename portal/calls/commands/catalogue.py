"""Loading the programmes that stand as data; running it again changes only what changed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.calls.catalogue import load_programmes as read_programmes
from portal.calls.commands.reminders import give_usual_reminders
from portal.calls.definitions import CatalogueCall, CatalogueProgramme
from portal.calls.models import Call, CallAnswer, CallDocument, FormVersion, Programme
from portal.calls.queries import latest_form
from portal.core.context import Ctx
from portal.core.db import db


def load_programmes(ctx: Ctx) -> int:
    """Bring programmes, calls, forms, documents and answers up to date with their files; return how many calls."""
    calls = 0
    for programme in read_programmes():
        programme_id = _load_programme(programme)
        for call in programme.calls:
            _load_call(ctx, programme_id, call)
            calls += 1
    return calls


def _load_programme(programme: CatalogueProgramme) -> int:
    definition = programme.definition
    values: dict[str, Any] = {
        "prefix": definition.prefix,
        "budget_amount": definition.budget_amount,
        "starts_on": definition.starts_on,
        "ends_on": definition.ends_on,
        "definition": definition,
    }
    stmt = insert(Programme).values(code=definition.code, **values)
    stmt = stmt.on_conflict_do_update(index_elements=["code"], set_=values)
    return int(db.session.execute(stmt.returning(Programme.id)).scalar_one())


def _load_call(ctx: Ctx, programme_id: int, call: CatalogueCall) -> None:
    definition = call.definition
    values: dict[str, Any] = {"letter": definition.letter, "definition": definition}
    stmt = insert(Call).values(programme_id=programme_id, code=definition.code, **values)
    stmt = stmt.on_conflict_do_update(index_elements=["programme_id", "code"], set_=values)
    call_id = int(db.session.execute(stmt.returning(Call.id)).scalar_one())
    newest = latest_form(call_id)
    if newest is None or newest.definition != call.form:
        number = 1 if newest is None else newest.number + 1
        db.session.add(FormVersion(call_id=call_id, number=number, definition=call.form, created_at=ctx.now))
    if newest is None:
        give_usual_reminders(call_id)
    _load_texts(call_id, call)


def _load_texts(call_id: int, call: CatalogueCall) -> None:
    """Documents and answers are replaced whole: they are public text, kept in the repository's history."""
    db.session.execute(sa.delete(CallDocument).where(CallDocument.call_id == call_id))
    db.session.execute(sa.delete(CallAnswer).where(CallAnswer.call_id == call_id))
    for position, document in enumerate(call.definition.documents, start=1):
        body = {language: call.document_texts[document.slug, language] for language in ("nl", "en")}
        title = document.title.as_json()
        db.session.add(CallDocument(call_id=call_id, slug=document.slug, position=position, title=title, body=body))
    for each in call.definition.questions_and_answers:
        db.session.add(
            CallAnswer(
                call_id=call_id,
                question=each.question.as_json(),
                answer=each.answer.as_json(),
                answered_on=each.answered_on,
            )
        )
    db.session.flush()
