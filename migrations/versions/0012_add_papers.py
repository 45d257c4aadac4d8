"""Add the PDFs that workers make, and find a snapshot by its digest."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index("ix_snapshot_sha256", "snapshot", ["sha256"])
    op.create_table(
        "paper",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("viewer", sa.Text(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=True),
        sa.Column("form_version_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('application', 'receipt', 'draft', 'form')", name=op.f("ck_paper_kind_known")
        ),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'failed')", name=op.f("ck_paper_state_known")),
        sa.CheckConstraint("failure IN ('no_library', 'storage', 'fault')", name=op.f("ck_paper_failure_known")),
        sa.CheckConstraint("(kind = 'form') = (application_id IS NULL)", name=op.f("ck_paper_application_when")),
        sa.CheckConstraint(
            "(kind IN ('application', 'receipt')) = (snapshot_id IS NOT NULL)", name=op.f("ck_paper_snapshot_when")
        ),
        sa.CheckConstraint("(kind = 'form') = (form_version_id IS NOT NULL)", name=op.f("ck_paper_form_when")),
        sa.CheckConstraint("(state = 'ready') = (file_id IS NOT NULL)", name=op.f("ck_paper_ready_when")),
        sa.CheckConstraint("(file_id IS NULL) = (sha256 IS NULL)", name=op.f("ck_paper_digest_when")),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_paper_failed_when")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_paper_application_id")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_paper_snapshot_id")),
        sa.ForeignKeyConstraint(["form_version_id"], ["form_version.id"], name=op.f("fk_paper_form_version_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_paper_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("kind", "source", "viewer", name=op.f("uq_paper_kind_source_viewer")),
        sa.UniqueConstraint("file_id", name=op.f("uq_paper_file_id")),
    )
    op.create_index("ix_paper_application_id", "paper", ["application_id"])
    op.create_index("ix_paper_sha256", "paper", ["sha256"])
    op.create_index("ix_paper_due", "paper", ["due_at", "id"], postgresql_where=sa.text("state = 'waiting'"))


def downgrade() -> None:
    op.drop_table("paper")
    op.drop_index("ix_snapshot_sha256", "snapshot")
