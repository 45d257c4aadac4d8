"""Keep what a draft began with: where each answer came from, and the application it was copied from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("section", sa.Column("carried", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'")))
    op.alter_column("section", "carried", server_default=None)
    op.add_column("application", sa.Column("copied_from_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_application_copied_from_id"), "application", "application", ["copied_from_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_application_copied_from_id"), "application", type_="foreignkey")
    op.drop_column("application", "copied_from_id")
    op.drop_column("section", "carried")
