"""Add proposed assignments of reviewers and their pairs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("requested_by_id", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=False),
        sa.Column("step", sa.Text()),
        sa.Column("running_at", MOMENT),
        sa.Column("failure", sa.Text()),
        sa.Column("failed_at", MOMENT),
        sa.Column("proposed_at", MOMENT),
        sa.Column("inputs_sha256", sa.Text()),
        sa.Column("solver", sa.Text()),
        sa.Column("is_optimal", sa.Boolean()),
        sa.Column("shortfalls", JSONB(), nullable=False),
        sa.Column("alternates", JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("released_at", MOMENT),
        sa.Column("released_by_id", sa.BigInteger()),
        sa.Column("discarded_at", MOMENT),
        sa.CheckConstraint(
            "state IN ('requested', 'running', 'proposed', 'released', 'discarded', 'failed')",
            name=op.f("ck_assignment_state_known"),
        ),
        sa.CheckConstraint(
            "step IN ('reading', 'fitting', 'solving', 'explaining')", name=op.f("ck_assignment_step_known")
        ),
        sa.CheckConstraint("failure IN ('too_long', 'fault')", name=op.f("ck_assignment_failure_known")),
        sa.CheckConstraint("wanted BETWEEN 1 AND 9", name=op.f("ck_assignment_wanted_within")),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_assignment_failed_when")),
        sa.CheckConstraint(
            "(state = 'released') = (released_at IS NOT NULL)", name=op.f("ck_assignment_released_when")
        ),
        sa.CheckConstraint(
            "(state = 'discarded') = (discarded_at IS NOT NULL)", name=op.f("ck_assignment_discarded_when")
        ),
        sa.CheckConstraint(
            "state NOT IN ('proposed', 'released') OR (inputs_sha256 IS NOT NULL AND solver IS NOT NULL)",
            name=op.f("ck_assignment_proposed_when"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_assignment_round_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["person.id"], name=op.f("fk_assignment_requested_by_id")),
        sa.ForeignKeyConstraint(["released_by_id"], ["person.id"], name=op.f("fk_assignment_released_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(
        "uq_assignment_one_live",
        "assignment",
        ["round_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('requested', 'running', 'proposed')"),
    )
    op.create_index("ix_assignment_round_id_id", "assignment", ["round_id", "id"])
    op.create_index(
        "ix_assignment_lease",
        "assignment",
        ["lease_until", "id"],
        postgresql_where=sa.text("state IN ('requested', 'running')"),
    )
    op.create_table(
        "assignment_pair",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("assignment_id", sa.BigInteger(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("reviewer_id", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("reason", JSONB(), nullable=False),
        sa.CheckConstraint("origin IN ('proposed', 'by_hand')", name=op.f("ck_assignment_pair_origin_known")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_pair_assignment_id")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_assignment_pair_application_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name=op.f("fk_assignment_pair_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_pair")),
        sa.UniqueConstraint(
            "assignment_id",
            "application_id",
            "reviewer_id",
            name=op.f("uq_assignment_pair_assignment_id_application_id_reviewer_id"),
        ),
    )
    op.execute(
        """
        CREATE TRIGGER assignment_moves BEFORE UPDATE OF state ON assignment FOR EACH ROW WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('proposed', 'discarded'), ('proposed', 'released'), ('requested', 'discarded'), ('requested', 'running'), ('running', 'discarded'), ('running', 'failed'), ('running', 'proposed'))) EXECUTE FUNCTION refuse_move()
        """
    )


def downgrade() -> None:
    op.drop_table("assignment_pair")
    op.drop_table("assignment")
