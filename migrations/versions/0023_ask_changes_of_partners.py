"""Ask a change of lead partner, or that a partner leaves, of an application between its deadline and its award."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PEOPLE = {"asked_by_id": "person", "decided_by_id": "person"}
ORGANISATIONS = {"promotor_id": "organisation", "organisation_id": "organisation", "asked_for_id": "organisation"}


def upgrade() -> None:
    owners = {"application_id": "application", **ORGANISATIONS, **PEOPLE}
    op.create_table(
        "change_request",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=name == "decided_by_id") for name in owners),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("share_goes", sa.Text()),
        sa.Column("share_amount", sa.Numeric(12, 2)),
        sa.Column("asked_at", MOMENT, nullable=False),
        *(sa.Column(f"{each}_at", MOMENT) for each in ("agreed", "declined", "withdrawn", "granted", "refused")),
        sa.Column("judgement", sa.Text()),
        sa.CheckConstraint("kind IN ('promotor', 'leaving')", name=op.f("ck_change_request_kind_known")),
        sa.CheckConstraint(
            "state IN ('asked', 'agreed', 'declined', 'granted', 'refused', 'withdrawn')",
            name=op.f("ck_change_request_state_known"),
        ),
        sa.CheckConstraint("share_goes IN ('taken_over', 'given_up')", name=op.f("ck_change_request_share_goes_known")),
        sa.CheckConstraint(
            "(kind = 'leaving') = (share_goes IS NOT NULL)", name=op.f("ck_change_request_share_when")
        ),
        sa.CheckConstraint(
            "(share_goes IS NULL) = (share_amount IS NULL)", name=op.f("ck_change_request_amount_when")
        ),
        sa.CheckConstraint(
            "asked_for_id IN (promotor_id, organisation_id)", name=op.f("ck_change_request_asked_by_a_side")
        ),
        sa.CheckConstraint("organisation_id <> promotor_id", name=op.f("ck_change_request_two_sides")),
        sa.CheckConstraint(
            "(state IN ('granted', 'refused')) = (judgement IS NOT NULL AND decided_by_id IS NOT NULL)",
            name=op.f("ck_change_request_judged_when"),
        ),
        *(
            sa.ForeignKeyConstraint([name], [f"{owner}.id"], name=op.f(f"fk_change_request_{name}"))
            for name, owner in owners.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
    )
    op.create_index("ix_change_request_application_id", "change_request", ["application_id"])
    op.create_index(
        "uq_change_request_open",
        "change_request",
        ["application_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'agreed')"),
    )
    op.execute("""
        CREATE TRIGGER change_request_moves BEFORE UPDATE OF state ON change_request FOR EACH ROW WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('agreed', 'granted'), ('agreed', 'refused'), ('agreed', 'withdrawn'), ('asked', 'agreed'), ('asked', 'declined'), ('asked', 'granted'), ('asked', 'refused'), ('asked', 'withdrawn'))) EXECUTE FUNCTION refuse_move()
    """)


def downgrade() -> None:
    op.drop_table("change_request")
