"""A round can set apart a budget for a province, and its ranking keeps what it was drawn with."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

TABLES = ("round", "ranking")


def upgrade() -> None:
    for table in TABLES:
        none = sa.text("'{}'::jsonb")
        op.add_column(table, sa.Column("province_budgets", JSONB, nullable=False, server_default=none))
        op.alter_column(table, "province_budgets", server_default=None)


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "province_budgets")
