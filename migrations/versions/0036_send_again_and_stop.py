"""A message can be sent again as a copy of its own, and be stopped with a reason."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

ONCE = ["event_id", "notification", "recipient"]


def upgrade() -> None:
    op.create_table(
        "stop",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_by_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["stopped_by_id"], ["person.id"], name=op.f("fk_stop_stopped_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop")),
    )
    op.add_column("delivery", sa.Column("copy", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("delivery", "copy", server_default=None)
    op.add_column("delivery", sa.Column("stop_id", sa.BigInteger()))
    op.create_foreign_key(op.f("fk_delivery_stop_id"), "delivery", "stop", ["stop_id"], ["id"])
    op.create_check_constraint(
        op.f("ck_delivery_stopped_when"), "delivery", "stop_id IS NULL OR state IN ('cancelled', 'sent')"
    )
    op.drop_constraint("uq_delivery_once", "delivery", type_="unique")
    op.create_unique_constraint("uq_delivery_once", "delivery", [*ONCE, "copy"])
    op.create_index("ix_delivery_address_id", "delivery", ["address", "id"])
    op.create_index("ix_delivery_parked", "delivery", ["id"], postgresql_where=sa.text("state = 'parked'"))


def downgrade() -> None:
    op.drop_index("ix_delivery_parked", table_name="delivery", postgresql_where=sa.text("state = 'parked'"))
    op.drop_index("ix_delivery_address_id", table_name="delivery")
    op.execute("DELETE FROM delivery WHERE copy > 0")  # the older portal knows one message per recipient
    op.drop_constraint("uq_delivery_once", "delivery", type_="unique")
    op.create_unique_constraint("uq_delivery_once", "delivery", ONCE)
    op.drop_constraint(op.f("ck_delivery_stopped_when"), "delivery", type_="check")
    op.drop_constraint(op.f("fk_delivery_stop_id"), "delivery", type_="foreignkey")
    op.drop_column("delivery", "stop_id")
    op.drop_column("delivery", "copy")
    op.drop_table("stop")
