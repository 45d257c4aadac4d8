"""Let the department withdraw an award: proposed by one administrator, confirmed by a second."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STATES = "'pending', 'confirmed', 'published', 'accepted', 'declined', 'lapsed'"
OUTCOMES = "'approved', 'conditional', 'reserve', 'refused', 'declined', 'lapsed'"
MOVES = (
    "('accepted', 'lapsed'), ('confirmed', 'pending'), ('confirmed', 'published'), ('pending', 'confirmed'), "
    "('published', 'accepted'), ('published', 'declined'), ('published', 'lapsed')"
)
WITH_WITHDRAWN = (
    "('accepted', 'lapsed'), ('accepted', 'withdrawn'), ('confirmed', 'pending'), ('confirmed', 'published'), "
    "('pending', 'confirmed'), ('published', 'accepted'), ('published', 'declined'), ('published', 'lapsed'), "
    "('published', 'withdrawn')"
)


def upgrade() -> None:
    op.add_column("decision", sa.Column("withdrawal_asked_at", MOMENT))
    op.add_column("decision", sa.Column("withdrawal_asked_by_id", sa.BigInteger()))
    op.add_column("decision", sa.Column("withdraw_reason", sa.Text()))
    op.add_column("decision", sa.Column("withdrawn_at", MOMENT))
    op.add_column("decision", sa.Column("withdrawn_by_id", sa.BigInteger()))
    for column in ("withdrawal_asked_by_id", "withdrawn_by_id"):
        op.create_foreign_key(op.f(f"fk_decision_{column}"), "decision", "person", [column], ["id"])
    _allow(f"{STATES}, 'withdrawn'", f"{OUTCOMES}, 'withdrawn'", WITH_WITHDRAWN)
    op.create_check_constraint(
        op.f("ck_decision_withdrawn_when"),
        "decision",
        "(state = 'withdrawn') = "
        "(withdrawn_at IS NOT NULL AND withdrawn_by_id IS NOT NULL AND withdrawal_asked_by_id IS NOT NULL)",
    )
    op.create_check_constraint(
        op.f("ck_decision_withdrawn_by_two_persons"),
        "decision",
        "withdrawn_by_id IS NULL OR withdrawn_by_id <> withdrawal_asked_by_id",
    )


def _allow(states: str, outcomes: str, moves: str) -> None:
    op.drop_constraint(op.f("ck_decision_state_known"), "decision", type_="check")
    op.create_check_constraint(op.f("ck_decision_state_known"), "decision", f"state IN ({states})")
    op.drop_constraint(op.f("ck_application_outcome_known"), "application", type_="check")
    op.create_check_constraint(op.f("ck_application_outcome_known"), "application", f"outcome IN ({outcomes})")
    op.execute("DROP TRIGGER decision_moves ON decision")
    op.execute(
        "CREATE TRIGGER decision_moves BEFORE UPDATE OF state ON decision FOR EACH ROW "
        f"WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({moves})) EXECUTE FUNCTION refuse_move()"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_decision_withdrawn_by_two_persons"), "decision", type_="check")
    op.drop_constraint(op.f("ck_decision_withdrawn_when"), "decision", type_="check")
    _allow(STATES, OUTCOMES, MOVES)
    for column in ("withdrawn_by_id", "withdrawn_at", "withdraw_reason", "withdrawal_asked_by_id", "withdrawal_asked_at"):
        op.drop_column("decision", column)
