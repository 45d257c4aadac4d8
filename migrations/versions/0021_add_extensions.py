"""Add more time for one application, and the moment until which it then can be handed in."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("application", sa.Column("extended_until", MOMENT))
    op.create_table(
        "extension",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("old_closes_at", MOMENT, nullable=False),
        sa.Column("new_closes_at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("granted_by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("new_closes_at > old_closes_at", name=op.f("ck_extension_later_than_before")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_extension_application_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["person.id"], name=op.f("fk_extension_granted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index("ix_extension_application_id", "extension", ["application_id"])


def downgrade() -> None:
    op.drop_table("extension")
    op.drop_column("application", "extended_until")
