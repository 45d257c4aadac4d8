"""What a reviewer types is kept as a draft while they type; saving takes it over, and what two windows changed is merged."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from portal.applications.commands.unsent import storable
from portal.calls.queries import terms_of
from portal.core.context import Ctx
from portal.core.db import apart, db
from portal.core.errors import Problem, StaleVersion, refuse_if
from portal.core.text import _l
from portal.reviewing.commands.guarding import refuse_unless, refuse_unless_reviewed
from portal.reviewing.commands.writing import save_review
from portal.reviewing.models import Review, ReviewDraft
from portal.reviewing.queries import find_draft
from portal.reviewing.states import UNDER_WAY
from portal.reviewing.typed import Merged, Typed, answers_of, fields_of, marks_of, merge_typed, standing, typed_of


def keep_draft(ctx: Ctx, review: Review, typed: Typed) -> Merged:
    """Keep what no other window changed meanwhile; what both changed is left to be asked, and named.

    Nothing is recorded and the review itself does not change, its state included. RuleViolation for a field that the
    review does not have; IllegalTransition unless it is under way and the round's results are not out.
    """
    refuse_unless(review, "save", UNDER_WAY)
    refuse_unless_reviewed(ctx, review.application)
    refuse_if(_problems_with_fields(review, typed))
    draft = find_draft(review)
    merged = merge_typed(review, draft, typed)
    if merged.changed:
        _write(ctx, review, draft, {**(draft.typed if draft else {}), **merged.changed})
    return merged


def hold_typed(ctx: Ctx, review: Review, typed: Typed) -> None:
    """Hold what came after its author's session had ended: put back after signing in, and merged with nothing until then.

    In a transaction of its own, so that it survives the refusal. Where something is held already, the last that came
    is. Refuses as ``keep_draft`` does.
    """
    refuse_unless(review, "save", UNDER_WAY)
    refuse_if(_problems_with_fields(review, typed))
    begun = _begun(ctx, review)
    held = storable({"typed": dict(typed.values), "started": dict(typed.started)})
    mine = (ReviewDraft.review_id == review.id, ReviewDraft.person_id == review.reviewer_id)
    with apart() as session:
        draft = session.scalar(sa.select(ReviewDraft).where(*mine).with_for_update()) or begun
        draft.held, draft.saved_at = held, ctx.now
        session.add(draft)


def save_typed(ctx: Ctx, review: Review, typed: Typed) -> None:
    """Save what was typed over what stands, the draft included. StaleVersion, and nothing is saved, where two windows
    changed the same field; otherwise as ``save_review``.
    """
    refuse_if(_problems_with_fields(review, typed))
    draft = find_draft(review)
    merged = merge_typed(review, draft, typed)
    if merged.conflicts:
        raise StaleVersion(typed.version, review.version)
    whole = {**standing(review, draft), **merged.changed}
    save_review(ctx, review, answers_of(whole, terms_of(review.application.round).criteria), review.version)


def discard_draft(ctx: Ctx, review: Review) -> None:
    """Throw away what was typed since the review was last saved. Refuses as ``keep_draft`` does."""
    refuse_unless(review, "save", UNDER_WAY)
    refuse_unless_reviewed(ctx, review.application)
    draft = find_draft(review)
    if draft is not None:
        db.session.delete(draft)
        db.session.flush()


def _write(ctx: Ctx, review: Review, draft: ReviewDraft | None, typed: dict[str, str]) -> None:
    """Keep the fields that differ from what is saved; a draft that says the same, and holds nothing, goes."""
    saved = marks_of(typed_of(review))
    left = {name: text for name, text in typed.items() if marks_of({name: text})[name] != saved.get(name, "")}
    if not left and draft is not None and not draft.held:
        db.session.delete(draft)
    elif left or draft is not None:
        draft = draft or _begun(ctx, review)
        draft.typed, draft.number, draft.saved_at = storable(left), draft.number + 1, ctx.now
        db.session.add(draft)
    db.session.flush()


def _begun(ctx: Ctx, review: Review) -> ReviewDraft:
    return ReviewDraft(
        review_id=review.id,
        person_id=review.reviewer_id,
        number=0,
        typed={},
        held={},
        saved_at=ctx.now,
    )


def _problems_with_fields(review: Review, typed: Typed) -> Iterator[Problem]:
    known = fields_of(terms_of(review.application.round).criteria)
    for name in typed.values:
        if name not in known:
            yield Problem("unknown-field", _l("A review has no field %(name)s.", name=name))
