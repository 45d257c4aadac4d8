"""The only code that assigns ``.state``: the writing half of ``core.workflow``."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import attributes

from portal.core.context import Ctx
from portal.core.db import Model
from portal.core.errors import IllegalTransition
from portal.core.event_log import record
from portal.core.workflow import A, S, Workflow

_TOKENS: dict[type[Any], attributes.AttributeEventToken] = {}
_WORKFLOWS: dict[str, tuple[type[Any], Workflow[Any, Any]]] = {}


def govern(model: type[Model], workflow: Workflow[S, A]) -> None:
    """Tie ``model`` to its workflow: from now on nobody else assigns its ``state`` on a loaded object.

    A bulk UPDATE passes this listener: the trigger drawn from the same table (``moves_trigger``) refuses that one.
    """
    _WORKFLOWS[workflow.name] = (model, workflow)

    @sa.event.listens_for(model.state, "set", propagate=True)  # type: ignore[attr-defined]  # every governed model has one
    def guard(target: Any, value: Any, _old: Any, initiator: Any) -> None:
        if initiator is _TOKENS.get(model):
            return
        # "New" is a matter of identity: after a commit the old value reads as unknown too.
        if sa.inspect(target).key is None and value == workflow.initial:
            return
        raise AttributeError(f"{workflow.name}.state is written by advance() only")


def _token_of(model: type[Any]) -> attributes.AttributeEventToken:
    """Return the token that the guard lets through; made late, because a model is only whole once it is mapped."""
    if model not in _TOKENS:
        _TOKENS[model] = attributes.AttributeEventToken(model.state.impl, attributes.OP_REPLACE)
    return _TOKENS[model]


def advance(ctx: Ctx, subject: Any, action: StrEnum, **facts: Any) -> int | None:
    """Take ``action`` on ``subject``: set its state, stamp ``<state>_at``, record the row's event; return its id.

    The subject must be loaded with a lock. Raises IllegalTransition where the table has no such row.
    """
    model = type(subject)
    workflow = next(flow for owner, flow in _WORKFLOWS.values() if owner is model)
    row = workflow.find(subject.state, action)
    if row is None:
        since = getattr(subject, f"{subject.state}_at", None)
        raise IllegalTransition(workflow.name, str(action), str(subject.state), since)
    attributes.set_attribute(subject, "state", row.target, initiator=_token_of(model))
    stamp = f"{row.target}_at"
    if hasattr(model, stamp):
        setattr(subject, stamp, ctx.now)
    return record(ctx, row.event(**{f"{workflow.name}_id": subject.id, **facts}))


def governed() -> dict[str, tuple[type[Any], Workflow[Any, Any]]]:
    """Return every governed model with its workflow, by the workflow's name (of the modules imported so far)."""
    return dict(_WORKFLOWS)


REFUSE_MOVE = """
CREATE FUNCTION refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% may not move from % to %', TG_TABLE_NAME, OLD.state, NEW.state
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$
"""


def moves_trigger(table: str, workflow: Workflow[S, A]) -> str:
    """Return the DDL of the trigger that lets only the table's moves through; a migration carries its text."""
    moves = ", ".join(f"('{old}', '{new}')" for old, new in workflow.moves())
    return (
        f"CREATE TRIGGER {table}_moves BEFORE UPDATE OF state ON {table} FOR EACH ROW "
        f"WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({moves})) EXECUTE FUNCTION refuse_move()"
    )
