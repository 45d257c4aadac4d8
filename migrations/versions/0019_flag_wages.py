"""Let a cost category say that it holds wages, in calls and in the terms that rounds froze."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

REWRITE = """
UPDATE {table} SET {column} = jsonb_set({column}, '{{cost_categories}}', (
  SELECT jsonb_agg({category} ORDER BY place)
  FROM jsonb_array_elements({column} -> 'cost_categories') WITH ORDINALITY AS listed(category, place)
)) WHERE jsonb_array_length({column} -> 'cost_categories') > 0
"""
FLAGGED = "CASE WHEN category ->> 'code' = 'staff' THEN category || '{\"is_wages\": true}' ELSE category END"
PLAIN = "category - 'is_wages'"


def upgrade() -> None:
    _rewrite(FLAGGED)


def downgrade() -> None:
    _rewrite(PLAIN)


def _rewrite(category: str) -> None:
    for table, column in (("call", "definition"), ("round", "terms")):
        op.execute(REWRITE.format(table=table, column=column, category=category))
