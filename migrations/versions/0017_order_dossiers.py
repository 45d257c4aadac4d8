"""Keep a round's dossiers in the order they came in, so that a page of them sorts nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_application_handed_in",
        "application",
        ["round_id", "submitted_at", "id"],
        postgresql_where=sa.text("submitted_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_application_handed_in", "application")
