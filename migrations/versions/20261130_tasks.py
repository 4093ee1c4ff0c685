"""tasks"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table('task_series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('terms', sa.JSON(), nullable=False),
    sa.Column('weekdays', sa.JSON(), nullable=False),
    sa.Column('minute', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('next_day', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('minute BETWEEN 0 AND 1439', name=op.f('ck_task_series_minute')),
    sa.CheckConstraint('minutes BETWEEN 30 AND 1440', name=op.f('ck_task_series_minutes')),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_task_series_author_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_task_series_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_series'))
    )
    with op.batch_alter_table('task_series', schema=None) as batch_op:
        batch_op.create_index('ix_task_series_next', ['next_day'], unique=False, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.create_index('ix_task_series_organisation', ['organisation_id', 'id'], unique=False)

    op.create_table('tasks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('title_zh', sa.String(length=60), nullable=False),
    sa.Column('title_en', sa.String(length=80), nullable=False),
    sa.Column('words_zh', sa.Text(), nullable=False),
    sa.Column('words_en', sa.Text(), nullable=False),
    sa.Column('five_role', sa.String(length=20), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('radius_m', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('needed', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('accepted', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('cost', sa.Integer(), nullable=False),
    sa.Column('claim_minutes', sa.Integer(), nullable=False),
    sa.Column('proof', sa.JSON(), nullable=False),
    sa.Column('min_star', sa.Integer(), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('distance_m', sa.Integer(), nullable=True),
    sa.Column('for_companies', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('series_id', sa.Integer(), nullable=True),
    sa.Column('series_day', sa.Date(), nullable=True),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('accepted BETWEEN 0 AND taken', name=op.f('ck_tasks_accepted')),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_tasks_ends_at')),
    sa.CheckConstraint('latitude BETWEEN -90 AND 90', name=op.f('ck_tasks_latitude')),
    sa.CheckConstraint('longitude BETWEEN -180 AND 180', name=op.f('ck_tasks_longitude')),
    sa.CheckConstraint('points BETWEEN 0 AND 1000', name=op.f('ck_tasks_points')),
    sa.CheckConstraint('taken BETWEEN 0 AND needed', name=op.f('ck_tasks_taken')),
    sa.ForeignKeyConstraint(['area_id'], ['organisations.id'], name=op.f('fk_tasks_area_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_tasks_author_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['case_id'], ['reports.id'], name=op.f('fk_tasks_case_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_tasks_organisation_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['series_id'], ['task_series.id'], name=op.f('fk_tasks_series_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tasks')),
    sa.UniqueConstraint('series_id', 'series_day', name=op.f('uq_tasks_series_id_series_day'))
    )
    with op.batch_alter_table('tasks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tasks_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_tasks_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_tasks_state_ends', ['state', 'ends_at', 'id'], unique=False)
        batch_op.create_index('ix_tasks_organisation', ['organisation_id', 'state', 'id'], unique=False)
        batch_op.create_index('ix_tasks_reserved', ['organisation_id'], unique=False, sqlite_where=sa.text("state = 'open' OR taken > accepted"), postgresql_where=sa.text("state = 'open' OR taken > accepted"))
        batch_op.create_index('ix_tasks_state', ['state', 'id'], unique=False)

    op.create_table('task_claims',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('rider_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claims', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('key', sa.String(length=36), nullable=True),
    sa.Column('captured_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('accuracy_m', sa.Double(), nullable=True),
    sa.Column('away_m', sa.Integer(), nullable=True),
    sa.Column('marks', sa.JSON(), nullable=False),
    sa.Column('checker_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['checker_id'], ['users.id'], name=op.f('fk_task_claims_checker_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_task_claims_report_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['rider_id'], ['users.id'], name=op.f('fk_task_claims_rider_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_task_claims_task_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_claims')),
    sa.UniqueConstraint('key', name=op.f('uq_task_claims_key')),
    sa.UniqueConstraint('report_id', name=op.f('uq_task_claims_report_id')),
    sa.UniqueConstraint('task_id', 'rider_id', name=op.f('uq_task_claims_task_id_rider_id'))
    )
    with op.batch_alter_table('task_claims', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_claims_checker_id'), ['checker_id'], unique=False)
        batch_op.create_index('ix_task_claims_due', ['due_at', 'id'], unique=False, sqlite_where=sa.text("state IN ('claimed', 'sent_back')"), postgresql_where=sa.text("state IN ('claimed', 'sent_back')"))
        batch_op.create_index('ix_task_claims_handed_in', ['handed_in_at'], unique=False)
        batch_op.create_index('ix_task_claims_rider', ['rider_id', 'state', 'due_at'], unique=False)
        batch_op.create_index('ix_task_claims_rider_moved', ['rider_id', 'moved_at'], unique=False)
        batch_op.create_index('ix_task_claims_state', ['task_id', 'state'], unique=False)
        batch_op.create_index('ix_task_claims_waiting', ['moved_at', 'id'], unique=False, sqlite_where=sa.text("state IN ('handed_in', 'appealed')"), postgresql_where=sa.text("state IN ('handed_in', 'appealed')"))

    op.create_table('task_companies',
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('company_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['organisations.id'], name=op.f('fk_task_companies_company_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_task_companies_task_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('task_id', 'company_id', name=op.f('pk_task_companies'))
    )
    with op.batch_alter_table('task_companies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_companies_company_id'), ['company_id'], unique=False)

    op.create_table('task_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('step', sa.String(length=12), nullable=False),
    sa.Column('to_state', sa.String(length=10), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_task_events_actor_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_task_events_task_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_events'))
    )
    with op.batch_alter_table('task_events', schema=None) as batch_op:
        batch_op.create_index('ix_task_events_task', ['task_id', 'id'], unique=False)

    op.create_table('task_claim_answers',
    sa.Column('claim_id', sa.Integer(), nullable=False),
    sa.Column('attempt', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('question', sa.String(length=120), nullable=False),
    sa.Column('answer', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['claim_id'], ['task_claims.id'], name=op.f('fk_task_claim_answers_claim_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('claim_id', 'attempt', 'position', name=op.f('pk_task_claim_answers'))
    )
    op.create_table('task_claim_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('claim_id', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('step', sa.String(length=12), nullable=False),
    sa.Column('to_state', sa.String(length=10), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_task_claim_events_actor_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['claim_id'], ['task_claims.id'], name=op.f('fk_task_claim_events_claim_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_claim_events'))
    )
    with op.batch_alter_table('task_claim_events', schema=None) as batch_op:
        batch_op.create_index('ix_task_claim_events_claim', ['claim_id', 'id'], unique=False)

    op.create_table('task_claim_photos',
    sa.Column('claim_id', sa.Integer(), nullable=False),
    sa.Column('attempt', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['claim_id'], ['task_claims.id'], name=op.f('fk_task_claim_photos_claim_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['sha256'], ['photos.sha256'], name=op.f('fk_task_claim_photos_sha256'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('claim_id', 'attempt', 'position', name=op.f('pk_task_claim_photos'))
    )
    with op.batch_alter_table('task_claim_photos', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_claim_photos_sha256'), ['sha256'], unique=False)

    with op.batch_alter_table('point_occurrences', schema=None) as batch_op:
        batch_op.add_column(sa.Column('payer_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_point_occurrences_payer_id'), 'organisations', ['payer_id'], ['id'], ondelete='RESTRICT')
        batch_op.create_index('ix_point_occurrences_payer', ['payer_id'], unique=False, sqlite_where=sa.text("outcome = 'waiting' AND payer_id IS NOT NULL"), postgresql_where=sa.text("outcome = 'waiting' AND payer_id IS NOT NULL"))


def downgrade() -> None:
    with op.batch_alter_table('point_occurrences', schema=None) as batch_op:
        batch_op.drop_index('ix_point_occurrences_payer')
        batch_op.drop_constraint(batch_op.f('fk_point_occurrences_payer_id'), type_='foreignkey')
        batch_op.drop_column('payer_id')
    with op.batch_alter_table('task_claim_photos', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_task_claim_photos_sha256'))

    op.drop_table('task_claim_photos')
    with op.batch_alter_table('task_claim_events', schema=None) as batch_op:
        batch_op.drop_index('ix_task_claim_events_claim')

    op.drop_table('task_claim_events')
    op.drop_table('task_claim_answers')
    with op.batch_alter_table('task_events', schema=None) as batch_op:
        batch_op.drop_index('ix_task_events_task')

    op.drop_table('task_events')
    with op.batch_alter_table('task_companies', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_task_companies_company_id'))

    op.drop_table('task_companies')
    with op.batch_alter_table('task_claims', schema=None) as batch_op:
        batch_op.drop_index('ix_task_claims_waiting', sqlite_where=sa.text("state IN ('handed_in', 'appealed')"), postgresql_where=sa.text("state IN ('handed_in', 'appealed')"))
        batch_op.drop_index('ix_task_claims_state')
        batch_op.drop_index('ix_task_claims_rider_moved')
        batch_op.drop_index('ix_task_claims_rider')
        batch_op.drop_index('ix_task_claims_handed_in')
        batch_op.drop_index('ix_task_claims_due', sqlite_where=sa.text("state IN ('claimed', 'sent_back')"), postgresql_where=sa.text("state IN ('claimed', 'sent_back')"))
        batch_op.drop_index(batch_op.f('ix_task_claims_checker_id'))

    op.drop_table('task_claims')
    with op.batch_alter_table('tasks', schema=None) as batch_op:
        batch_op.drop_index('ix_tasks_state')
        batch_op.drop_index('ix_tasks_reserved', sqlite_where=sa.text("state = 'open' OR taken > accepted"), postgresql_where=sa.text("state = 'open' OR taken > accepted"))
        batch_op.drop_index('ix_tasks_organisation')
        batch_op.drop_index('ix_tasks_state_ends')
        batch_op.drop_index(batch_op.f('ix_tasks_case_id'))
        batch_op.drop_index(batch_op.f('ix_tasks_area_id'))

    op.drop_table('tasks')
    with op.batch_alter_table('task_series', schema=None) as batch_op:
        batch_op.drop_index('ix_task_series_organisation')
        batch_op.drop_index('ix_task_series_next', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.drop_table('task_series')
