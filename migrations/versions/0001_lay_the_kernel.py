"""Lay the kernel: event log, outbox, chain, files, switches, heartbeats."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name in ("btree_gist", "unaccent", "pg_trgm"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
    # The role of web and workers: it owns nothing, so it can neither alter a table nor switch a trigger off.
    op.execute("GRANT USAGE ON SCHEMA public TO portal_app")
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app")
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO portal_app")
    op.execute("GRANT SELECT ON alembic_version TO portal_app")
    op.execute(
        """
        CREATE FUNCTION refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION '% may not move from % to %', TG_TABLE_NAME, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.BigInteger()),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("acting_for", sa.BigInteger()),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("payload", JSONB(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("natural_key", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.UniqueConstraint("natural_key", name="uq_event_natural_key"),
    )
    op.create_index("ix_event_subject_subject_id_id", "event", ["subject", "subject_id", "id"])
    op.create_index("ix_event_topic_id", "event", ["topic", "id"])
    op.create_index("ix_event_actor_id_id", "event", ["actor_id", "id"])
    op.create_table(
        "outbox",
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", MOMENT, nullable=False),
        sa.Column("parked_at", MOMENT),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_outbox"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_outbox_event_id"),
    )
    op.create_index(
        "ix_outbox_due", "outbox", ["next_attempt_at", "event_id"], postgresql_where=sa.text("is_open")
    )
    op.create_table(
        "event_chain",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_event_chain"),
        sa.UniqueConstraint("event_id", name="uq_event_chain_event_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_chain_event_id"),
    )
    for table in ("event", "event_chain"):
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM portal_app")
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeat"),
    )
    op.create_table(
        "switch",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by_id", sa.BigInteger()),
        sa.PrimaryKeyConstraint("name", name="pk_switch"),
        sa.UniqueConstraint("number", name="uq_switch_number"),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("uploaded_by_id", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_stored_file"),
        sa.UniqueConstraint("key", name="uq_stored_file_key"),
        sa.CheckConstraint("state IN ('held', 'clean', 'refused')", name=op.f("ck_stored_file_state_known")),
        sa.CheckConstraint("size > 0", name=op.f("ck_stored_file_not_empty")),
    )


def downgrade() -> None:
    for table in ("stored_file", "switch", "heartbeat", "event_chain", "outbox", "event"):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP FUNCTION refuse_move()")
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM portal_app")
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM portal_app")
