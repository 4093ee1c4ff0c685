"""rewards"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table('suppliers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.String(length=60), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.Column('contact', sa.String(length=80), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suppliers')),
    sa.UniqueConstraint('name_zh', name=op.f('uq_suppliers_name_zh'))
    )
    op.create_table('rewards',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('name_zh', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=60), nullable=False),
    sa.Column('words_zh', sa.String(length=500), nullable=False),
    sa.Column('words_en', sa.String(length=800), nullable=False),
    sa.Column('cost', sa.Integer(), nullable=False),
    sa.Column('min_star', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('valid_days', sa.Integer(), nullable=False),
    sa.Column('per_rider_month', sa.Integer(), nullable=True),
    sa.Column('per_rider_total', sa.Integer(), nullable=True),
    sa.Column('supplier_id', sa.Integer(), nullable=True),
    sa.Column('price_cents', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=5), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('cost BETWEEN 1 AND 1000000', name=op.f('ck_rewards_cost')),
    sa.CheckConstraint('min_star BETWEEN 0 AND 5', name=op.f('ck_rewards_min_star')),
    sa.CheckConstraint('price_cents BETWEEN 0 AND 100000000', name=op.f('ck_rewards_price')),
    sa.CheckConstraint('until IS NULL OR until > since', name=op.f('ck_rewards_until')),
    sa.CheckConstraint('valid_days BETWEEN 1 AND 365', name=op.f('ck_rewards_valid_days')),
    sa.ForeignKeyConstraint(['supplier_id'], ['suppliers.id'], name=op.f('fk_rewards_supplier_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rewards'))
    )
    with op.batch_alter_table('rewards', schema=None) as batch_op:
        batch_op.create_index('ix_rewards_state', ['state', 'cost', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rewards_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('reward_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reward_id', sa.Integer(), nullable=True),
    sa.Column('supplier_id', sa.Integer(), nullable=True),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('step', sa.String(length=12), nullable=False),
    sa.Column('data', sa.JSON(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(reward_id IS NULL) <> (supplier_id IS NULL)', name=op.f('ck_reward_events_of')),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_reward_events_actor_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['reward_id'], ['rewards.id'], name=op.f('fk_reward_events_reward_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['supplier_id'], ['suppliers.id'], name=op.f('fk_reward_events_supplier_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reward_events'))
    )
    with op.batch_alter_table('reward_events', schema=None) as batch_op:
        batch_op.create_index('ix_reward_events_reward', ['reward_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reward_events_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('reward_pictures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reward_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['reward_id'], ['rewards.id'], name=op.f('fk_reward_pictures_reward_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reward_pictures')),
    sa.UniqueConstraint('reward_id', 'sha256', name=op.f('uq_reward_pictures_reward_id_sha256'))
    )
    with op.batch_alter_table('reward_pictures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reward_pictures_sha256'), ['sha256'], unique=False)

    op.create_table('reward_stocks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reward_id', sa.Integer(), nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=True),
    sa.Column('left', sa.Integer(), nullable=True),
    sa.Column('missing', sa.Integer(), nullable=False),
    sa.Column('offered', sa.Boolean(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('"left" IS NULL OR "left" BETWEEN 0 AND 1000000', name=op.f('ck_reward_stocks_left')),
    sa.CheckConstraint('missing >= 0 AND (missing = 0 OR "left" = 0)', name=op.f('ck_reward_stocks_missing')),
    sa.ForeignKeyConstraint(['reward_id'], ['rewards.id'], name=op.f('fk_reward_stocks_reward_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['station_id'], ['stations.organisation_id'], name=op.f('fk_reward_stocks_station_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reward_stocks')),
    sa.UniqueConstraint('reward_id', 'station_id', name=op.f('uq_reward_stocks_reward_id_station_id'))
    )
    with op.batch_alter_table('reward_stocks', schema=None) as batch_op:
        batch_op.create_index('ix_reward_stocks_station', ['station_id', 'reward_id'], unique=False)
        batch_op.create_index('uq_reward_stocks_anywhere', ['reward_id'], unique=True, sqlite_where=sa.text('station_id IS NULL'), postgresql_where=sa.text('station_id IS NULL'))

    op.create_table('service_slots',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reward_id', sa.Integer(), nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_service_slots_ends_at')),
    sa.CheckConstraint('places BETWEEN 1 AND 500', name=op.f('ck_service_slots_places')),
    sa.CheckConstraint('taken BETWEEN 0 AND places', name=op.f('ck_service_slots_taken')),
    sa.ForeignKeyConstraint(['reward_id'], ['rewards.id'], name=op.f('fk_service_slots_reward_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['station_id'], ['stations.organisation_id'], name=op.f('fk_service_slots_station_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_slots')),
    sa.UniqueConstraint('reward_id', 'station_id', 'starts_at', name=op.f('uq_service_slots_reward_id_station_id_starts_at'))
    )
    with op.batch_alter_table('service_slots', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_slots_station_id'), ['station_id'], unique=False)

    op.create_table('redemptions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=10), nullable=False),
    sa.Column('key', sa.String(length=36), nullable=False),
    sa.Column('rider_id', sa.Integer(), nullable=False),
    sa.Column('reward_id', sa.Integer(), nullable=False),
    sa.Column('stock_id', sa.Integer(), nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=True),
    sa.Column('slot_id', sa.Integer(), nullable=True),
    sa.Column('supplier_id', sa.Integer(), nullable=True),
    sa.Column('hold_id', sa.Integer(), nullable=True),
    sa.Column('cost', sa.Integer(), nullable=False),
    sa.Column('price_cents', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('code', sa.String(length=128), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('warned_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('cost > 0', name=op.f('ck_redemptions_cost')),
    sa.ForeignKeyConstraint(['hold_id'], ['point_holds.id'], name=op.f('fk_redemptions_hold_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['reward_id'], ['rewards.id'], name=op.f('fk_redemptions_reward_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['rider_id'], ['users.id'], name=op.f('fk_redemptions_rider_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['slot_id'], ['service_slots.id'], name=op.f('fk_redemptions_slot_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['station_id'], ['stations.organisation_id'], name=op.f('fk_redemptions_station_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['stock_id'], ['reward_stocks.id'], name=op.f('fk_redemptions_stock_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['supplier_id'], ['suppliers.id'], name=op.f('fk_redemptions_supplier_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_redemptions')),
    sa.UniqueConstraint('hold_id', name=op.f('uq_redemptions_hold_id')),
    sa.UniqueConstraint('number', name=op.f('uq_redemptions_number')),
    sa.UniqueConstraint('rider_id', 'key', name=op.f('uq_redemptions_rider_id_key'))
    )
    with op.batch_alter_table('redemptions', schema=None) as batch_op:
        batch_op.create_index('ix_redemptions_due', ['until', 'id'], unique=False, sqlite_where=sa.text("state = 'held'"), postgresql_where=sa.text("state = 'held'"))
        batch_op.create_index('ix_redemptions_given', ['given_at'], unique=False)
        batch_op.create_index('ix_redemptions_limits', ['rider_id', 'reward_id', 'at'], unique=False)
        batch_op.create_index('ix_redemptions_open', ['station_id', 'until'], unique=False, sqlite_where=sa.text("state = 'held'"), postgresql_where=sa.text("state = 'held'"))
        batch_op.create_index('ix_redemptions_rider', ['rider_id', 'id'], unique=False)
        batch_op.create_index('ix_redemptions_settlement', ['supplier_id', 'given_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_redemptions_slot_id'), ['slot_id'], unique=False)
        batch_op.create_index('ix_redemptions_stock', ['stock_id', 'state'], unique=False)
        batch_op.create_index('ix_redemptions_unwarned', ['until'], unique=False, sqlite_where=sa.text("state = 'held' AND warned_at IS NULL"), postgresql_where=sa.text("state = 'held' AND warned_at IS NULL"))

    op.create_table('hand_outs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=36), nullable=False),
    sa.Column('redemption_id', sa.Integer(), nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=False),
    sa.Column('host_id', sa.Integer(), nullable=False),
    sa.Column('by_number', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.Column('why', sa.String(length=13), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['users.id'], name=op.f('fk_hand_outs_host_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['redemption_id'], ['redemptions.id'], name=op.f('fk_hand_outs_redemption_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['settled_by_id'], ['users.id'], name=op.f('fk_hand_outs_settled_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['station_id'], ['stations.organisation_id'], name=op.f('fk_hand_outs_station_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_outs')),
    sa.UniqueConstraint('key', name=op.f('uq_hand_outs_key'))
    )
    with op.batch_alter_table('hand_outs', schema=None) as batch_op:
        batch_op.create_index('ix_hand_outs_host', ['host_id', 'at'], unique=False)
        batch_op.create_index('ix_hand_outs_open', ['id'], unique=False, sqlite_where=sa.text("outcome = 'conflict' AND settled_at IS NULL"), postgresql_where=sa.text("outcome = 'conflict' AND settled_at IS NULL"))
        batch_op.create_index('ix_hand_outs_outcome', ['outcome', 'id'], unique=False)
        batch_op.create_index('ix_hand_outs_redemption', ['redemption_id', 'id'], unique=False)
        batch_op.create_index('ix_hand_outs_station', ['station_id', 'id'], unique=False)
        batch_op.create_index('uq_hand_outs_taken', ['redemption_id'], unique=True, sqlite_where=sa.text("outcome <> 'conflict'"), postgresql_where=sa.text("outcome <> 'conflict'"))

    op.create_table('redemption_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('redemption_id', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('step', sa.String(length=12), nullable=False),
    sa.Column('to_state', sa.String(length=10), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_redemption_events_actor_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['redemption_id'], ['redemptions.id'], name=op.f('fk_redemption_events_redemption_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_redemption_events'))
    )
    with op.batch_alter_table('redemption_events', schema=None) as batch_op:
        batch_op.create_index('ix_redemption_events_redemption', ['redemption_id', 'id'], unique=False)

    op.create_table('stock_moves',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('stock_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=120), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('redemption_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=36), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_stock_moves_actor_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['redemption_id'], ['redemptions.id'], name=op.f('fk_stock_moves_redemption_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['stock_id'], ['reward_stocks.id'], name=op.f('fk_stock_moves_stock_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_moves')),
    sa.UniqueConstraint('key', name=op.f('uq_stock_moves_key'))
    )
    with op.batch_alter_table('stock_moves', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stock_moves_redemption_id'), ['redemption_id'], unique=False)
        batch_op.create_index('ix_stock_moves_stock', ['stock_id', 'id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('stock_moves', schema=None) as batch_op:
        batch_op.drop_index('ix_stock_moves_stock')
        batch_op.drop_index(batch_op.f('ix_stock_moves_redemption_id'))

    op.drop_table('stock_moves')
    with op.batch_alter_table('redemption_events', schema=None) as batch_op:
        batch_op.drop_index('ix_redemption_events_redemption')

    op.drop_table('redemption_events')
    with op.batch_alter_table('hand_outs', schema=None) as batch_op:
        batch_op.drop_index('uq_hand_outs_taken', sqlite_where=sa.text("outcome <> 'conflict'"), postgresql_where=sa.text("outcome <> 'conflict'"))
        batch_op.drop_index('ix_hand_outs_station')
        batch_op.drop_index('ix_hand_outs_redemption')
        batch_op.drop_index('ix_hand_outs_outcome')
        batch_op.drop_index('ix_hand_outs_open', sqlite_where=sa.text("outcome = 'conflict' AND settled_at IS NULL"), postgresql_where=sa.text("outcome = 'conflict' AND settled_at IS NULL"))
        batch_op.drop_index('ix_hand_outs_host')

    op.drop_table('hand_outs')
    with op.batch_alter_table('redemptions', schema=None) as batch_op:
        batch_op.drop_index('ix_redemptions_unwarned', sqlite_where=sa.text("state = 'held' AND warned_at IS NULL"), postgresql_where=sa.text("state = 'held' AND warned_at IS NULL"))
        batch_op.drop_index('ix_redemptions_stock')
        batch_op.drop_index(batch_op.f('ix_redemptions_slot_id'))
        batch_op.drop_index('ix_redemptions_settlement')
        batch_op.drop_index('ix_redemptions_rider')
        batch_op.drop_index('ix_redemptions_open', sqlite_where=sa.text("state = 'held'"), postgresql_where=sa.text("state = 'held'"))
        batch_op.drop_index('ix_redemptions_limits')
        batch_op.drop_index('ix_redemptions_given')
        batch_op.drop_index('ix_redemptions_due', sqlite_where=sa.text("state = 'held'"), postgresql_where=sa.text("state = 'held'"))

    op.drop_table('redemptions')
    with op.batch_alter_table('service_slots', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_service_slots_station_id'))

    op.drop_table('service_slots')
    with op.batch_alter_table('reward_stocks', schema=None) as batch_op:
        batch_op.drop_index('uq_reward_stocks_anywhere', sqlite_where=sa.text('station_id IS NULL'), postgresql_where=sa.text('station_id IS NULL'))
        batch_op.drop_index('ix_reward_stocks_station')

    op.drop_table('reward_stocks')
    with op.batch_alter_table('reward_pictures', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reward_pictures_sha256'))

    op.drop_table('reward_pictures')
    with op.batch_alter_table('reward_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reward_events_supplier_id'))
        batch_op.drop_index('ix_reward_events_reward')

    op.drop_table('reward_events')
    with op.batch_alter_table('rewards', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rewards_supplier_id'))
        batch_op.drop_index('ix_rewards_state')

    op.drop_table('rewards')
    op.drop_table('suppliers')
