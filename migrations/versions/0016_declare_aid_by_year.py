"""Declare earlier de-minimis aid by year."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was declared as one amount stays so: nobody but the partner can say of which years it was.
    op.add_column(
        "partner_part", sa.Column("earlier_aid", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'"))
    )
    op.alter_column("partner_part", "earlier_aid", server_default=None)


def downgrade() -> None:
    op.drop_column("partner_part", "earlier_aid")
