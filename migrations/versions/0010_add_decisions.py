"""Add rankings, decisions and their conditions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('ranking',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('round_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('computed_by_id', sa.BigInteger(), nullable=True),
    sa.Column('policy', sa.Text(), nullable=False),
    sa.Column('budget_amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('requested_amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('awarded_amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('row_count', sa.Integer(), nullable=False),
    sa.Column('fundable_count', sa.Integer(), nullable=False),
    sa.Column('award_count', sa.Integer(), nullable=False),
    sa.Column('line_position', sa.Integer(), nullable=False),
    sa.Column('envelope_left_amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['computed_by_id'], ['person.id'], name=op.f('fk_ranking_computed_by_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_ranking_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ranking')),
    sa.UniqueConstraint('round_id', 'number', name=op.f('uq_ranking_round_id_number'))
    )
    op.create_table('decision',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('application_id', sa.BigInteger(), nullable=False),
    sa.Column('round_id', sa.BigInteger(), nullable=False),
    sa.Column('ranking_id', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('reserve_position', sa.Integer(), nullable=True),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('prepared_by_id', sa.BigInteger(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by_id', sa.BigInteger(), nullable=True),
    sa.Column('number', sa.Text(), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('signed_by', sa.Text(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_due_on', sa.Date(), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decline_reason', sa.Text(), nullable=True),
    sa.Column('lapsed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lapse_reason', sa.Text(), nullable=True),
    sa.Column('promoted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(outcome IN ('approved', 'conditional')) = (amount > 0)", name=op.f('ck_decision_amount_with_award')),
    sa.CheckConstraint("outcome IN ('approved', 'conditional', 'reserve', 'refused')", name=op.f('ck_decision_outcome_known')),
    sa.CheckConstraint("state IN ('pending', 'confirmed') OR (number IS NOT NULL AND published_at IS NOT NULL)", name=op.f('ck_decision_published_when')),
    sa.CheckConstraint("state IN ('pending', 'confirmed', 'published', 'accepted', 'declined', 'lapsed')", name=op.f('ck_decision_state_known')),
    sa.CheckConstraint('confirmed_by_id IS NULL OR confirmed_by_id <> prepared_by_id', name=op.f('ck_decision_two_persons')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_decision_application_id')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['person.id'], name=op.f('fk_decision_confirmed_by_id')),
    sa.ForeignKeyConstraint(['prepared_by_id'], ['person.id'], name=op.f('fk_decision_prepared_by_id')),
    sa.ForeignKeyConstraint(['ranking_id'], ['ranking.id'], name=op.f('fk_decision_ranking_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_decision_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision')),
    sa.UniqueConstraint('application_id', name=op.f('uq_decision_application_id')),
    sa.UniqueConstraint('number', name=op.f('uq_decision_number'))
    )
    op.create_index('ix_decision_round_id_state', 'decision', ['round_id', 'state'], unique=False)
    op.create_index(
        'ix_decision_answer_due_on', 'decision', ['answer_due_on'], unique=False,
        postgresql_where=sa.text("state = 'published' AND answer_due_on IS NOT NULL"),
    )
    op.create_table('ranking_row',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('ranking_id', sa.BigInteger(), nullable=False),
    sa.Column('application_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=True),
    sa.Column('total', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('requested_amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('proposed_amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('cumulative_amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('decided_by', sa.Text(), nullable=False),
    sa.Column('reason', JSONB(), nullable=False),
    sa.CheckConstraint("place IN ('funded', 'partial', 'reserve', 'not_fundable')", name=op.f('ck_ranking_row_place_known')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_ranking_row_application_id')),
    sa.ForeignKeyConstraint(['ranking_id'], ['ranking.id'], name=op.f('fk_ranking_row_ranking_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ranking_row')),
    sa.UniqueConstraint('ranking_id', 'application_id', name=op.f('uq_ranking_row_ranking_id_application_id')),
    sa.UniqueConstraint('ranking_id', 'position', name=op.f('uq_ranking_row_ranking_id_position'))
    )
    op.create_table('condition',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('decision_id', sa.BigInteger(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('judged_by_id', sa.BigInteger(), nullable=True),
    sa.Column('is_met', sa.Boolean(), nullable=True),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_condition_decision_id')),
    sa.ForeignKeyConstraint(['judged_by_id'], ['person.id'], name=op.f('fk_condition_judged_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_condition'))
    )
    op.create_index('ix_condition_decision_id', 'condition', ['decision_id'], unique=False)
    op.execute(
        """
        CREATE TRIGGER decision_moves BEFORE UPDATE OF state ON decision FOR EACH ROW WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('accepted', 'lapsed'), ('confirmed', 'pending'), ('confirmed', 'published'), ('pending', 'confirmed'), ('published', 'accepted'), ('published', 'declined'), ('published', 'lapsed'))) EXECUTE FUNCTION refuse_move()
        """
    )


def downgrade() -> None:
    op.drop_index('ix_condition_decision_id', table_name='condition')
    op.drop_table('condition')
    op.drop_table('ranking_row')
    op.drop_index('ix_decision_answer_due_on', table_name='decision')
    op.drop_index('ix_decision_round_id_state', table_name='decision')
    op.drop_table('decision')
    op.drop_table('ranking')
