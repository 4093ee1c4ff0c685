"""deliveries"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'


def upgrade() -> None:
    op.create_table('notification_wordings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title_zh', sa.String(length=60), nullable=False),
    sa.Column('title_en', sa.String(length=60), nullable=False),
    sa.Column('body_zh', sa.Text(), nullable=False),
    sa.Column('body_en', sa.Text(), nullable=False),
    sa.Column('recalled_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification_wordings'))
    )
    op.create_table('push_services',
    sa.Column('origin', sa.String(length=120), nullable=False),
    sa.Column('paused_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.PrimaryKeyConstraint('origin', name=op.f('pk_push_services'))
    )
    op.create_table('turns',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_turns'))
    )
    op.create_table('announcements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('wording_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('audience', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('send_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cursor', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('written', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recalled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_announcements_author_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_announcements_organisation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['wording_id'], ['notification_wordings.id'], name=op.f('fk_announcements_wording_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcements'))
    )
    with op.batch_alter_table('announcements', schema=None) as batch_op:
        batch_op.create_index('ix_announcements_due', ['send_at'], unique=False, sqlite_where=sa.text("state IN ('scheduled', 'sending')"), postgresql_where=sa.text("state IN ('scheduled', 'sending')"))
        batch_op.create_index('ix_announcements_organisation', ['organisation_id', 'id'], unique=False)

    op.create_table('muted_topics',
    sa.Column('user_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('topic', sa.String(length=20), nullable=False),
    sa.Column('muted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_muted_topics_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'topic', name=op.f('pk_muted_topics'))
    )
    op.create_table('notification_preferences',
    sa.Column('user_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('quiet', sa.Boolean(), nullable=False),
    sa.Column('quiet_from', sa.Integer(), nullable=False),
    sa.Column('quiet_until', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notification_preferences_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_notification_preferences'))
    )
    op.create_table('announcement_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('announcement_id', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('step', sa.String(length=12), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_announcement_events_actor_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcements.id'], name=op.f('fk_announcement_events_announcement_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement_events'))
    )
    with op.batch_alter_table('announcement_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_announcement_events_announcement_id'), ['announcement_id'], unique=False)

    op.create_table('push_subscriptions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('device_id', sa.Integer(), nullable=False),
    sa.Column('endpoint', sa.Text(), nullable=False),
    sa.Column('endpoint_hash', sa.String(length=64), nullable=False),
    sa.Column('origin', sa.String(length=120), nullable=False),
    sa.Column('p256dh', sa.String(length=100), nullable=False),
    sa.Column('auth', sa.String(length=40), nullable=False),
    sa.Column('key_id', sa.String(length=16), nullable=False),
    sa.Column('site', sa.String(length=120), nullable=False),
    sa.Column('locale', sa.String(length=10), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['device_id'], ['devices.id'], name=op.f('fk_push_subscriptions_device_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_push_subscriptions_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_push_subscriptions')),
    sa.UniqueConstraint('endpoint_hash', name=op.f('uq_push_subscriptions_endpoint_hash'))
    )
    with op.batch_alter_table('push_subscriptions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_push_subscriptions_device_id'), ['device_id'], unique=False)
        batch_op.create_index('ix_push_subscriptions_user', ['user_id'], unique=False)

    op.create_table('deliveries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('way', sa.String(length=8), nullable=False),
    sa.Column('notification_id', sa.Integer(), nullable=True),
    sa.Column('digest_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('subscription_id', sa.Integer(), nullable=True),
    sa.Column('origin', sa.String(length=120), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('work_state', sa.String(length=12), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(length=200), nullable=True),
    sa.ForeignKeyConstraint(['notification_id'], ['notifications.id'], name=op.f('fk_deliveries_notification_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['subscription_id'], ['push_subscriptions.id'], name=op.f('fk_deliveries_subscription_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_deliveries_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliveries')),
    sa.UniqueConstraint('notification_id', 'way', 'subscription_id', name=op.f('uq_deliveries_notification_id_way_subscription_id')),
    sa.UniqueConstraint('subscription_id', 'digest_from', name=op.f('uq_deliveries_subscription_id_digest_from'))
    )
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.create_index('ix_deliveries_due', ['next_try_at', 'id'], unique=False, sqlite_where=sa.text("work_state = 'pending'"), postgresql_where=sa.text("work_state = 'pending'"))
        batch_op.create_index('ix_deliveries_failed', ['id'], unique=False, sqlite_where=sa.text("work_state = 'failed'"), postgresql_where=sa.text("work_state = 'failed'"))
        batch_op.create_index('ix_deliveries_subscription', ['subscription_id'], unique=False)
        batch_op.create_index('ix_deliveries_user', ['user_id', 'created_at'], unique=False)

    op.add_column('badges', sa.Column('warned_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.add_column(sa.Column('wording_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('spread_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_notifications_unspread', ['id'], unique=False, sqlite_where=sa.text('spread_at IS NULL'), postgresql_where=sa.text('spread_at IS NULL'))
        batch_op.create_index('ix_notifications_wording', ['wording_id', 'user_id'], unique=True, sqlite_where=sa.text('wording_id IS NOT NULL'), postgresql_where=sa.text('wording_id IS NOT NULL'))
        batch_op.create_foreign_key(batch_op.f('fk_notifications_wording_id'), 'notification_wordings', ['wording_id'], ['id'], ondelete='CASCADE')
    # What was written before anything was sent stays where it is: in the message centre.
    op.execute('UPDATE notifications SET spread_at = created_at')



def downgrade() -> None:
    # Not by making the table anew: what keeps its numbers from coming twice would be lost.
    op.execute('ALTER TABLE badges DROP COLUMN warned_at')

    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notifications_wording_id'), type_='foreignkey')
        batch_op.drop_index('ix_notifications_wording', sqlite_where=sa.text('wording_id IS NOT NULL'), postgresql_where=sa.text('wording_id IS NOT NULL'))
        batch_op.drop_index('ix_notifications_unspread', sqlite_where=sa.text('spread_at IS NULL'), postgresql_where=sa.text('spread_at IS NULL'))
        batch_op.drop_column('shown_at')
        batch_op.drop_column('spread_at')
        batch_op.drop_column('wording_id')

    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.drop_index('ix_deliveries_user')
        batch_op.drop_index('ix_deliveries_subscription')
        batch_op.drop_index('ix_deliveries_failed', sqlite_where=sa.text("work_state = 'failed'"), postgresql_where=sa.text("work_state = 'failed'"))
        batch_op.drop_index('ix_deliveries_due', sqlite_where=sa.text("work_state = 'pending'"), postgresql_where=sa.text("work_state = 'pending'"))

    op.drop_table('deliveries')
    with op.batch_alter_table('push_subscriptions', schema=None) as batch_op:
        batch_op.drop_index('ix_push_subscriptions_user')
        batch_op.drop_index(batch_op.f('ix_push_subscriptions_device_id'))

    op.drop_table('push_subscriptions')
    with op.batch_alter_table('announcement_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_announcement_events_announcement_id'))

    op.drop_table('announcement_events')
    op.drop_table('notification_preferences')
    op.drop_table('muted_topics')
    with op.batch_alter_table('announcements', schema=None) as batch_op:
        batch_op.drop_index('ix_announcements_organisation')
        batch_op.drop_index('ix_announcements_due', sqlite_where=sa.text("state IN ('scheduled', 'sending')"), postgresql_where=sa.text("state IN ('scheduled', 'sending')"))

    op.drop_table('announcements')
    op.drop_table('turns')
    op.drop_table('push_services')
    op.drop_table('notification_wordings')
