"""Say of each version of a section how it came to be."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KINDS = "kind IN ('begun', 'saved', 'autosaved', 'set_aside', 'restored')"


def upgrade() -> None:
    op.add_column("section_revision", sa.Column("kind", sa.Text(), nullable=False, server_default="saved"))
    op.alter_column("section_revision", "kind", server_default=None)
    op.create_check_constraint(op.f("ck_section_revision_kind_known"), "section_revision", KINDS)


def downgrade() -> None:
    op.drop_column("section_revision", "kind")
