"""Let an administrator say, per round, what reviewers see of each other and of the applicant; every matrix that held is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
LEVELS = "'never', 'after_all', 'after_mine', 'always'"


def upgrade() -> None:
    op.create_table(
        "round_visibility",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("reviews", sa.Text(), nullable=False),
        sa.Column("identities", sa.Text(), nullable=False),
        sa.Column("naming", sa.Text(), nullable=False),
        sa.Column("times", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by_id", sa.BigInteger(), nullable=False),
        sa.Column("replaced_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_visibility")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_visibility_round_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_round_visibility_set_by_id")),
        sa.CheckConstraint(f"reviews IN ({LEVELS})", name=op.f("ck_round_visibility_reviews_known")),
        sa.CheckConstraint(f"identities IN ({LEVELS})", name=op.f("ck_round_visibility_identities_known")),
        sa.CheckConstraint("naming IN ('blind', 'open')", name=op.f("ck_round_visibility_naming_known")),
        sa.CheckConstraint("times IN ('hidden', 'day')", name=op.f("ck_round_visibility_times_known")),
    )
    op.create_index(
        "uq_round_visibility_round_id_now",
        "round_visibility",
        ["round_id"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_index("ix_round_visibility_round_id_id", "round_visibility", ["round_id", "id"])


def downgrade() -> None:
    op.drop_table("round_visibility")
