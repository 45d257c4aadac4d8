"""Add the pool of reviewers, their yearly declarations, invitations that expire, and alternates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STATES = "'invited', 'accepted', 'declined', 'drafting', 'submitted', 'reopened', 'sealed'"
WITH_EXPIRED = "'invited', 'accepted', 'declined', 'expired', 'drafting', 'submitted', 'reopened', 'sealed'"
MOVES = (
    "('accepted', 'declined'), ('accepted', 'drafting'), ('accepted', 'sealed'), ('drafting', 'declined'), "
    "('drafting', 'sealed'), ('drafting', 'submitted'), ('invited', 'accepted'), ('invited', 'declined'), "
    "('invited', 'sealed'), ('reopened', 'sealed'), ('reopened', 'submitted'), ('submitted', 'reopened'), "
    "('submitted', 'sealed')"
)
MOVES_WITH_EXPIRED = MOVES.replace("('invited', 'sealed')", "('invited', 'expired'), ('invited', 'sealed')")
SUGGESTED = ("replacement_name", "replacement_email", "replacement_note")


def upgrade() -> None:
    _add_profiles()
    _add_declarations()
    _add_alternates()
    op.add_column("review", sa.Column("answer_due_on", sa.Date()))
    op.add_column("review", sa.Column("expired_at", MOMENT))
    for column in SUGGESTED:
        op.add_column("review", sa.Column(column, sa.Text(), nullable=False, server_default=""))
        op.alter_column("review", column, server_default=None)
    _allow(WITH_EXPIRED, MOVES_WITH_EXPIRED)
    op.create_check_constraint(
        op.f("ck_review_expired_when"), "review", "(state = 'expired') = (expired_at IS NOT NULL)"
    )
    op.create_index(
        "ix_review_unanswered", "review", ["answer_due_on"], postgresql_where=sa.text("state = 'invited'")
    )


def _add_profiles() -> None:
    op.create_table(
        "reviewer_profile",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("languages", JSONB(), nullable=False),
        sa.Column("minimum_load", sa.Integer(), nullable=False),
        sa.Column("maximum_load", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger()),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("is_experienced", sa.Boolean()),
        sa.Column("experience_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by_id", sa.BigInteger()),
        sa.CheckConstraint(
            "minimum_load >= 0 AND maximum_load >= 1 AND minimum_load <= maximum_load",
            name=op.f("ck_reviewer_profile_loads_in_order"),
        ),
        sa.CheckConstraint(
            "(is_experienced IS NULL) = (experience_reason = '')",
            name=op.f("ck_reviewer_profile_experience_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reviewer_profile_person_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reviewer_profile_organisation_id")
        ),
        sa.ForeignKeyConstraint(["updated_by_id"], ["person.id"], name=op.f("fk_reviewer_profile_updated_by_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_reviewer_profile")),
    )
    op.create_table(
        "reviewer_expertise",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('objective', 'target_group', 'province')", name=op.f("ck_reviewer_expertise_kind_known")
        ),
        sa.CheckConstraint(
            "level IN ('expert', 'competent', 'aware')", name=op.f("ck_reviewer_expertise_level_known")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["reviewer_profile.person_id"], name=op.f("fk_reviewer_expertise_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", "code", name=op.f("pk_reviewer_expertise")),
    )
    op.create_index("ix_reviewer_expertise_kind_code", "reviewer_expertise", ["kind", "code"])
    op.create_table(
        "reviewer_absence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_reviewer_absence_runs_forward")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["reviewer_profile.person_id"], name=op.f("fk_reviewer_absence_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer_absence")),
    )
    op.create_index("ix_reviewer_absence_person_id", "reviewer_absence", ["person_id"])


def _add_declarations() -> None:
    op.create_table(
        "reviewer_declaration",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("declared_at", MOMENT, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reviewer_declaration_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer_declaration")),
        sa.UniqueConstraint("person_id", "year", name=op.f("uq_reviewer_declaration_person_id_year")),
    )
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON reviewer_declaration FROM portal_app")
    op.execute(
        "CREATE TRIGGER reviewer_declaration_append_only BEFORE UPDATE OR DELETE ON reviewer_declaration "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER reviewer_declaration_never_emptied BEFORE TRUNCATE ON reviewer_declaration "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _add_alternates() -> None:
    op.create_table(
        "review_alternate",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("listed_at", MOMENT, nullable=False),
        sa.Column("listed_by_id", sa.BigInteger()),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_review_alternate_application_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_alternate_person_id")),
        sa.ForeignKeyConstraint(["listed_by_id"], ["person.id"], name=op.f("fk_review_alternate_listed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_alternate")),
        sa.UniqueConstraint(
            "application_id", "person_id", name=op.f("uq_review_alternate_application_id_person_id")
        ),
        sa.UniqueConstraint("application_id", "position", name=op.f("uq_review_alternate_application_id_position")),
    )


def _allow(states: str, moves: str) -> None:
    op.drop_constraint(op.f("ck_review_state_known"), "review", type_="check")
    op.create_check_constraint(op.f("ck_review_state_known"), "review", f"state IN ({states})")
    op.execute("DROP TRIGGER review_moves ON review")
    op.execute(
        "CREATE TRIGGER review_moves BEFORE UPDATE OF state ON review FOR EACH ROW "
        f"WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({moves})) EXECUTE FUNCTION refuse_move()"
    )


def downgrade() -> None:
    op.drop_index("ix_review_unanswered", table_name="review")
    op.drop_constraint(op.f("ck_review_expired_when"), "review", type_="check")
    _allow(STATES, MOVES)
    for column in (*SUGGESTED, "expired_at", "answer_due_on"):
        op.drop_column("review", column)
    for table in (
        "review_alternate", "reviewer_declaration", "reviewer_absence", "reviewer_expertise", "reviewer_profile",
    ):  # fmt: skip
        op.drop_table(table)
