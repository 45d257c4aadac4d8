"""Name in each request for completion what is asked: a section, the budget, a partner's part, a document."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("completion_request", sa.Column("asked", JSONB(), nullable=False, server_default="{}"))
    op.alter_column("completion_request", "asked", server_default=None)
    # What was asked before named rules only, and opened the whole application: it stays open until it is handed in.
    op.execute("""
        UPDATE completion_request SET asked = (
            SELECT coalesce(jsonb_object_agg(each.key, completion_request.message), '{}'::jsonb)
            FROM (
                SELECT section.code AS key FROM section WHERE section.application_id = completion_request.application_id
                UNION SELECT 'budget'
                UNION SELECT 'part:' || organisation_id FROM partner_part
                    WHERE partner_part.application_id = completion_request.application_id
                UNION SELECT 'document:' || kind || coalesce(':' || organisation_id, '') FROM attachment
                    WHERE attachment.application_id = completion_request.application_id
            ) AS each
        )
    """)


def downgrade() -> None:
    op.drop_column("completion_request", "asked")
