"""Add to each stored file what a scanner said of it, and when it is asked again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("stored_file", sa.Column("scanned_at", MOMENT))
    op.add_column("stored_file", sa.Column("signature", sa.Text(), nullable=False, server_default=""))
    op.add_column("stored_file", sa.Column("next_scan_at", MOMENT, nullable=False, server_default=sa.text("now()")))
    op.add_column("stored_file", sa.Column("scan_failure", sa.Text(), nullable=False, server_default=""))
    op.add_column("stored_file", sa.Column("scan_failed_at", MOMENT))
    for column in ("signature", "next_scan_at", "scan_failure"):
        op.alter_column("stored_file", column, server_default=None)
    op.execute("UPDATE stored_file SET scanned_at = uploaded_at WHERE state <> 'held'")
    op.create_check_constraint(
        op.f("ck_stored_file_scanned_when"), "stored_file", "(state = 'held') = (scanned_at IS NULL)"
    )
    op.create_index(
        "ix_stored_file_due", "stored_file", ["next_scan_at", "id"], postgresql_where=sa.text("state = 'held'")
    )


def downgrade() -> None:
    op.drop_index("ix_stored_file_due", "stored_file")
    op.drop_constraint(op.f("ck_stored_file_scanned_when"), "stored_file")
    for column in ("scan_failed_at", "scan_failure", "next_scan_at", "signature", "scanned_at"):
        op.drop_column("stored_file", column)
