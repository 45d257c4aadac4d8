"""Keep what a reviewer types as a draft beside the review, and ask how sure the reviewer is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("review", sa.Column("confidence", sa.Text()))
    op.create_check_constraint(
        op.f("ck_review_confidence_known"), "review", "confidence IN ('low', 'normal', 'high')"
    )
    op.create_table(
        "review_draft",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("typed", JSONB(), nullable=False),
        sa.Column("held", JSONB(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_review_draft_review_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_draft_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_draft")),
        sa.UniqueConstraint("review_id", "person_id", name=op.f("uq_review_draft_review_id_person_id")),
    )


def downgrade() -> None:
    op.drop_table("review_draft")
    op.drop_constraint(op.f("ck_review_confidence_known"), "review", type_="check")
    op.drop_column("review", "confidence")
