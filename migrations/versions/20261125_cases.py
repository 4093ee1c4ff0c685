"""cases"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'

INDEXES = (
    ('ix_reports_received', ['received_at', 'id'], None),
    ('ix_reports_moved', ['moved_at', 'id'], None),
    ('ix_reports_state_moved',
     ['state', 'moved_at', 'id', 'due_at', 'supervised_at', 'flagged'], None),
    ('ix_reports_department', ['department_id', 'received_at', 'id'], None),
    ('ix_reports_grid', ['grid_id', 'received_at', 'id'], None),
    ('ix_reports_category', ['category_code', 'received_at', 'id'], None),
    ('ix_reports_due', ['due_at', 'id'], 'due_at IS NOT NULL'),
    ('ix_reports_warn', ['warn_at'], 'warn_at IS NOT NULL'),
    ('ix_reports_flagged', ['received_at'], 'flagged'),
    ('ix_reports_merged_into_id', ['merged_into_id'], 'merged_into_id IS NOT NULL'),
    ('ix_reports_near', ['category_code', 'latitude', 'longitude', 'received_at'], None),
    ('ix_reports_place', ['latitude', 'longitude'], None),
    ('ix_reports_compare_at', ['compare_at'], 'compare_at IS NOT NULL'),
    ('ix_reports_supervised', ['received_at'], 'supervised_at IS NOT NULL'),
)

ON_SQLITE = {'flagged': 'flagged = 1'}
"""Conditions as SQLite must read them: word by word as in a query."""


def _fill() -> None:
    """What was written before steps had names: a report received, accepted or rejected."""
    op.execute("""
        UPDATE report_events SET step = CASE
            WHEN from_state IS NULL THEN 'receive'
            WHEN to_state = 'accepted' THEN 'accept' ELSE 'reject' END
    """)
    op.execute("""
        UPDATE reports SET
            moved_at = COALESCE(
                (SELECT max(e.at) FROM report_events e WHERE e.report_id = reports.id),
                received_at),
            version = (SELECT count(*) FROM report_events e WHERE e.report_id = reports.id)
    """)
    op.execute("""
        UPDATE reports SET filed_at = moved_at WHERE state = 'accepted'
    """)


def _simplify() -> None:
    """The three states that there were, and none of the steps past them."""
    known = "('received', 'accepted', 'rejected')"
    op.execute(f"""
        UPDATE reports SET state = CASE
            WHEN state IN ('appealed', 'withdrawn') THEN 'received' ELSE 'accepted' END
        WHERE state NOT IN {known}
    """)
    op.execute(f"""
        DELETE FROM report_event_photos WHERE event_id IN (SELECT id FROM report_events
        WHERE actor_id IS NULL OR step NOT IN ('receive', 'accept', 'reject')
            OR to_state NOT IN {known} OR from_state NOT IN {known})
    """)
    op.execute(f"""
        DELETE FROM report_events
        WHERE actor_id IS NULL OR step NOT IN ('receive', 'accept', 'reject')
            OR to_state NOT IN {known} OR from_state NOT IN {known}
    """)


def upgrade() -> None:
    op.create_table('calendar_days',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('works', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=60), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_calendar_days'))
    )
    op.create_table('answer_templates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(length=20), nullable=False),
    sa.Column('category_code', sa.String(length=8), nullable=True),
    sa.Column('name_zh', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=60), nullable=False),
    sa.Column('text_zh', sa.String(length=500), nullable=False),
    sa.Column('text_en', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['category_code'], ['categories.code'], name=op.f('fk_answer_templates_category_code'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_templates'))
    )
    with op.batch_alter_table('answer_templates', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answer_templates_step'), ['step'], unique=False)

    op.create_table('areas',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('polygon', sa.Text(), nullable=False),
    sa.Column('south', sa.Double(), nullable=False),
    sa.Column('west', sa.Double(), nullable=False),
    sa.Column('north', sa.Double(), nullable=False),
    sa.Column('east', sa.Double(), nullable=False),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_areas_organisation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_areas'))
    )
    op.create_index('ix_areas_loaded_at', 'areas', ['loaded_at'], unique=False)

    op.create_table('department_absences',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('substitute_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_department_absences_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['department_id'], ['organisations.id'], name=op.f('fk_department_absences_department_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['substitute_id'], ['organisations.id'], name=op.f('fk_department_absences_substitute_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_department_absences'))
    )
    with op.batch_alter_table('department_absences', schema=None) as batch_op:
        batch_op.create_index('ix_department_absences_department', ['department_id', 'until'], unique=False)

    op.create_table('notifications',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('url', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notifications_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notifications'))
    )
    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.create_index('ix_notifications_user', ['user_id', 'id'], unique=False)
        batch_op.create_index('ix_notifications_unread', ['user_id'], unique=False, sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))
        batch_op.create_index('ix_notifications_daily', ['created_at'], unique=False, sqlite_where=sa.text("kind = 'cases_stuck'"), postgresql_where=sa.text("kind = 'cases_stuck'"))

    op.create_table('routing_rules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group', sa.String(length=2), nullable=True),
    sa.Column('category_code', sa.String(length=8), nullable=True),
    sa.Column('area_id', sa.Integer(), nullable=True),
    sa.Column('hour_from', sa.Integer(), nullable=True),
    sa.Column('hour_to', sa.Integer(), nullable=True),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('automatic', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['area_id'], ['organisations.id'], name=op.f('fk_routing_rules_area_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['category_code'], ['categories.code'], name=op.f('fk_routing_rules_category_code'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['department_id'], ['organisations.id'], name=op.f('fk_routing_rules_department_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_routing_rules'))
    )
    with op.batch_alter_table('routing_rules', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_routing_rules_category_code'), ['category_code'], unique=False)

    op.create_table('saved_filters',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('query', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_saved_filters_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_filters')),
    sa.UniqueConstraint('user_id', 'name', name=op.f('uq_saved_filters_user_id_name'))
    )
    op.create_table('case_flags',
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('looked_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['looked_by_id'], ['users.id'], name=op.f('fk_case_flags_looked_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_case_flags_report_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('report_id', 'kind', name=op.f('pk_case_flags'))
    )
    op.create_table('case_links',
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('distance_m', sa.Integer(), nullable=True),
    sa.Column('bits', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['other_id'], ['reports.id'], name=op.f('fk_case_links_other_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_case_links_report_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('report_id', 'other_id', name=op.f('pk_case_links'))
    )
    with op.batch_alter_table('case_links', schema=None) as batch_op:
        batch_op.create_index('ix_case_links_other', ['other_id'], unique=False)

    op.create_table('case_parts',
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('task', sa.String(length=200), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['department_id'], ['organisations.id'], name=op.f('fk_case_parts_department_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_case_parts_report_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('report_id', 'department_id', name=op.f('pk_case_parts'))
    )
    with op.batch_alter_table('case_parts', schema=None) as batch_op:
        batch_op.create_index('ix_case_parts_department', ['department_id', 'done_at'], unique=False)

    op.create_table('report_event_photos',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['report_events.id'], name=op.f('fk_report_event_photos_event_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['sha256'], ['photos.sha256'], name=op.f('fk_report_event_photos_sha256'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('event_id', 'position', name=op.f('pk_report_event_photos'))
    )
    with op.batch_alter_table('report_event_photos', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_event_photos_sha256'), ['sha256'], unique=False)

    with op.batch_alter_table('categories', schema=None) as batch_op:
        batch_op.add_column(sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('photos', schema=None) as batch_op:
        batch_op.add_column(sa.Column('look', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('look_a', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('look_b', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('look_c', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('look_d', sa.Integer(), nullable=True))
        batch_op.create_index('ix_photos_look_a', ['look_a', 'created_at'], unique=False)
        batch_op.create_index('ix_photos_look_b', ['look_b', 'created_at'], unique=False)
        batch_op.create_index('ix_photos_look_c', ['look_c', 'created_at'], unique=False)
        batch_op.create_index('ix_photos_look_d', ['look_d', 'created_at'], unique=False)
        batch_op.create_index('ix_photos_unseen', ['created_at'], unique=False, sqlite_where=sa.text('look IS NULL'), postgresql_where=sa.text('look IS NULL'))

    with op.batch_alter_table('report_events', schema=None) as batch_op:
        batch_op.add_column(sa.Column('step', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('internal', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('data', sa.JSON(), nullable=True))
        batch_op.alter_column('actor_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.alter_column('from_state',
               existing_type=sa.VARCHAR(length=12),
               type_=sa.String(length=16),
               existing_nullable=True)
        batch_op.alter_column('to_state',
               existing_type=sa.VARCHAR(length=12),
               type_=sa.String(length=16),
               existing_nullable=False)

    with op.batch_alter_table('report_photos', schema=None) as batch_op:
        batch_op.add_column(sa.Column('taken_latitude', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('taken_longitude', sa.Double(), nullable=True))

    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('moved_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('resume_state', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('grid_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('street_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('department_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('filed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('dispatched_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('due_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('warn_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('left_s', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('limit_s', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('supervised_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('late', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('returns', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('reworks', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('reopenings', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('flagged', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('satisfied', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('points_earned', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('compare_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column('state',
               existing_type=sa.VARCHAR(length=12),
               type_=sa.String(length=16),
               existing_nullable=False)
        batch_op.drop_index('ix_reports_category_code')
        batch_op.create_foreign_key(batch_op.f('fk_reports_street_id'), 'organisations', ['street_id'], ['id'], ondelete='RESTRICT')
        batch_op.create_foreign_key(batch_op.f('fk_reports_department_id'), 'organisations', ['department_id'], ['id'], ondelete='RESTRICT')
        batch_op.create_foreign_key(batch_op.f('fk_reports_merged_into_id'), 'reports', ['merged_into_id'], ['id'], ondelete='RESTRICT')
        batch_op.create_foreign_key(batch_op.f('fk_reports_grid_id'), 'organisations', ['grid_id'], ['id'], ondelete='RESTRICT')

    _fill()
    with op.batch_alter_table('report_events', schema=None) as batch_op:
        batch_op.alter_column('step', existing_type=sa.String(length=20), nullable=False)
    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.alter_column('moved_at', existing_type=sa.DateTime(timezone=True), nullable=False)
        for name, columns, where in INDEXES:
            some = {} if where is None else {
                'sqlite_where': sa.text(ON_SQLITE.get(where, where)),
                'postgresql_where': sa.text(where)}
            batch_op.create_index(name, columns, unique=False, **some)


def downgrade() -> None:
    _simplify()
    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_reports_grid_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_reports_merged_into_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_reports_department_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_reports_street_id'), type_='foreignkey')
        for name, _columns, _where in INDEXES:
            batch_op.drop_index(name)
        batch_op.create_index('ix_reports_category_code', ['category_code'], unique=False)
        batch_op.alter_column('state',
               existing_type=sa.String(length=16),
               type_=sa.VARCHAR(length=12),
               existing_nullable=False)
        batch_op.drop_column('compare_at')
        batch_op.drop_column('points_earned')
        batch_op.drop_column('satisfied')
        batch_op.drop_column('flagged')
        batch_op.drop_column('reopenings')
        batch_op.drop_column('reworks')
        batch_op.drop_column('returns')
        batch_op.drop_column('late')
        batch_op.drop_column('supervised_at')
        batch_op.drop_column('limit_s')
        batch_op.drop_column('left_s')
        batch_op.drop_column('warn_at')
        batch_op.drop_column('due_at')
        batch_op.drop_column('closed_at')
        batch_op.drop_column('handled_at')
        batch_op.drop_column('dispatched_at')
        batch_op.drop_column('filed_at')
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('department_id')
        batch_op.drop_column('street_id')
        batch_op.drop_column('grid_id')
        batch_op.drop_column('resume_state')
        batch_op.drop_column('moved_at')
        batch_op.drop_column('version')

    with op.batch_alter_table('report_photos', schema=None) as batch_op:
        batch_op.drop_column('taken_longitude')
        batch_op.drop_column('taken_latitude')

    with op.batch_alter_table('report_events', schema=None) as batch_op:
        batch_op.alter_column('to_state',
               existing_type=sa.String(length=16),
               type_=sa.VARCHAR(length=12),
               existing_nullable=False)
        batch_op.alter_column('from_state',
               existing_type=sa.String(length=16),
               type_=sa.VARCHAR(length=12),
               existing_nullable=True)
        batch_op.alter_column('actor_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_column('data')
        batch_op.drop_column('internal')
        batch_op.drop_column('step')

    with op.batch_alter_table('categories', schema=None) as batch_op:
        batch_op.drop_column('changed_at')

    with op.batch_alter_table('photos', schema=None) as batch_op:
        batch_op.drop_index('ix_photos_unseen')
        batch_op.drop_index('ix_photos_look_d')
        batch_op.drop_index('ix_photos_look_c')
        batch_op.drop_index('ix_photos_look_b')
        batch_op.drop_index('ix_photos_look_a')
        batch_op.drop_column('look_d')
        batch_op.drop_column('look_c')
        batch_op.drop_column('look_b')
        batch_op.drop_column('look_a')
        batch_op.drop_column('look')

    with op.batch_alter_table('report_event_photos', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_event_photos_sha256'))

    op.drop_table('report_event_photos')
    with op.batch_alter_table('case_parts', schema=None) as batch_op:
        batch_op.drop_index('ix_case_parts_department')

    op.drop_table('case_parts')
    with op.batch_alter_table('case_links', schema=None) as batch_op:
        batch_op.drop_index('ix_case_links_other')

    op.drop_table('case_links')
    op.drop_table('case_flags')
    op.drop_table('saved_filters')
    with op.batch_alter_table('routing_rules', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_routing_rules_category_code'))

    op.drop_table('routing_rules')
    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.drop_index('ix_notifications_daily')
        batch_op.drop_index('ix_notifications_unread')
        batch_op.drop_index('ix_notifications_user')

    op.drop_table('notifications')
    with op.batch_alter_table('department_absences', schema=None) as batch_op:
        batch_op.drop_index('ix_department_absences_department')

    op.drop_table('department_absences')
    op.drop_index('ix_areas_loaded_at', 'areas')
    op.drop_table('areas')
    with op.batch_alter_table('answer_templates', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answer_templates_step'))

    op.drop_table('answer_templates')
    op.drop_table('calendar_days')
