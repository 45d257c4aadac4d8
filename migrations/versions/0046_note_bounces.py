"""A message may come back after it left; a person whose messages do is marked, and may have another address confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("delivery", sa.Column("undelivered_at", MOMENT))
    op.add_column("delivery", sa.Column("undelivered_status", sa.Text()))
    op.create_check_constraint(
        op.f("ck_delivery_undelivered_when"), "delivery", "(undelivered_at IS NULL) = (undelivered_status IS NULL)"
    )
    op.create_index(
        "ix_delivery_undelivered", "delivery", ["address", "id"], postgresql_where=sa.text("undelivered_at IS NOT NULL")
    )
    op.add_column("person", sa.Column("new_email", sa.Text()))
    op.add_column("person", sa.Column("unreachable_since", MOMENT))
    op.add_column("person", sa.Column("unreachable_status", sa.Text()))
    op.create_check_constraint(op.f("ck_person_new_email_lower"), "person", "new_email = lower(new_email)")
    op.create_check_constraint(
        op.f("ck_person_unreachable_when"), "person", "(unreachable_since IS NULL) = (unreachable_status IS NULL)"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_person_unreachable_when"), "person", type_="check")
    op.drop_constraint(op.f("ck_person_new_email_lower"), "person", type_="check")
    op.drop_column("person", "unreachable_status")
    op.drop_column("person", "unreachable_since")
    op.drop_column("person", "new_email")
    op.drop_index("ix_delivery_undelivered", "delivery")
    op.drop_constraint(op.f("ck_delivery_undelivered_when"), "delivery", type_="check")
    op.drop_column("delivery", "undelivered_status")
    op.drop_column("delivery", "undelivered_at")
