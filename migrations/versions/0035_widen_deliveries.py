"""A message may be cancelled, muted or gathered for a digest, and its reader may have read it in the portal."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

STATES = "'waiting', 'sent', 'parked'"


def upgrade() -> None:
    op.add_column("delivery", sa.Column("read_at", sa.DateTime(timezone=True)))
    _allow(f"{STATES}, 'cancelled', 'muted', 'gathered'")


def downgrade() -> None:
    # What would never have left is taken away: the older portal would send it.
    op.execute("DELETE FROM delivery WHERE state IN ('cancelled', 'muted', 'gathered')")
    _allow(STATES)
    op.drop_column("delivery", "read_at")


def _allow(states: str) -> None:
    op.drop_constraint(op.f("ck_delivery_state_known"), "delivery", type_="check")
    op.create_check_constraint(op.f("ck_delivery_state_known"), "delivery", f"state IN ({states})")
