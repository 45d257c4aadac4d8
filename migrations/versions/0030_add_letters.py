"""Add the texts of letters, version by version, and the letters that workers make."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KINDS = "'awarded', 'reduced', 'conditional', 'reserve', 'refused', 'promoted', 'upheld', 'dismissed'"


def upgrade() -> None:
    op.create_table(
        "letter_text",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("written_by_id", sa.BigInteger(), nullable=False),
        sa.Column("restored_number", sa.Integer()),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_letter_text_kind_known")),
        sa.CheckConstraint("number > 0", name=op.f("ck_letter_text_number_positive")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_letter_text_programme_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_letter_text_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_text")),
        sa.UniqueConstraint("programme_id", "kind", "number", name=op.f("uq_letter_text_programme_id_kind_number")),
    )
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON letter_text FROM portal_app")
    op.execute(
        "CREATE TRIGGER letter_text_append_only BEFORE UPDATE OR DELETE ON letter_text "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER letter_text_never_emptied BEFORE TRUNCATE ON letter_text "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("failure", sa.Text()),
        sa.Column("made_at", MOMENT),
        sa.Column("pdf_id", sa.BigInteger()),
        sa.Column("docx_id", sa.BigInteger()),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_letter_kind_known")),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'failed')", name=op.f("ck_letter_state_known")),
        sa.CheckConstraint("failure IN ('no_library', 'storage', 'fault')", name=op.f("ck_letter_failure_known")),
        sa.CheckConstraint(
            "(state = 'ready') = (pdf_id IS NOT NULL AND docx_id IS NOT NULL AND made_at IS NOT NULL)",
            name=op.f("ck_letter_ready_when"),
        ),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_letter_failed_when")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_letter_decision_id")),
        sa.ForeignKeyConstraint(["pdf_id"], ["stored_file.id"], name=op.f("fk_letter_pdf_id")),
        sa.ForeignKeyConstraint(["docx_id"], ["stored_file.id"], name=op.f("fk_letter_docx_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("decision_id", "kind", name=op.f("uq_letter_decision_id_kind")),
        sa.UniqueConstraint("pdf_id", name=op.f("uq_letter_pdf_id")),
        sa.UniqueConstraint("docx_id", name=op.f("uq_letter_docx_id")),
    )
    op.create_index("ix_letter_due", "letter", ["due_at", "id"], postgresql_where=sa.text("state = 'waiting'"))
    op.create_index("ix_letter_failed", "letter", ["id"], postgresql_where=sa.text("state = 'failed'"))
    # What a letter says is frozen when it is told; only its making moves on.
    op.execute(
        "CREATE TRIGGER letter_frozen BEFORE UPDATE OF decision_id, kind, told_at, content, sha256 ON letter "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER letter_kept BEFORE DELETE ON letter FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("letter")
    op.drop_table("letter_text")
