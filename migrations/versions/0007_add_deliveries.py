"""Add deliveries: one row per message that is to leave."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('delivery',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('notification', sa.Text(), nullable=False),
    sa.Column('recipient', sa.Text(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=True),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('is_urgent', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_delivery_sent_when')),
    sa.CheckConstraint("state IN ('waiting', 'sent', 'parked')", name=op.f('ck_delivery_state_known')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_delivery_event_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_delivery_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('event_id', 'notification', 'recipient', name='uq_delivery_once')
    )
    op.create_index('ix_delivery_due', 'delivery', ['next_attempt_at', 'id'], unique=False, postgresql_where=sa.text("state = 'waiting'"))
    op.create_index('ix_delivery_person_id_id', 'delivery', ['person_id', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_delivery_person_id_id', table_name='delivery')
    op.drop_index('ix_delivery_due', table_name='delivery', postgresql_where=sa.text("state = 'waiting'"))
    op.drop_table('delivery')
