"""Add reviews, conflicts, consensus and stored assessments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('assessment',
    sa.Column('application_id', sa.BigInteger(), nullable=False),
    sa.Column('round_id', sa.BigInteger(), nullable=False),
    sa.Column('invited_count', sa.Integer(), nullable=False),
    sa.Column('submitted_count', sa.Integer(), nullable=False),
    sa.Column('total', sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column('lowest_total', sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column('highest_total', sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column('spread', sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column('criteria', JSONB(), nullable=False),
    sa.Column('totals', JSONB(), nullable=False),
    sa.Column('submitted_by', JSONB(), nullable=False),
    sa.Column('missed', JSONB(), nullable=False),
    sa.Column('has_all_reviews', sa.Boolean(), nullable=False),
    sa.Column('needs_consensus', sa.Boolean(), nullable=False),
    sa.Column('has_consensus', sa.Boolean(), nullable=False),
    sa.Column('is_complete', sa.Boolean(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_assessment_application_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_assessment_round_id')),
    sa.PrimaryKeyConstraint('application_id', name=op.f('pk_assessment'))
    )
    op.create_index('ix_assessment_round_id_total', 'assessment', ['round_id', sa.literal_column('total DESC NULLS LAST'), 'application_id'], unique=False)
    op.create_table('conflict',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('application_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=True),
    sa.Column('explanation', sa.Text(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('member', 'same_round', 'declared')", name=op.f('ck_conflict_kind_known')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_conflict_application_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_conflict_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_conflict_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflict')),
    sa.UniqueConstraint('application_id', 'person_id', 'kind', name=op.f('uq_conflict_application_id_person_id_kind'))
    )
    op.create_table('consensus',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('application_id', sa.BigInteger(), nullable=False),
    sa.Column('causes', JSONB(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recorded_by_id', sa.BigInteger(), nullable=True),
    sa.Column('scores', JSONB(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('total', sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('(recorded_at IS NULL) = (total IS NULL)', name=op.f('ck_consensus_recorded_when')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_consensus_application_id')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_consensus_recorded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consensus')),
    sa.UniqueConstraint('application_id', name=op.f('uq_consensus_application_id'))
    )
    op.create_table('review',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('application_id', sa.BigInteger(), nullable=False),
    sa.Column('round_id', sa.BigInteger(), nullable=False),
    sa.Column('reviewer_id', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('invited_by_id', sa.BigInteger(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decline_reason', sa.Text(), nullable=True),
    sa.Column('drafting_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reopened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reopen_reason', sa.Text(), nullable=True),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seal_reason', sa.Text(), nullable=True),
    sa.Column('scores', JSONB(), nullable=False),
    sa.Column('strengths', sa.Text(), nullable=False),
    sa.Column('weaknesses', sa.Text(), nullable=False),
    sa.Column('private_note', sa.Text(), nullable=False),
    sa.Column('total', sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'sealed') = (sealed_at IS NOT NULL)", name=op.f('ck_review_sealed_when')),
    sa.CheckConstraint("state <> 'submitted' OR (submitted_at IS NOT NULL AND total IS NOT NULL)", name=op.f('ck_review_submitted_when')),
    sa.CheckConstraint("state IN ('invited', 'accepted', 'declined', 'drafting', 'submitted', 'reopened', 'sealed')", name=op.f('ck_review_state_known')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_review_application_id')),
    sa.ForeignKeyConstraint(['invited_by_id'], ['person.id'], name=op.f('fk_review_invited_by_id')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['person.id'], name=op.f('fk_review_reviewer_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_review_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    sa.UniqueConstraint('application_id', 'reviewer_id', name=op.f('uq_review_application_id_reviewer_id'))
    )
    op.create_index('ix_review_reviewer_id_due_on_id', 'review', ['reviewer_id', 'due_on', 'id'], unique=False)
    op.create_index('ix_review_round_id_reviewer_id_state', 'review', ['round_id', 'reviewer_id', 'state'], unique=False)
    op.create_table('review_version',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('review_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', JSONB(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_review_version_review_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_version')),
    sa.UniqueConstraint('review_id', 'number', name=op.f('uq_review_version_review_id_number'))
    )
    op.execute(
        """
        CREATE TRIGGER review_moves BEFORE UPDATE OF state ON review FOR EACH ROW WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('accepted', 'declined'), ('accepted', 'drafting'), ('accepted', 'sealed'), ('drafting', 'declined'), ('drafting', 'sealed'), ('drafting', 'submitted'), ('invited', 'accepted'), ('invited', 'declined'), ('invited', 'sealed'), ('reopened', 'sealed'), ('reopened', 'submitted'), ('submitted', 'reopened'), ('submitted', 'sealed'))) EXECUTE FUNCTION refuse_move()
        """
    )


def downgrade() -> None:
    op.drop_table('review_version')
    op.drop_index('ix_review_round_id_reviewer_id_state', table_name='review')
    op.drop_index('ix_review_reviewer_id_due_on_id', table_name='review')
    op.drop_table('review')
    op.drop_table('consensus')
    op.drop_table('conflict')
    op.drop_index('ix_assessment_round_id_total', table_name='assessment')
    op.drop_table('assessment')
