"""Add places: municipalities with their periods, and their postal codes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "municipality",
        sa.Column("nis", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("successor_nis", sa.Text()),
        sa.PrimaryKeyConstraint("nis", name="pk_municipality"),
        sa.ForeignKeyConstraint(["successor_nis"], ["municipality.nis"], name="fk_municipality_successor_nis"),
        sa.CheckConstraint("nis ~ '^[0-9]{5}$'", name=op.f("ck_municipality_nis_has_five_digits")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_municipality_period_runs_forward")),
        sa.CheckConstraint(
            "successor_nis IS NULL OR valid_to IS NOT NULL", name=op.f("ck_municipality_only_a_former_one_has_a_successor")
        ),
    )
    op.create_index("ix_municipality_search_key", "municipality", ["search_key"])
    op.create_index("ix_municipality_successor_nis", "municipality", ["successor_nis"])
    op.create_table(
        "postal_code",
        sa.Column("nis", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.PrimaryKeyConstraint("nis", "postal_code", name="pk_postal_code"),
        sa.ForeignKeyConstraint(["nis"], ["municipality.nis"], name="fk_postal_code_nis"),
        sa.CheckConstraint("postal_code ~ '^[0-9]{4}$'", name=op.f("ck_postal_code_postal_code_has_four_digits")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_postal_code_period_runs_forward")),
    )
    op.create_index("ix_postal_code_postal_code", "postal_code", ["postal_code"])


def downgrade() -> None:
    op.drop_table("postal_code")
    op.drop_table("municipality")
