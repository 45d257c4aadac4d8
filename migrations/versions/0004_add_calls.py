"""Add programmes, calls, form versions and rounds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('programme',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('prefix', sa.Text(), nullable=False),
    sa.Column('budget_amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('definition', JSONB(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme')),
    sa.UniqueConstraint('code', name=op.f('uq_programme_code')),
    sa.UniqueConstraint('prefix', name=op.f('uq_programme_prefix'))
    )
    op.create_table('call',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('programme_id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('letter', sa.Text(), nullable=False),
    sa.Column('definition', JSONB(), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_call_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call')),
    sa.UniqueConstraint('programme_id', 'code', name=op.f('uq_call_programme_id_code')),
    sa.UniqueConstraint('programme_id', 'letter', name=op.f('uq_call_programme_id_letter'))
    )
    op.create_table('call_answer',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('call_id', sa.BigInteger(), nullable=False),
    sa.Column('question', JSONB(), nullable=False),
    sa.Column('answer', JSONB(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_call_answer_call_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_answer'))
    )
    op.create_index('ix_call_answer_call_id_answered_on', 'call_answer', ['call_id', 'answered_on'], unique=False)
    op.create_table('call_document',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('call_id', sa.BigInteger(), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', JSONB(), nullable=False),
    sa.Column('body', JSONB(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_call_document_call_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_document')),
    sa.UniqueConstraint('call_id', 'slug', name=op.f('uq_call_document_call_id_slug'))
    )
    op.create_table('form_version',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('call_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('definition', JSONB(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_form_version_call_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_version')),
    sa.UniqueConstraint('call_id', 'number', name=op.f('uq_form_version_call_id_number'))
    )
    op.create_table('round',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('call_id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision_due_on', sa.Date(), nullable=False),
    sa.Column('projects_start_on', sa.Date(), nullable=False),
    sa.Column('budget_amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('ranking_policy', sa.Text(), nullable=False),
    sa.Column('own_minimum_months', sa.Integer(), nullable=True),
    sa.Column('own_latest_end_on', sa.Date(), nullable=True),
    sa.Column('exception_reason', sa.Text(), nullable=True),
    sa.Column('form_version_id', sa.BigInteger(), nullable=True),
    sa.Column('terms', JSONB(), nullable=True),
    sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancel_reason', sa.Text(), nullable=True),
    sa.Column('in_review_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('results_published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    postgresql.ExcludeConstraint((sa.column('call_id'), '='), (sa.text("tstzrange(opens_at, closes_at, '[)')"), '&&'), where=sa.text("state <> 'cancelled'"), using='gist', name='ex_round_no_overlap'),
    sa.CheckConstraint("(state = 'announced') <= (announced_at IS NOT NULL)", name=op.f('ck_round_announced_when')),
    sa.CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name=op.f('ck_round_cancelled_when')),
    sa.CheckConstraint("ranking_policy IN ('strict', 'skip', 'partial')", name=op.f('ck_round_ranking_policy_known')),
    sa.CheckConstraint("state IN ('draft', 'announced', 'cancelled')", name=op.f('ck_round_state_known')),
    sa.CheckConstraint('budget_amount > 0', name=op.f('ck_round_budget_positive')),
    sa.CheckConstraint('closes_at > opens_at', name=op.f('ck_round_closes_after_opening')),
    sa.CheckConstraint('projects_start_on > decision_due_on', name=op.f('ck_round_starts_after_decision')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_round_call_id')),
    sa.ForeignKeyConstraint(['form_version_id'], ['form_version.id'], name=op.f('fk_round_form_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round')),
    sa.UniqueConstraint('call_id', 'number', 'year', name=op.f('uq_round_call_id_number_year')),
    sa.UniqueConstraint('code', name=op.f('uq_round_code'))
    )
    op.create_table('round_move',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('round_id', sa.BigInteger(), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('moved_by_id', sa.BigInteger(), nullable=False),
    sa.Column('old_closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('new_closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['moved_by_id'], ['person.id'], name=op.f('fk_round_move_moved_by_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_round_move_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round_move'))
    )
    op.create_index('ix_round_move_round_id', 'round_move', ['round_id'], unique=False)
    op.execute(
        """
        CREATE TRIGGER round_moves BEFORE UPDATE OF state ON round FOR EACH ROW WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('announced', 'cancelled'), ('announced', 'draft'), ('draft', 'announced'), ('draft', 'cancelled'))) EXECUTE FUNCTION refuse_move()
        """
    )


def downgrade() -> None:
    op.drop_index('ix_round_move_round_id', table_name='round_move')
    op.drop_table('round_move')
    op.drop_table('round')
    op.drop_table('form_version')
    op.drop_table('call_document')
    op.drop_index('ix_call_answer_call_id_answered_on', table_name='call_answer')
    op.drop_table('call_answer')
    op.drop_table('call')
    op.drop_table('programme')
