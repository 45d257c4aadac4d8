"""Periodic work stands in rows: when it last ran and how that ended, and who paused it and why."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "periodic_task",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("every_seconds", sa.Integer()),
        sa.Column("daily_at", sa.Time()),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("last_period", MOMENT),
        sa.Column("sent_at", MOMENT),
        sa.Column("started_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("outcome", sa.Text()),
        sa.Column("handled", sa.BigInteger()),
        sa.Column("duration_ms", sa.Integer()),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT),
        sa.Column("paused_at", MOMENT),
        sa.Column("paused_by_id", sa.BigInteger()),
        sa.Column("pause_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periodic_task")),
        sa.UniqueConstraint("name", name=op.f("uq_periodic_task_name")),
        sa.CheckConstraint("outcome IN ('done', 'failed')", name=op.f("ck_periodic_task_outcome_known")),
        sa.CheckConstraint(
            "(every_seconds IS NULL) <> (daily_at IS NULL)", name=op.f("ck_periodic_task_one_plan")
        ),
        sa.CheckConstraint("every_seconds > 0", name=op.f("ck_periodic_task_every_positive")),
        sa.CheckConstraint("(paused_at IS NULL) = (pause_reason = '')", name=op.f("ck_periodic_task_paused_when")),
    )


def downgrade() -> None:
    op.drop_table("periodic_task")
