"""Add what workers make for one person: archives and workbooks, with their progress."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
IS_OPEN = sa.text("state IN ('requested', 'running')")


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("done_count", sa.BigInteger(), nullable=False),
        sa.Column("total_count", sa.BigInteger(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('requested', 'running', 'done', 'failed', 'expired')", name=op.f("ck_job_state_known")
        ),
        sa.CheckConstraint(
            "failure IN ('refused', 'too_long', 'no_library', 'storage', 'fault')", name=op.f("ck_job_failure_known")
        ),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_job_failed_when")),
        sa.CheckConstraint(
            "(state IN ('done', 'expired')) = (expires_at IS NOT NULL)", name=op.f("ck_job_expires_when")
        ),
        sa.CheckConstraint("file_id IS NULL OR state IN ('done', 'expired')", name=op.f("ck_job_file_when")),
        sa.CheckConstraint("done_count >= 0 AND done_count <= total_count", name=op.f("ck_job_progress_within")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_job_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("file_id", name=op.f("uq_job_file_id")),
    )
    op.create_index("ix_job_kind_subject_id_asked_by_id_id", "job", ["kind", "subject_id", "asked_by_id", "id"])
    op.create_index("uq_job_open", "job", ["kind", "subject_id", "asked_by_id"], unique=True, postgresql_where=IS_OPEN)
    op.create_index("ix_job_due", "job", ["due_at", "id"], postgresql_where=IS_OPEN)
    op.create_index("ix_job_kept", "job", ["expires_at", "id"], postgresql_where=sa.text("expires_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_table("job")
