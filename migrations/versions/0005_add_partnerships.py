"""Add partnerships, partners, invitations and strategies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('partnership',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('programme_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_partnership_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partnership'))
    )
    op.create_table('partner',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('partnership_id', sa.BigInteger(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.CheckConstraint("role IN ('promotor', 'core', 'network')", name=op.f('ck_partner_role_known')),
    sa.CheckConstraint('ended_on IS NULL OR ended_on >= started_on', name=op.f('ck_partner_ends_after_start')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_partner_organisation_id')),
    sa.ForeignKeyConstraint(['partnership_id'], ['partnership.id'], name=op.f('fk_partner_partnership_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner'))
    )
    op.create_index('ix_partner_organisation_id', 'partner', ['organisation_id'], unique=False)
    op.create_index('uq_partner_one_promotor', 'partner', ['partnership_id'], unique=True, postgresql_where=sa.text("role = 'promotor' AND ended_on IS NULL"))
    op.create_index('uq_partner_present', 'partner', ['partnership_id', 'organisation_id'], unique=True, postgresql_where=sa.text('ended_on IS NULL'))
    op.create_table('partner_invitation',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('partnership_id', sa.BigInteger(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('organisation_name', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('nonce', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_by_id', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("role IN ('promotor', 'core', 'network')", name=op.f('ck_partner_invitation_role_known')),
    sa.CheckConstraint("state IN ('sent', 'accepted', 'declined', 'withdrawn')", name=op.f('ck_partner_invitation_state_known')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_partner_invitation_organisation_id')),
    sa.ForeignKeyConstraint(['partnership_id'], ['partnership.id'], name=op.f('fk_partner_invitation_partnership_id')),
    sa.ForeignKeyConstraint(['sent_by_id'], ['person.id'], name=op.f('fk_partner_invitation_sent_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_invitation'))
    )
    op.create_index('ix_partner_invitation_email', 'partner_invitation', ['email'], unique=False)
    op.create_index('ix_partner_invitation_partnership_id', 'partner_invitation', ['partnership_id'], unique=False)
    op.create_table('service_area',
    sa.Column('partnership_id', sa.BigInteger(), nullable=False),
    sa.Column('nis', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['nis'], ['municipality.nis'], name=op.f('fk_service_area_nis')),
    sa.ForeignKeyConstraint(['partnership_id'], ['partnership.id'], name=op.f('fk_service_area_partnership_id')),
    sa.PrimaryKeyConstraint('partnership_id', 'nis', name=op.f('pk_service_area'))
    )
    op.create_table('strategy',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('partnership_id', sa.BigInteger(), nullable=False),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('award_reference', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('topics', JSONB(), nullable=False),
    sa.Column('budget_and_planning', sa.Text(), nullable=False),
    sa.Column('agreement_file_id', sa.BigInteger(), nullable=True),
    sa.Column('evidence_file_id', sa.BigInteger(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recognised_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lapsed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('judged_by_id', sa.BigInteger(), nullable=True),
    sa.Column('judgement', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(origin = 'award') = (award_reference IS NOT NULL)", name=op.f('ck_strategy_award_has_reference')),
    sa.CheckConstraint("origin IN ('award', 'registered')", name=op.f('ck_strategy_origin_known')),
    sa.CheckConstraint("state IN ('being_formed', 'submitted', 'recognised', 'returned', 'refused', 'lapsed')", name=op.f('ck_strategy_state_known')),
    sa.ForeignKeyConstraint(['agreement_file_id'], ['stored_file.id'], name=op.f('fk_strategy_agreement_file_id')),
    sa.ForeignKeyConstraint(['evidence_file_id'], ['stored_file.id'], name=op.f('fk_strategy_evidence_file_id')),
    sa.ForeignKeyConstraint(['judged_by_id'], ['person.id'], name=op.f('fk_strategy_judged_by_id')),
    sa.ForeignKeyConstraint(['partnership_id'], ['partnership.id'], name=op.f('fk_strategy_partnership_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_strategy'))
    )
    op.create_index('ix_strategy_partnership_id', 'strategy', ['partnership_id'], unique=False)
    op.create_index('uq_strategy_award_reference', 'strategy', ['award_reference'], unique=True, postgresql_where=sa.text('award_reference IS NOT NULL'))
    op.execute(
        """
        CREATE TRIGGER partner_invitation_moves BEFORE UPDATE OF state ON partner_invitation FOR EACH ROW WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('sent', 'accepted'), ('sent', 'declined'), ('sent', 'withdrawn'))) EXECUTE FUNCTION refuse_move()
        """
    )
    op.execute(
        """
        CREATE TRIGGER strategy_moves BEFORE UPDATE OF state ON strategy FOR EACH ROW WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('being_formed', 'lapsed'), ('being_formed', 'submitted'), ('recognised', 'lapsed'), ('returned', 'lapsed'), ('returned', 'submitted'), ('submitted', 'lapsed'), ('submitted', 'recognised'), ('submitted', 'refused'), ('submitted', 'returned'))) EXECUTE FUNCTION refuse_move()
        """
    )


def downgrade() -> None:
    op.drop_index('uq_strategy_award_reference', table_name='strategy', postgresql_where=sa.text('award_reference IS NOT NULL'))
    op.drop_index('ix_strategy_partnership_id', table_name='strategy')
    op.drop_table('strategy')
    op.drop_table('service_area')
    op.drop_index('ix_partner_invitation_partnership_id', table_name='partner_invitation')
    op.drop_index('ix_partner_invitation_email', table_name='partner_invitation')
    op.drop_table('partner_invitation')
    op.drop_index('uq_partner_present', table_name='partner', postgresql_where=sa.text('ended_on IS NULL'))
    op.drop_index('uq_partner_one_promotor', table_name='partner', postgresql_where=sa.text("role = 'promotor' AND ended_on IS NULL"))
    op.drop_index('ix_partner_organisation_id', table_name='partner')
    op.drop_table('partner')
    op.drop_table('partnership')
