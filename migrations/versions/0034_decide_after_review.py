"""Let a new decision take the place of the first after an upheld request for review; the first stays as history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STATES = "'pending', 'confirmed', 'published', 'accepted', 'declined', 'lapsed', 'withdrawn'"
MOVES = (
    "('accepted', 'lapsed'), ('accepted', 'withdrawn'), ('confirmed', 'pending'), ('confirmed', 'published'), "
    "('pending', 'confirmed'), ('published', 'accepted'), ('published', 'declined'), ('published', 'lapsed'), "
    "('published', 'withdrawn')"
)
WITH_REPLACED = (
    "('accepted', 'lapsed'), ('accepted', 'replaced'), ('accepted', 'withdrawn'), ('confirmed', 'pending'), "
    "('confirmed', 'published'), ('pending', 'confirmed'), ('published', 'accepted'), ('published', 'declined'), "
    "('published', 'lapsed'), ('published', 'replaced'), ('published', 'withdrawn')"
)


def upgrade() -> None:
    op.add_column("decision", sa.Column("replaces_id", sa.BigInteger()))
    op.add_column("decision", sa.Column("replaced_at", MOMENT))
    op.create_foreign_key(op.f("fk_decision_replaces_id"), "decision", "decision", ["replaces_id"], ["id"])
    op.create_unique_constraint(op.f("uq_decision_replaces_id"), "decision", ["replaces_id"])
    op.drop_constraint(op.f("uq_decision_application_id"), "decision", type_="unique")
    op.create_index(
        "uq_decision_application_id",
        "decision",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'replaced'"),
    )
    _allow(f"{STATES}, 'replaced'", WITH_REPLACED)
    op.create_check_constraint(
        op.f("ck_decision_replaced_when"), "decision", "(state = 'replaced') = (replaced_at IS NOT NULL)"
    )
    op.create_check_constraint(
        op.f("ck_decision_reason_after_review"), "decision", "replaces_id IS NULL OR reason <> ''"
    )
    op.execute(
        "CREATE TRIGGER decision_history BEFORE UPDATE OR DELETE ON decision FOR EACH ROW "
        "WHEN (OLD.state = 'replaced') EXECUTE FUNCTION refuse_change()"
    )
    _add_proposals()


def _add_proposals() -> None:
    op.create_table(
        "proposed_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("review_request_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(12, 2), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("conditions", JSONB(), nullable=False),
        sa.Column("prepared_at", MOMENT, nullable=False),
        sa.Column("prepared_by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('approved', 'conditional', 'reserve', 'refused')",
            name=op.f("ck_proposed_decision_outcome_known"),
        ),
        sa.CheckConstraint(
            "(outcome IN ('approved', 'conditional')) = (amount > 0)",
            name=op.f("ck_proposed_decision_amount_with_award"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_proposed_decision_reason_given")),
        sa.ForeignKeyConstraint(
            ["review_request_id"], ["review_request.id"], name=op.f("fk_proposed_decision_review_request_id")
        ),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["person.id"], name=op.f("fk_proposed_decision_prepared_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_decision")),
        sa.UniqueConstraint("review_request_id", name=op.f("uq_proposed_decision_review_request_id")),
    )


def _allow(states: str, moves: str) -> None:
    op.drop_constraint(op.f("ck_decision_state_known"), "decision", type_="check")
    op.create_check_constraint(op.f("ck_decision_state_known"), "decision", f"state IN ({states})")
    op.execute("DROP TRIGGER decision_moves ON decision")
    op.execute(
        "CREATE TRIGGER decision_moves BEFORE UPDATE OF state ON decision FOR EACH ROW "
        f"WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({moves})) EXECUTE FUNCTION refuse_move()"
    )


def downgrade() -> None:
    op.drop_table("proposed_decision")
    op.execute("DROP TRIGGER decision_history ON decision")
    op.drop_constraint(op.f("ck_decision_reason_after_review"), "decision", type_="check")
    op.drop_constraint(op.f("ck_decision_replaced_when"), "decision", type_="check")
    _allow(STATES, MOVES)
    op.drop_index("uq_decision_application_id", "decision")
    op.create_unique_constraint(op.f("uq_decision_application_id"), "decision", ["application_id"])
    op.drop_constraint(op.f("uq_decision_replaces_id"), "decision", type_="unique")
    op.drop_column("decision", "replaced_at")
    op.drop_column("decision", "replaces_id")
