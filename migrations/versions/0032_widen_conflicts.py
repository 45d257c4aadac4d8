"""Widen conflicts of interest: seats and parents of organisations, who is named, advice, and what was decided."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KINDS = "'member', 'same_round', 'declared'"
ALL_KINDS = (
    "'member', 'parent', 'same_round', 'named', 'declared', 'local_government', 'mail_domain', 'advised', 'namesake'"
)
WORDS = (
    "to_tsvector('simple', ' ' || btrim(regexp_replace(lower(regexp_replace(normalize(content, NFKD), "
    r"'[\u0300-\u036f]+', '', 'g')), '[^a-z0-9]+', ' ', 'g')) || ' ')"
)


def upgrade() -> None:
    op.add_column("person", sa.Column("home_nis", sa.Text()))
    op.create_foreign_key(op.f("fk_person_home_nis"), "person", "municipality", ["home_nis"], ["nis"])
    op.add_column("organisation", sa.Column("seat_nis", sa.Text()))
    op.create_foreign_key(op.f("fk_organisation_seat_nis"), "organisation", "municipality", ["seat_nis"], ["nis"])
    op.add_column("organisation", sa.Column("parent_number", sa.Text()))
    op.create_check_constraint(
        op.f("ck_organisation_parent_number_digits"), "organisation", "parent_number ~ '^[01][0-9]{9}$'"
    )
    op.create_check_constraint(
        op.f("ck_organisation_parent_is_another"), "organisation", "parent_number <> enterprise_number"
    )
    op.add_column("snapshot", sa.Column("words", TSVECTOR(), sa.Computed(WORDS, persisted=True), nullable=False))
    op.create_index("ix_snapshot_words", "snapshot", ["words"], postgresql_using="gin")
    op.create_table(
        "advice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("partnership_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger()),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_advice_partnership_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_advice_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_advice_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice")),
        sa.UniqueConstraint("partnership_id", "person_id", name=op.f("uq_advice_partnership_id_person_id")),
    )
    _widen_conflict()


def _widen_conflict() -> None:
    # Every conflict so far was declared, or sealed a review.
    op.add_column("conflict", sa.Column("state", sa.Text(), nullable=False, server_default="confirmed"))
    op.add_column("conflict", sa.Column("evidence_sha256", sa.Text(), nullable=False, server_default=""))
    op.add_column("conflict", sa.Column("decided_at", MOMENT))
    op.add_column("conflict", sa.Column("decided_by_id", sa.BigInteger()))
    op.add_column("conflict", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    for column in ("state", "evidence_sha256", "reason"):
        op.alter_column("conflict", column, server_default=None)
    op.create_foreign_key(op.f("fk_conflict_decided_by_id"), "conflict", "person", ["decided_by_id"], ["id"])
    op.drop_constraint(op.f("ck_conflict_kind_known"), "conflict", type_="check")
    op.create_check_constraint(op.f("ck_conflict_kind_known"), "conflict", f"kind IN ({ALL_KINDS})")
    op.create_check_constraint(
        op.f("ck_conflict_state_known"), "conflict", "state IN ('candidate', 'confirmed', 'dismissed', 'waived')"
    )
    op.create_check_constraint(
        op.f("ck_conflict_waived_kind"), "conflict", "state <> 'waived' OR kind IN ('parent', 'same_round')"
    )
    op.create_check_constraint(
        op.f("ck_conflict_decided_when"),
        "conflict",
        "state NOT IN ('dismissed', 'waived') OR (decided_at IS NOT NULL AND reason <> '')",
    )
    op.execute(
        """
        CREATE TRIGGER conflict_moves BEFORE UPDATE OF state ON conflict FOR EACH ROW WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('candidate', 'confirmed'), ('candidate', 'dismissed'), ('candidate', 'waived'), ('dismissed', 'confirmed'), ('dismissed', 'dismissed'), ('waived', 'candidate'), ('waived', 'confirmed'), ('waived', 'waived'))) EXECUTE FUNCTION refuse_move()
        """
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER conflict_moves ON conflict")
    op.execute(f"DELETE FROM conflict WHERE state <> 'confirmed' OR kind NOT IN ({KINDS})")
    op.drop_constraint(op.f("ck_conflict_decided_when"), "conflict", type_="check")
    op.drop_constraint(op.f("ck_conflict_waived_kind"), "conflict", type_="check")
    op.drop_constraint(op.f("ck_conflict_state_known"), "conflict", type_="check")
    op.drop_constraint(op.f("ck_conflict_kind_known"), "conflict", type_="check")
    op.create_check_constraint(op.f("ck_conflict_kind_known"), "conflict", f"kind IN ({KINDS})")
    for column in ("reason", "decided_by_id", "decided_at", "evidence_sha256", "state"):
        op.drop_column("conflict", column)
    op.drop_table("advice")
    op.drop_index("ix_snapshot_words", "snapshot")
    op.drop_column("snapshot", "words")
    for column in ("parent_number", "seat_nis"):
        op.drop_column("organisation", column)
    op.drop_column("person", "home_nis")
