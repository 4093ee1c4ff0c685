"""fairness"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table('fairness_cursors',
    sa.Column('source', sa.String(length=12), nullable=False),
    sa.Column('last_id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('source', name=op.f('pk_fairness_cursors'))
    )
    op.create_table('fairness_reviews',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pattern', sa.String(length=12), nullable=False),
    sa.Column('rider_id', sa.Integer(), nullable=False),
    sa.Column('about', sa.String(length=40), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=True),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('objection', sa.String(length=500), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_fairness_reviews_decided_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['other_id'], ['users.id'], name=op.f('fk_fairness_reviews_other_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['rider_id'], ['users.id'], name=op.f('fk_fairness_reviews_rider_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fairness_reviews')),
    sa.UniqueConstraint('pattern', 'rider_id', 'about', name=op.f('uq_fairness_reviews_pattern_rider_id_about'))
    )
    with op.batch_alter_table('fairness_reviews', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fairness_reviews_other_id'), ['other_id'], unique=False)
        batch_op.create_index('ix_fairness_reviews_rider', ['rider_id', 'id'], unique=False)
        batch_op.create_index('ix_fairness_reviews_state', ['state', 'id'], unique=False)

    op.create_table('fairness_deeds',
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('occurrence_id', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.ForeignKeyConstraint(['occurrence_id'], ['point_occurrences.id'], name=op.f('fk_fairness_deeds_occurrence_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['review_id'], ['fairness_reviews.id'], name=op.f('fk_fairness_deeds_review_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('review_id', 'occurrence_id', name=op.f('pk_fairness_deeds'))
    )
    with op.batch_alter_table('fairness_deeds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fairness_deeds_occurrence_id'), ['occurrence_id'], unique=False)

    op.create_table('fairness_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('step', sa.String(length=10), nullable=False),
    sa.Column('to_state', sa.String(length=10), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_fairness_events_actor_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['review_id'], ['fairness_reviews.id'], name=op.f('fk_fairness_events_review_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fairness_events'))
    )
    with op.batch_alter_table('fairness_events', schema=None) as batch_op:
        batch_op.create_index('ix_fairness_events_review', ['review_id', 'id'], unique=False)

    with op.batch_alter_table('point_occurrences', schema=None) as batch_op:
        batch_op.add_column(sa.Column('bar', sa.String(length=6), nullable=True))


def downgrade() -> None:
    op.drop_table('fairness_events')
    op.drop_table('fairness_deeds')
    op.drop_table('fairness_reviews')
    op.drop_table('fairness_cursors')

    with op.batch_alter_table('point_occurrences', schema=None) as batch_op:
        batch_op.drop_column('bar')
