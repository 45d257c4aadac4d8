"""Hold a text through signing in: what each of its answers started from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unsent_text", sa.Column("started_from", JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("unsent_text", "started_from")
