"""Let a section be assigned to a partner."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("section", sa.Column("assigned_to_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_section_assigned_to_id"), "section", "organisation", ["assigned_to_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_section_assigned_to_id"), "section", type_="foreignkey")
    op.drop_column("section", "assigned_to_id")
