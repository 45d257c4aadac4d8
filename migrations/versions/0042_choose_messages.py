"""People choose how they get their messages, and read them in the portal: choices, subjects, digests, what is unread."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

CATEGORIES = (
    "'account', 'applications', 'decisions', 'partnerships', 'review-invitations', 'deadlines', 'collaboration', "
    "'reviewing', 'desk', 'mailings', 'digest'"
)
CHOICES = "'at_once', 'digest', 'portal'"
INDEXES = {
    "ix_delivery_unread": (["person_id"], "read_at IS NULL"),
    "ix_delivery_gathered": (["person_id", "made_at"], "state = 'gathered'"),
    "ix_delivery_digest_id": (["digest_id"], "digest_id IS NOT NULL"),
}


def upgrade() -> None:
    op.add_column("delivery", sa.Column("subject", sa.Text(), nullable=False, server_default=""))
    op.alter_column("delivery", "subject", server_default=None)
    op.add_column("delivery", sa.Column("digest_id", sa.BigInteger()))
    op.create_foreign_key(op.f("fk_delivery_digest_id"), "delivery", "event", ["digest_id"], ["id"])
    # What was told before there was a place to read it greets nobody as news.
    op.execute("UPDATE delivery SET read_at = made_at WHERE read_at IS NULL")
    op.create_index("ix_delivery_person_id_made_at_id", "delivery", ["person_id", "made_at", "id"])
    for name, (columns, where) in INDEXES.items():
        op.create_index(name, "delivery", columns, postgresql_where=sa.text(where))
    op.create_table(
        "mail_choice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"category IN ({CATEGORIES})", name=op.f("ck_mail_choice_category_known")),
        sa.CheckConstraint(f"choice IN ({CHOICES})", name=op.f("ck_mail_choice_choice_known")),
        sa.CheckConstraint(f"before IN ({CHOICES})", name=op.f("ck_mail_choice_before_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_choice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_choice")),
        sa.UniqueConstraint("person_id", "category", name=op.f("uq_mail_choice_person_id_category")),
    )


def downgrade() -> None:
    op.drop_table("mail_choice")
    # What waited for a digest leaves by itself: the older portal makes none.
    op.execute("UPDATE delivery SET state = 'waiting' WHERE state = 'gathered' AND digest_id IS NULL")
    for name, (_, where) in INDEXES.items():
        op.drop_index(name, table_name="delivery", postgresql_where=sa.text(where))
    op.drop_index("ix_delivery_person_id_made_at_id", table_name="delivery")
    op.drop_constraint(op.f("fk_delivery_digest_id"), "delivery", type_="foreignkey")
    op.drop_column("delivery", "digest_id")
    op.drop_column("delivery", "subject")
