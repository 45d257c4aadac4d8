"""An administrator writes to many: mailings."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

STATES = "'draft', 'scheduled', 'released', 'dropped'"
AUDIENCES = "'drafts', 'submitted', 'reviewers', 'programme'"


def upgrade() -> None:
    op.create_table(
        "mailing",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("round_id", sa.BigInteger()),
        sa.Column("programme_id", sa.BigInteger()),
        sa.Column("subject_nl", sa.Text(), nullable=False),
        sa.Column("body_nl", sa.Text(), nullable=False),
        sa.Column("subject_en", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by_id", sa.BigInteger(), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True)),
        sa.Column("released_at", sa.DateTime(timezone=True)),
        sa.Column("dropped_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_mailing_state_known")),
        sa.CheckConstraint(f"audience IN ({AUDIENCES})", name=op.f("ck_mailing_audience_known")),
        sa.CheckConstraint(
            "(audience = 'programme') = (programme_id IS NOT NULL)", name=op.f("ck_mailing_of_programme")
        ),
        sa.CheckConstraint("(audience <> 'programme') = (round_id IS NOT NULL)", name=op.f("ck_mailing_of_round")),
        sa.CheckConstraint("state <> 'scheduled' OR send_at IS NOT NULL", name=op.f("ck_mailing_scheduled_when")),
        sa.CheckConstraint("(state = 'released') = (released_at IS NOT NULL)", name=op.f("ck_mailing_released_when")),
        sa.CheckConstraint("(subject_en = '') = (body_en = '')", name=op.f("ck_mailing_english_whole")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_mailing_round_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_mailing_programme_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["person.id"], name=op.f("fk_mailing_drafted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
    )
    op.create_index("ix_mailing_due", "mailing", ["send_at"], postgresql_where=sa.text("state = 'scheduled'"))
    op.execute(
        "CREATE TRIGGER mailing_moves BEFORE UPDATE OF state ON mailing FOR EACH ROW "
        "WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('draft', 'dropped'), ('draft', 'released'), ('draft', 'scheduled'), ('scheduled', 'draft'), ('scheduled', 'dropped'), ('scheduled', 'released'))) EXECUTE FUNCTION refuse_move()"
    )


def downgrade() -> None:
    op.execute("DELETE FROM delivery WHERE notification = 'mailing'")  # the older portal could not make it
    op.drop_table("mailing")
