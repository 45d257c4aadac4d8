"""Let partners sign off on their part, and an application go on without a partner's funds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("partner_part", sa.Column("funds_left_out_at", MOMENT, nullable=True))
    op.create_check_constraint(
        op.f("ck_partner_part_left_out_without_funds"),
        "partner_part",
        "funds_left_out_at IS NULL OR NOT receives_funds",
    )
    op.create_table(
        "sign_off",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("signed_by_id", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "cancelled_at IS NULL OR cancelled_at >= signed_at", name=op.f("ck_sign_off_cancelled_after_signing")
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_sign_off_application_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_sign_off_organisation_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["person.id"], name=op.f("fk_sign_off_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off")),
    )
    op.create_index("ix_sign_off_application_id", "sign_off", ["application_id"])
    op.create_index(
        "uq_sign_off_standing",
        "sign_off",
        ["application_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("sign_off")
    op.drop_constraint(op.f("ck_partner_part_left_out_without_funds"), "partner_part", type_="check")
    op.drop_column("partner_part", "funds_left_out_at")
