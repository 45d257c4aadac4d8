"""A letter also tells that an application is inadmissible: it is about the application, and no decision stands behind it."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

KINDS = "'awarded', 'reduced', 'conditional', 'reserve', 'refused', 'promoted', 'upheld', 'dismissed'"
SAYS = "kind, told_at, content, sha256"


def upgrade() -> None:
    op.add_column("letter", sa.Column("application_id", sa.BigInteger()))
    op.execute(
        "UPDATE letter SET application_id = decision.application_id FROM decision WHERE decision.id = letter.decision_id"
    )
    op.alter_column("letter", "application_id", nullable=False)
    op.create_foreign_key(op.f("fk_letter_application_id"), "letter", "application", ["application_id"], ["id"])
    op.create_index("ix_letter_application_id", "letter", ["application_id"])
    op.alter_column("letter", "decision_id", nullable=True)
    _allow(f"{KINDS}, 'inadmissible'")
    op.create_check_constraint(
        op.f("ck_letter_decision_when"), "letter", "(decision_id IS NULL) = (kind = 'inadmissible')"
    )
    op.create_index(
        "uq_letter_inadmissible",
        "letter",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'inadmissible'"),
    )
    _freeze(f"application_id, decision_id, {SAYS}")


def downgrade() -> None:
    # The older portal knows no such letter: what it told stands at the application, and in the event log.
    op.execute("ALTER TABLE letter DISABLE TRIGGER USER")
    op.execute("DELETE FROM letter WHERE kind = 'inadmissible'")
    op.execute("ALTER TABLE letter ENABLE TRIGGER USER")
    op.execute("ALTER TABLE letter_text DISABLE TRIGGER USER")
    op.execute("DELETE FROM letter_text WHERE kind = 'inadmissible'")
    op.execute("ALTER TABLE letter_text ENABLE TRIGGER USER")
    _freeze(f"decision_id, {SAYS}")
    op.drop_index("uq_letter_inadmissible", "letter")
    op.drop_constraint(op.f("ck_letter_decision_when"), "letter", type_="check")
    _allow(KINDS)
    op.alter_column("letter", "decision_id", nullable=False)
    op.drop_index("ix_letter_application_id", "letter")
    op.drop_constraint(op.f("fk_letter_application_id"), "letter", type_="foreignkey")
    op.drop_column("letter", "application_id")


def _allow(kinds: str) -> None:
    for table in ("letter", "letter_text"):
        op.drop_constraint(op.f(f"ck_{table}_kind_known"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_kind_known"), table, f"kind IN ({kinds})")


def _freeze(columns: str) -> None:
    op.execute("DROP TRIGGER letter_frozen ON letter")
    op.execute(
        f"CREATE TRIGGER letter_frozen BEFORE UPDATE OF {columns} ON letter "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
