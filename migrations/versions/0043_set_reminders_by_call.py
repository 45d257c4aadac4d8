"""Reminders are rows of a call: how long before which deadline; every call begins with those it had, and the usual new ones."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

KINDS = "'draft', 'sign_off', 'completion', 'invitation', 'review', 'award'"
USUAL = (
    "('draft', 7), ('draft', 1), ('sign_off', 3), ('completion', 2), ('invitation', 2),"
    " ('review', 7), ('review', 1), ('award', 7), ('award', 1)"
)


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("call_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_reminder_call_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_reminder_set_by_id")),
        sa.UniqueConstraint("call_id", "kind", "amount", "unit", name=op.f("uq_reminder_lead")),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_reminder_kind_known")),
        sa.CheckConstraint("unit IN ('days', 'hours')", name=op.f("ck_reminder_unit_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_reminder_amount_positive")),
    )
    # What a running call reminded of before, it goes on reminding of; what is new counts from now.
    op.execute(
        "INSERT INTO reminder (call_id, kind, amount, unit, is_on, set_at)"
        " SELECT call.id, usual.kind, usual.amount, 'days', true,"
        " CASE WHEN usual.kind IN ('draft', 'review', 'award') THEN '2000-01-01T00:00:00Z' ELSE now() END"
        f" FROM call CROSS JOIN (VALUES {USUAL}) AS usual (kind, amount)"
    )


def downgrade() -> None:
    op.drop_table("reminder")
