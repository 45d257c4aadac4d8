"""Add people, organisations, claims, memberships and sign-ins."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('organisation',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('enterprise_number', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("enterprise_number ~ '^[01][0-9]{9}$'", name=op.f('ck_organisation_enterprise_number_digits')),
    sa.CheckConstraint("kind IN ('local_government', 'other_government', 'company', 'knowledge_institution', 'civil_society')", name=op.f('ck_organisation_kind_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('enterprise_number', name=op.f('uq_organisation_enterprise_number'))
    )
    op.create_table('person',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=True),
    sa.Column('roles', JSONB(), nullable=False),
    sa.Column('nonce', sa.Text(), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('email_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failed_sign_ins', sa.Integer(), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("language IN ('nl', 'en')", name=op.f('ck_person_language_known')),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_person_email_lower')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('email', name=op.f('uq_person_email'))
    )
    op.create_table('claim',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('evidence_file_id', sa.BigInteger(), nullable=True),
    sa.Column('disputed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disputed_by_id', sa.BigInteger(), nullable=True),
    sa.Column('dispute_reason', sa.Text(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('judged_by_id', sa.BigInteger(), nullable=True),
    sa.Column('judgement', sa.Text(), nullable=True),
    sa.CheckConstraint("state IN ('claimed', 'confirmed', 'refused', 'disputed')", name=op.f('ck_claim_state_known')),
    sa.ForeignKeyConstraint(['disputed_by_id'], ['person.id'], name=op.f('fk_claim_disputed_by_id')),
    sa.ForeignKeyConstraint(['evidence_file_id'], ['stored_file.id'], name=op.f('fk_claim_evidence_file_id')),
    sa.ForeignKeyConstraint(['judged_by_id'], ['person.id'], name=op.f('fk_claim_judged_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_claim_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_claim_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claim'))
    )
    op.create_index('uq_claim_standing', 'claim', ['organisation_id'], unique=True, postgresql_where=sa.text("state IN ('claimed', 'confirmed')"))
    op.create_table('membership',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('right', sa.Text(), nullable=False),
    sa.Column('granted_by_id', sa.BigInteger(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('"right" IN (\'lead\', \'staff\', \'reader\')', name=op.f('ck_membership_right_known')),
    sa.CheckConstraint('ended_at IS NULL OR ended_at >= started_at', name=op.f('ck_membership_ends_after_start')),
    sa.ForeignKeyConstraint(['granted_by_id'], ['person.id'], name=op.f('fk_membership_granted_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_membership_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_membership_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership'))
    )
    op.create_index('ix_membership_person_id', 'membership', ['person_id'], unique=False)
    op.create_index('uq_membership_present', 'membership', ['organisation_id', 'person_id'], unique=True, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('sign_in',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('token_sha256', sa.Text(), nullable=False),
    sa.Column('device', sa.Text(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acting_for_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['acting_for_id'], ['organisation.id'], name=op.f('fk_sign_in_acting_for_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_in_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_sign_in_token_sha256'))
    )
    op.create_index('ix_sign_in_person_id', 'sign_in', ['person_id'], unique=False)
    op.execute(
        """
        CREATE TRIGGER claim_moves BEFORE UPDATE OF state ON claim FOR EACH ROW WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('claimed', 'confirmed'), ('claimed', 'disputed'), ('claimed', 'refused'), ('confirmed', 'disputed'), ('disputed', 'confirmed'), ('disputed', 'refused'))) EXECUTE FUNCTION refuse_move()
        """
    )


def downgrade() -> None:
    op.drop_index('ix_sign_in_person_id', table_name='sign_in')
    op.drop_table('sign_in')
    op.drop_index('uq_membership_present', table_name='membership', postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index('ix_membership_person_id', table_name='membership')
    op.drop_table('membership')
    op.drop_index('uq_claim_standing', table_name='claim', postgresql_where=sa.text("state IN ('claimed', 'confirmed')"))
    op.drop_table('claim')
    op.drop_table('person')
    op.drop_table('organisation')
