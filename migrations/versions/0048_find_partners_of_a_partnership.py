"""The partners of a partnership are found without reading those of all others."""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_partner_partnership_id", "partner", ["partnership_id"])


def downgrade() -> None:
    op.drop_index("ix_partner_partnership_id", "partner")
