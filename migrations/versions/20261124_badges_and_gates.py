"""badges and gates"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    op.create_table('audit_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=60), nullable=False),
    sa.Column('what', sa.String(length=30), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_audit_entries_actor_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entries'))
    )
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entries_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index('ix_audit_entries_subject', ['subject', 'id'], unique=False)

    op.create_table('compound_groups',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.CheckConstraint('number BETWEEN 1 AND 65535', name=op.f('ck_compound_groups_number')),
    sa.ForeignKeyConstraint(['owner_id'], ['organisations.id'], name=op.f('fk_compound_groups_owner_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_compound_groups'))
    )
    with op.batch_alter_table('compound_groups', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_compound_groups_owner_id'), ['owner_id'], unique=False)

    op.create_table('compounds',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('closes_min', sa.Integer(), nullable=False),
    sa.Column('closed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('call', sa.String(length=32), nullable=False),
    sa.Column('map_sha256', sa.String(length=64), nullable=True),
    sa.Column('map_width', sa.Integer(), nullable=True),
    sa.Column('map_height', sa.Integer(), nullable=True),
    sa.Column('map_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('closes_min BETWEEN 0 AND 1439', name=op.f('ck_compounds_closes')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_compounds_organisation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_compounds'))
    )
    op.create_table('portraits',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_portraits_decided_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_portraits_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_portraits'))
    )
    with op.batch_alter_table('portraits', schema=None) as batch_op:
        batch_op.create_index('ix_portraits_sha256', ['sha256'], unique=False)
        batch_op.create_index('ix_portraits_state', ['state', 'id'], unique=False)
        batch_op.create_index('ix_portraits_user', ['user_id', 'id'], unique=False)

    op.create_table('badges',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('badge_id', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('device_key', sa.LargeBinary(length=33), nullable=True),
    sa.Column('device_id', sa.Integer(), nullable=True),
    sa.Column('standing', sa.String(length=12), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('renewed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('replaced_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['device_id'], ['devices.id'], name=op.f('fk_badges_device_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['replaced_by_id'], ['badges.id'], name=op.f('fk_badges_replaced_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_badges_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_badges')),
    sa.UniqueConstraint('badge_id', name=op.f('uq_badges_badge_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('badges', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_badges_device_id'), ['device_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_badges_replaced_by_id'), ['replaced_by_id'], unique=False)
        batch_op.create_index('ix_badges_standing_expires', ['standing', 'expires_at'], unique=False)
        batch_op.create_index('ix_badges_user', ['user_id', 'id'], unique=False)
        batch_op.create_index('uq_badges_one_phone', ['user_id', 'kind'], unique=True, sqlite_where=sa.text("standing != 'revoked'"), postgresql_where=sa.text("standing != 'revoked'"))

    op.create_table('buildings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('compound_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('x', sa.Double(), nullable=False),
    sa.Column('y', sa.Double(), nullable=False),
    sa.CheckConstraint('x BETWEEN 0 AND 1', name=op.f('ck_buildings_x')),
    sa.CheckConstraint('y BETWEEN 0 AND 1', name=op.f('ck_buildings_y')),
    sa.ForeignKeyConstraint(['compound_id'], ['compounds.organisation_id'], name=op.f('fk_buildings_compound_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_buildings'))
    )
    with op.batch_alter_table('buildings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_buildings_compound_id'), ['compound_id'], unique=False)

    op.create_table('compound_group_members',
    sa.Column('compound_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['compound_id'], ['organisations.id'], name=op.f('fk_compound_group_members_compound_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['number'], ['compound_groups.number'], name=op.f('fk_compound_group_members_number'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('compound_id', 'number', name=op.f('pk_compound_group_members'))
    )
    with op.batch_alter_table('compound_group_members', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_compound_group_members_number'), ['number'], unique=False)

    op.create_table('gates',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('compound_id', sa.Integer(), nullable=False),
    sa.Column('place_code', sa.String(length=16), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('radius_m', sa.Integer(), nullable=False),
    sa.Column('weekdays', sa.Integer(), nullable=False),
    sa.Column('opens_min', sa.Integer(), nullable=False),
    sa.Column('closes_min', sa.Integer(), nullable=False),
    sa.Column('live_only', sa.Boolean(), nullable=False),
    sa.Column('printed_cap', sa.Integer(), nullable=True),
    sa.Column('vehicles', sa.String(length=8), nullable=False),
    sa.Column('direction', sa.String(length=8), nullable=False),
    sa.CheckConstraint('closes_min BETWEEN 0 AND 1439', name=op.f('ck_gates_closes')),
    sa.CheckConstraint('latitude BETWEEN -90 AND 90', name=op.f('ck_gates_latitude')),
    sa.CheckConstraint('longitude BETWEEN -180 AND 180', name=op.f('ck_gates_longitude')),
    sa.CheckConstraint('opens_min BETWEEN 0 AND 1439', name=op.f('ck_gates_opens')),
    sa.CheckConstraint('weekdays BETWEEN 0 AND 127', name=op.f('ck_gates_weekdays')),
    sa.ForeignKeyConstraint(['compound_id'], ['compounds.organisation_id'], name=op.f('fk_gates_compound_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_gates_organisation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_gates')),
    sa.UniqueConstraint('place_code', name=op.f('uq_gates_place_code'))
    )
    with op.batch_alter_table('gates', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_gates_compound_id'), ['compound_id'], unique=False)

    op.create_table('holders',
    sa.Column('user_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('company_id', sa.Integer(), nullable=False),
    sa.Column('stars', sa.Integer(), nullable=False),
    sa.Column('scope', sa.Integer(), nullable=False),
    sa.Column('standing', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=True),
    sa.Column('portrait_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('scope BETWEEN 0 AND 65535', name=op.f('ck_holders_scope')),
    sa.CheckConstraint('stars BETWEEN 1 AND 5', name=op.f('ck_holders_stars')),
    sa.ForeignKeyConstraint(['company_id'], ['organisations.id'], name=op.f('fk_holders_company_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['portrait_id'], ['portraits.id'], name=op.f('fk_holders_portrait_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_holders_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_holders'))
    )
    with op.batch_alter_table('holders', schema=None) as batch_op:
        batch_op.create_index('ix_holders_company', ['company_id', 'user_id'], unique=False)
        batch_op.create_index('ix_holders_standing', ['standing', 'user_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_holders_portrait_id'), ['portrait_id'], unique=False)

    op.create_table('badge_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('badge_id', sa.Integer(), nullable=True),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_badge_events_actor_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['badge_id'], ['badges.id'], name=op.f('fk_badge_events_badge_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_badge_events_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_badge_events'))
    )
    with op.batch_alter_table('badge_events', schema=None) as batch_op:
        batch_op.create_index('ix_badge_events_badge', ['badge_id', 'at'], unique=False)
        batch_op.create_index('ix_badge_events_user', ['user_id', 'id'], unique=False)

    op.create_table('barriers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('gate_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=60), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_barriers_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['ended_by_id'], ['users.id'], name=op.f('fk_barriers_ended_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['gate_id'], ['gates.organisation_id'], name=op.f('fk_barriers_gate_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_barriers')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_barriers_token_hash'))
    )
    with op.batch_alter_table('barriers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_barriers_gate_id'), ['gate_id'], unique=False)

    op.create_table('scanner_codes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('gate_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_scanner_codes_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['gate_id'], ['gates.organisation_id'], name=op.f('fk_scanner_codes_gate_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scanner_codes')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_scanner_codes_code_hash'))
    )
    with op.batch_alter_table('scanner_codes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_scanner_codes_gate_id'), ['gate_id'], unique=False)

    op.create_table('scanners',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('gate_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('device_key', sa.LargeBinary(length=33), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seq', sa.Integer(), nullable=False),
    sa.Column('last_hash', sa.String(length=64), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_scanners_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['ended_by_id'], ['users.id'], name=op.f('fk_scanners_ended_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['gate_id'], ['gates.organisation_id'], name=op.f('fk_scanners_gate_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_scanners_user_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scanners')),
    sa.UniqueConstraint('user_id', name=op.f('uq_scanners_user_id'))
    )
    with op.batch_alter_table('scanners', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_scanners_gate_id'), ['gate_id'], unique=False)

    op.create_table('passes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=36), nullable=False),
    sa.Column('compound_id', sa.Integer(), nullable=False),
    sa.Column('gate_id', sa.Integer(), nullable=False),
    sa.Column('scanner_id', sa.Integer(), nullable=True),
    sa.Column('barrier_id', sa.Integer(), nullable=True),
    sa.Column('rider_id', sa.Integer(), nullable=True),
    sa.Column('badge_id', sa.Integer(), nullable=True),
    sa.Column('guard', sa.String(length=30), nullable=False),
    sa.Column('method', sa.String(length=8), nullable=False),
    sa.Column('direction', sa.String(length=8), nullable=False),
    sa.Column('vehicle', sa.String(length=8), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('label', sa.String(length=24), nullable=False),
    sa.Column('phone_level', sa.String(length=8), nullable=False),
    sa.Column('phone_reason', sa.String(length=20), nullable=False),
    sa.Column('phone_detail', sa.String(length=40), nullable=True),
    sa.Column('server_level', sa.String(length=8), nullable=False),
    sa.Column('server_reason', sa.String(length=20), nullable=False),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('distance_m', sa.Integer(), nullable=True),
    sa.Column('proof_time_s', sa.Integer(), nullable=True),
    sa.Column('proof_counter', sa.Integer(), nullable=True),
    sa.Column('seq', sa.Integer(), nullable=True),
    sa.Column('prev_hash', sa.String(length=64), nullable=True),
    sa.Column('statement_hash', sa.String(length=64), nullable=True),
    sa.Column('statement', sa.Text(), nullable=True),
    sa.Column('signature', sa.LargeBinary(length=64), nullable=True),
    sa.Column('chain', sa.String(length=8), nullable=False),
    sa.ForeignKeyConstraint(['badge_id'], ['badges.id'], name=op.f('fk_passes_badge_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['barrier_id'], ['barriers.id'], name=op.f('fk_passes_barrier_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['compound_id'], ['compounds.organisation_id'], name=op.f('fk_passes_compound_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['gate_id'], ['gates.organisation_id'], name=op.f('fk_passes_gate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['rider_id'], ['users.id'], name=op.f('fk_passes_rider_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['scanner_id'], ['scanners.id'], name=op.f('fk_passes_scanner_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passes')),
    sa.UniqueConstraint('key', name=op.f('uq_passes_key'))
    )
    with op.batch_alter_table('passes', schema=None) as batch_op:
        batch_op.create_index('ix_passes_at', ['at'], unique=False)
        batch_op.create_index('ix_passes_badge_at', ['badge_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_passes_barrier_id'), ['barrier_id'], unique=False)
        batch_op.create_index('ix_passes_compound_at', ['compound_id', 'at', 'id'], unique=False)
        batch_op.create_index('ix_passes_gate_at', ['gate_id', 'at', 'id'], unique=False)
        batch_op.create_index('ix_passes_rider_at', ['rider_id', 'at', 'id'], unique=False)
        batch_op.create_index('ix_passes_scanner_seq', ['scanner_id', 'seq'], unique=False)

    op.create_table('undos',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=36), nullable=False),
    sa.Column('scanner_id', sa.Integer(), nullable=False),
    sa.Column('pass_key', sa.String(length=36), nullable=False),
    sa.Column('guard', sa.String(length=30), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('prev_hash', sa.String(length=64), nullable=False),
    sa.Column('statement_hash', sa.String(length=64), nullable=False),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('signature', sa.LargeBinary(length=64), nullable=False),
    sa.Column('chain', sa.String(length=8), nullable=False),
    sa.ForeignKeyConstraint(['scanner_id'], ['scanners.id'], name=op.f('fk_undos_scanner_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_undos')),
    sa.UniqueConstraint('key', name=op.f('uq_undos_key'))
    )
    with op.batch_alter_table('undos', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_undos_pass_key'), ['pass_key'], unique=False)
        batch_op.create_index('ix_undos_scanner_seq', ['scanner_id', 'seq'], unique=False)

    op.create_table('pass_conflicts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('compound_id', sa.Integer(), nullable=False),
    sa.Column('pass_id', sa.Integer(), nullable=True),
    sa.Column('scanner_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('detail', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_by_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=True),
    sa.ForeignKeyConstraint(['compound_id'], ['compounds.organisation_id'], name=op.f('fk_pass_conflicts_compound_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['pass_id'], ['passes.id'], name=op.f('fk_pass_conflicts_pass_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['resolved_by_id'], ['users.id'], name=op.f('fk_pass_conflicts_resolved_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['scanner_id'], ['scanners.id'], name=op.f('fk_pass_conflicts_scanner_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pass_conflicts'))
    )
    with op.batch_alter_table('pass_conflicts', schema=None) as batch_op:
        batch_op.create_index('ix_pass_conflicts_compound', ['compound_id', 'resolved_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pass_conflicts_pass_id'), ['pass_id'], unique=False)
        batch_op.create_index('ix_pass_conflicts_scanner', ['scanner_id', 'kind'], unique=False)

    op.create_table('presences',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('compound_id', sa.Integer(), nullable=False),
    sa.Column('rider_id', sa.Integer(), nullable=False),
    sa.Column('pass_id', sa.Integer(), nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('left_how', sa.String(length=8), nullable=True),
    sa.ForeignKeyConstraint(['compound_id'], ['compounds.organisation_id'], name=op.f('fk_presences_compound_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['pass_id'], ['passes.id'], name=op.f('fk_presences_pass_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['rider_id'], ['users.id'], name=op.f('fk_presences_rider_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_presences'))
    )
    with op.batch_alter_table('presences', schema=None) as batch_op:
        batch_op.create_index('ix_presences_compound_entered', ['compound_id', 'entered_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_presences_pass_id'), ['pass_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_presences_rider_id'), ['rider_id'], unique=False)
        batch_op.create_index('uq_presences_inside', ['compound_id', 'rider_id'], unique=True, sqlite_where=sa.text('left_at IS NULL'), postgresql_where=sa.text('left_at IS NULL'))

    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.alter_column('phone',
               existing_type=sa.VARCHAR(length=16),
               nullable=True)
        batch_op.create_index('ix_users_name', ['name'], unique=False, postgresql_ops={'name': 'text_pattern_ops'})



def downgrade() -> None:
    # Before this step every account had a number; those of phones at gates get one that nobody has.
    op.execute("UPDATE users SET phone = 'gate' || id WHERE phone IS NULL")
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_index('ix_users_name', postgresql_ops={'name': 'text_pattern_ops'})
        batch_op.alter_column('phone',
               existing_type=sa.VARCHAR(length=16),
               nullable=False)

    with op.batch_alter_table('presences', schema=None) as batch_op:
        batch_op.drop_index('uq_presences_inside', sqlite_where=sa.text('left_at IS NULL'), postgresql_where=sa.text('left_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_presences_rider_id'))
        batch_op.drop_index(batch_op.f('ix_presences_pass_id'))
        batch_op.drop_index('ix_presences_compound_entered')

    op.drop_table('presences')
    with op.batch_alter_table('pass_conflicts', schema=None) as batch_op:
        batch_op.drop_index('ix_pass_conflicts_scanner')
        batch_op.drop_index(batch_op.f('ix_pass_conflicts_pass_id'))
        batch_op.drop_index('ix_pass_conflicts_compound')

    op.drop_table('pass_conflicts')
    with op.batch_alter_table('undos', schema=None) as batch_op:
        batch_op.drop_index('ix_undos_scanner_seq')
        batch_op.drop_index(batch_op.f('ix_undos_pass_key'))

    op.drop_table('undos')
    with op.batch_alter_table('passes', schema=None) as batch_op:
        batch_op.drop_index('ix_passes_scanner_seq')
        batch_op.drop_index('ix_passes_rider_at')
        batch_op.drop_index('ix_passes_gate_at')
        batch_op.drop_index('ix_passes_compound_at')
        batch_op.drop_index(batch_op.f('ix_passes_barrier_id'))
        batch_op.drop_index('ix_passes_badge_at')
        batch_op.drop_index('ix_passes_at')

    op.drop_table('passes')
    with op.batch_alter_table('scanners', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_scanners_gate_id'))

    op.drop_table('scanners')
    with op.batch_alter_table('scanner_codes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_scanner_codes_gate_id'))

    op.drop_table('scanner_codes')
    with op.batch_alter_table('barriers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_barriers_gate_id'))

    op.drop_table('barriers')
    with op.batch_alter_table('badge_events', schema=None) as batch_op:
        batch_op.drop_index('ix_badge_events_user')
        batch_op.drop_index('ix_badge_events_badge')

    op.drop_table('badge_events')
    with op.batch_alter_table('holders', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_holders_portrait_id'))
        batch_op.drop_index('ix_holders_standing')
        batch_op.drop_index('ix_holders_company')

    op.drop_table('holders')
    with op.batch_alter_table('gates', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_gates_compound_id'))

    op.drop_table('gates')
    with op.batch_alter_table('compound_group_members', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_compound_group_members_number'))

    op.drop_table('compound_group_members')
    with op.batch_alter_table('buildings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_buildings_compound_id'))

    op.drop_table('buildings')
    with op.batch_alter_table('badges', schema=None) as batch_op:
        batch_op.drop_index('uq_badges_one_phone', sqlite_where=sa.text("standing != 'revoked'"), postgresql_where=sa.text("standing != 'revoked'"))
        batch_op.drop_index('ix_badges_user')
        batch_op.drop_index('ix_badges_standing_expires')
        batch_op.drop_index(batch_op.f('ix_badges_replaced_by_id'))
        batch_op.drop_index(batch_op.f('ix_badges_device_id'))

    op.drop_table('badges')
    with op.batch_alter_table('portraits', schema=None) as batch_op:
        batch_op.drop_index('ix_portraits_user')
        batch_op.drop_index('ix_portraits_state')
        batch_op.drop_index('ix_portraits_sha256')

    op.drop_table('portraits')
    op.drop_table('compounds')
    with op.batch_alter_table('compound_groups', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_compound_groups_owner_id'))

    op.drop_table('compound_groups')
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_entries_subject')
        batch_op.drop_index(batch_op.f('ix_audit_entries_actor_id'))

    op.drop_table('audit_entries')
