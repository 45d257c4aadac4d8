"""Find the urgent messages first among those that are due."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.drop_index("ix_delivery_due", "delivery")
    columns = [sa.text("is_urgent DESC"), "next_attempt_at", "id"]
    op.create_index("ix_delivery_due", "delivery", columns, postgresql_where=WAITING)


def downgrade() -> None:
    op.drop_index("ix_delivery_due", "delivery")
    op.create_index("ix_delivery_due", "delivery", ["next_attempt_at", "id"], postgresql_where=WAITING)
