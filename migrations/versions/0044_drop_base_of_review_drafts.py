"""A draft of a review is compared field by field with what is saved: the version it began from was never read."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("review_draft", "base_version")


def downgrade() -> None:
    op.add_column("review_draft", sa.Column("base_version", sa.Integer()))
    op.execute("UPDATE review_draft SET base_version = review.version FROM review WHERE review.id = review_draft.review_id")
    op.alter_column("review_draft", "base_version", nullable=False)
