"""Add applications and all that belongs to one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('application',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('round_id', sa.BigInteger(), nullable=False),
    sa.Column('partnership_id', sa.BigInteger(), nullable=False),
    sa.Column('promotor_id', sa.BigInteger(), nullable=False),
    sa.Column('strategy_id', sa.BigInteger(), nullable=True),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('begun_by_id', sa.BigInteger(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by_id', sa.BigInteger(), nullable=True),
    sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('admissible_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('inadmissible_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdraw_reason', sa.Text(), nullable=True),
    sa.Column('requested_amount', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('minimum_amount', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.Column('outcome_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('awarded_amount', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('feedback', JSONB(), nullable=True),
    sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f('ck_application_withdrawn_when')),
    sa.CheckConstraint("outcome IN ('approved', 'conditional', 'reserve', 'refused', 'declined', 'lapsed')", name=op.f('ck_application_outcome_known')),
    sa.CheckConstraint("state = 'draft' OR state = 'withdrawn' OR submitted_at IS NOT NULL", name=op.f('ck_application_submitted_when')),
    sa.CheckConstraint("state IN ('draft', 'submitted', 'returned', 'admissible', 'inadmissible', 'withdrawn')", name=op.f('ck_application_state_known')),
    sa.ForeignKeyConstraint(['begun_by_id'], ['person.id'], name=op.f('fk_application_begun_by_id')),
    sa.ForeignKeyConstraint(['partnership_id'], ['partnership.id'], name=op.f('fk_application_partnership_id')),
    sa.ForeignKeyConstraint(['promotor_id'], ['organisation.id'], name=op.f('fk_application_promotor_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_application_round_id')),
    sa.ForeignKeyConstraint(['strategy_id'], ['strategy.id'], name=op.f('fk_application_strategy_id')),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['person.id'], name=op.f('fk_application_submitted_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application')),
    sa.UniqueConstraint('reference', name=op.f('uq_application_reference')),
    sa.UniqueConstraint('round_id', 'number', name=op.f('uq_application_round_id_number'))
    )
    op.create_index('ix_application_partnership_id', 'application', ['partnership_id'], unique=False)
    op.create_index('ix_application_promotor_id', 'application', ['promotor_id'], unique=False)
    op.create_index('ix_application_round_id_state_id', 'application', ['round_id', 'state', 'id'], unique=False)
    op.create_index('uq_application_one_as_promotor', 'application', ['round_id', 'promotor_id'], unique=True, postgresql_where=sa.text("state <> 'withdrawn'"))
    op.create_index('uq_application_one_live', 'application', ['round_id', 'partnership_id'], unique=True, postgresql_where=sa.text("state <> 'withdrawn'"))
    op.create_table('attachment',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('application_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=True),
    sa.Column('file_id', sa.BigInteger(), nullable=False),
    sa.Column('attached_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_attachment_application_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_attachment_file_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_attachment_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('file_id', name=op.f('uq_attachment_file_id'))
    )
    op.create_index('ix_attachment_application_id', 'attachment', ['application_id'], unique=False)
    op.create_table('budget_line',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('application_id', sa.BigInteger(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.Numeric(precision=10, scale=2), nullable=False),
    sa.Column('unit_price_amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('explanation', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_budget_line_quantity_positive')),
    sa.CheckConstraint('unit_price_amount >= 0', name=op.f('ck_budget_line_unit_price_not_negative')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_budget_line_application_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_budget_line_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_line'))
    )
    op.create_index('ix_budget_line_application_id', 'budget_line', ['application_id'], unique=False)
    op.create_table('completion_request',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('application_id', sa.BigInteger(), nullable=False),
    sa.Column('rules', JSONB(), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_id', sa.BigInteger(), nullable=False),
    sa.Column('completed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_completion_request_application_id')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_completion_request_asked_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_completion_request'))
    )
    op.create_index('ix_completion_request_application_id', 'completion_request', ['application_id'], unique=False)
    op.create_table('judgement',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('application_id', sa.BigInteger(), nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('judged_by_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("verdict IN ('met', 'not_met', 'completion')", name=op.f('ck_judgement_verdict_known')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_judgement_application_id')),
    sa.ForeignKeyConstraint(['judged_by_id'], ['person.id'], name=op.f('fk_judgement_judged_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_judgement')),
    sa.UniqueConstraint('application_id', 'rule', name=op.f('uq_judgement_application_id_rule'))
    )
    op.create_table('partner_part',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('application_id', sa.BigInteger(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('task', sa.Text(), nullable=False),
    sa.Column('receives_funds', sa.Boolean(), nullable=False),
    sa.Column('vat_status', sa.Text(), nullable=True),
    sa.Column('recoverable_percent', sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column('earlier_aid_amount', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('declarations', JSONB(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("vat_status IN ('liable', 'exempt', 'mixed')", name=op.f('ck_partner_part_vat_status_known')),
    sa.CheckConstraint('earlier_aid_amount >= 0', name=op.f('ck_partner_part_earlier_aid_not_negative')),
    sa.CheckConstraint('recoverable_percent BETWEEN 0 AND 100', name=op.f('ck_partner_part_recoverable_percent_range')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_partner_part_application_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_partner_part_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_part')),
    sa.UniqueConstraint('application_id', 'organisation_id', name=op.f('uq_partner_part_application_id_organisation_id'))
    )
    op.create_index('ix_partner_part_organisation_id', 'partner_part', ['organisation_id'], unique=False)
    op.create_table('section',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('application_id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('answers', JSONB(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('saved_by_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_section_application_id')),
    sa.ForeignKeyConstraint(['saved_by_id'], ['person.id'], name=op.f('fk_section_saved_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_section')),
    sa.UniqueConstraint('application_id', 'code', name=op.f('uq_section_application_id_code'))
    )
    op.create_table('snapshot',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('application_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_by_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_snapshot_application_id')),
    sa.ForeignKeyConstraint(['taken_by_id'], ['person.id'], name=op.f('fk_snapshot_taken_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_snapshot')),
    sa.UniqueConstraint('application_id', 'number', name=op.f('uq_snapshot_application_id_number'))
    )
    op.create_table('unsent_text',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('application_id', sa.BigInteger(), nullable=False),
    sa.Column('section_code', sa.Text(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('answers', JSONB(), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_unsent_text_application_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_unsent_text_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unsent_text'))
    )
    op.create_index('ix_unsent_text_person_id', 'unsent_text', ['person_id'], unique=False)
    op.create_table('section_revision',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('section_id', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('answers', JSONB(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['saved_by_id'], ['person.id'], name=op.f('fk_section_revision_saved_by_id')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_section_revision_section_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_section_revision')),
    sa.UniqueConstraint('section_id', 'version', name=op.f('uq_section_revision_section_id_version'))
    )
    op.execute(
        """
        CREATE TRIGGER application_moves BEFORE UPDATE OF state ON application FOR EACH ROW WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('admissible', 'withdrawn'), ('draft', 'submitted'), ('draft', 'withdrawn'), ('returned', 'inadmissible'), ('returned', 'submitted'), ('returned', 'withdrawn'), ('submitted', 'admissible'), ('submitted', 'draft'), ('submitted', 'inadmissible'), ('submitted', 'returned'), ('submitted', 'withdrawn'))) EXECUTE FUNCTION refuse_move()
        """
    )


def downgrade() -> None:
    op.drop_table('section_revision')
    op.drop_index('ix_unsent_text_person_id', table_name='unsent_text')
    op.drop_table('unsent_text')
    op.drop_table('snapshot')
    op.drop_table('section')
    op.drop_index('ix_partner_part_organisation_id', table_name='partner_part')
    op.drop_table('partner_part')
    op.drop_table('judgement')
    op.drop_index('ix_completion_request_application_id', table_name='completion_request')
    op.drop_table('completion_request')
    op.drop_index('ix_budget_line_application_id', table_name='budget_line')
    op.drop_table('budget_line')
    op.drop_index('ix_attachment_application_id', table_name='attachment')
    op.drop_table('attachment')
    op.drop_index('uq_application_one_live', table_name='application', postgresql_where=sa.text("state <> 'withdrawn'"))
    op.drop_index('uq_application_one_as_promotor', table_name='application', postgresql_where=sa.text("state <> 'withdrawn'"))
    op.drop_index('ix_application_round_id_state_id', table_name='application')
    op.drop_index('ix_application_promotor_id', table_name='application')
    op.drop_index('ix_application_partnership_id', table_name='application')
    op.drop_table('application')
