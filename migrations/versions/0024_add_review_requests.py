"""Add requests for review of a published decision, and what was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "review_request",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.BigInteger()),
        sa.Column("upheld_at", MOMENT),
        sa.Column("dismissed_at", MOMENT),
        sa.Column("withdrawn_at", MOMENT),
        sa.CheckConstraint(
            "state IN ('asked', 'upheld', 'dismissed', 'withdrawn')", name=op.f("ck_review_request_state_known")
        ),
        sa.CheckConstraint("ground IN ('technical', 'content')", name=op.f("ck_review_request_ground_known")),
        sa.CheckConstraint(
            "(state = 'upheld') = (upheld_at IS NOT NULL)", name=op.f("ck_review_request_upheld_when")
        ),
        sa.CheckConstraint(
            "(state = 'dismissed') = (dismissed_at IS NOT NULL)", name=op.f("ck_review_request_dismissed_when")
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_review_request_withdrawn_when")
        ),
        sa.CheckConstraint(
            "(state IN ('upheld', 'dismissed')) = (answered_by_id IS NOT NULL AND answer <> '')",
            name=op.f("ck_review_request_answered_by"),
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_review_request_decision_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_review_request_asked_by_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_review_request_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_request")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_review_request_decision_id")),
    )
    op.create_index(
        "ix_review_request_asked",
        "review_request",
        ["answer_due_on"],
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.execute(
        """
        CREATE TRIGGER review_request_moves BEFORE UPDATE OF state ON review_request FOR EACH ROW WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('asked', 'dismissed'), ('asked', 'upheld'), ('asked', 'withdrawn'))) EXECUTE FUNCTION refuse_move()
        """
    )


def downgrade() -> None:
    op.drop_table("review_request")
