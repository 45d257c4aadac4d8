"""Add the texts of messages, version by version, and note on a message which of them it was made of."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Messages that were made before are of no programme: they are not shown as examples, and nothing else hangs on it.
    op.add_column("delivery", sa.Column("programme_id", sa.BigInteger()))
    op.add_column("delivery", sa.Column("text_number", sa.Integer()))
    op.create_foreign_key(op.f("fk_delivery_programme_id"), "delivery", "programme", ["programme_id"], ["id"])
    op.create_index(
        "ix_delivery_programme_id_notification_id", "delivery", ["programme_id", "notification", "id"]
    )
    op.create_table(
        "message_text",
        *_text_columns("message_text"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("written_by_id", sa.BigInteger(), nullable=False),
        sa.Column("restored_number", sa.Integer()),
        sa.CheckConstraint("number > 0", name=op.f("ck_message_text_number_positive")),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_message_text_written_by_id")),
        sa.UniqueConstraint(
            "programme_id",
            "notification",
            "language",
            "number",
            name=op.f("uq_message_text_once"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON message_text FROM portal_app")
    op.execute(
        "CREATE TRIGGER message_text_append_only BEFORE UPDATE OR DELETE ON message_text "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER message_text_never_emptied BEFORE TRUNCATE ON message_text "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.create_table(
        "text_trial",
        *_text_columns("text_trial"),
        sa.Column("case_id", sa.BigInteger()),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["delivery.id"], name=op.f("fk_text_trial_case_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_text_trial_asked_by_id")),
    )


def _text_columns(table: str) -> list[sa.schema.SchemaItem]:
    """Return what a text and a trial of one have alike."""
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("programme_id", sa.BigInteger()),
        sa.Column("notification", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("body", sa.Text()),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f(f"ck_{table}_language_known")),
        sa.CheckConstraint("(subject IS NULL) = (body IS NULL)", name=op.f(f"ck_{table}_whole")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f(f"fk_{table}_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def downgrade() -> None:
    op.drop_table("text_trial")
    op.drop_table("message_text")
    op.drop_index("ix_delivery_programme_id_notification_id", "delivery")
    op.drop_column("delivery", "text_number")
    op.drop_column("delivery", "programme_id")
