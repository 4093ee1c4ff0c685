"""points"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'


# What was written in the books stays: the database itself refuses to change or delete it.
TABLES = ("point_transfers", "point_entries")
REFUSES = "the books are never changed: reverse it instead"


def _close_books() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSES}'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSES}'; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_closed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _open_books() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return  # triggers go with their tables
    for table in TABLES:
        op.execute(f"DROP TRIGGER {table}_closed ON {table}")
    op.execute("DROP FUNCTION refuse_change()")


def upgrade() -> None:
    op.create_table('point_accounts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('shard', sa.Integer(), nullable=True),
    sa.Column('balance', sa.BigInteger(), nullable=False),
    sa.Column('held', sa.BigInteger(), nullable=False),
    sa.Column('debt', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind = 'issue' OR balance >= 0", name=op.f('ck_point_accounts_balance')),
    sa.CheckConstraint('debt >= 0', name=op.f('ck_point_accounts_debt')),
    sa.CheckConstraint('held >= 0 AND (held = 0 OR held <= balance)', name=op.f('ck_point_accounts_held')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_point_accounts_organisation_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_point_accounts_user_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_point_accounts')),
    sa.UniqueConstraint('organisation_id', name=op.f('uq_point_accounts_organisation_id')),
    sa.UniqueConstraint('user_id', name=op.f('uq_point_accounts_user_id'))
    )
    with op.batch_alter_table('point_accounts', schema=None) as batch_op:
        batch_op.create_index('uq_point_accounts_shard', ['kind', 'shard'], unique=True, sqlite_where=sa.text('shard IS NOT NULL'), postgresql_where=sa.text('shard IS NOT NULL'))

    op.create_table('point_transfers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('request_hash', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('source_kind', sa.String(length=16), nullable=False),
    sa.Column('source_id', sa.String(length=40), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('reverses_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_point_transfers_actor_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['reverses_id'], ['point_transfers.id'], name=op.f('fk_point_transfers_reverses_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_point_transfers')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_point_transfers_reverses_id')),
    sa.UniqueConstraint('scope', 'key', name=op.f('uq_point_transfers_scope_key'))
    )
    with op.batch_alter_table('point_transfers', schema=None) as batch_op:
        batch_op.create_index('ix_point_transfers_at', ['at'], unique=False)
        batch_op.create_index('ix_point_transfers_source', ['source_kind', 'source_id'], unique=False)

    op.create_table('point_debts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('creditor_id', sa.Integer(), nullable=False),
    sa.Column('transfer_id', sa.Integer(), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('remaining', sa.Integer(), nullable=False),
    sa.CheckConstraint('remaining BETWEEN 0 AND amount', name=op.f('ck_point_debts_remaining')),
    sa.ForeignKeyConstraint(['account_id'], ['point_accounts.id'], name=op.f('fk_point_debts_account_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['creditor_id'], ['point_accounts.id'], name=op.f('fk_point_debts_creditor_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['transfer_id'], ['point_transfers.id'], name=op.f('fk_point_debts_transfer_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_point_debts'))
    )
    with op.batch_alter_table('point_debts', schema=None) as batch_op:
        batch_op.create_index('ix_point_debts_open', ['account_id', 'id'], unique=False, sqlite_where=sa.text('remaining > 0'), postgresql_where=sa.text('remaining > 0'))
        batch_op.create_index(batch_op.f('ix_point_debts_transfer_id'), ['transfer_id'], unique=False)

    op.create_table('point_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('transfer_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('balance_after', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount <> 0', name=op.f('ck_point_entries_amount')),
    sa.ForeignKeyConstraint(['account_id'], ['point_accounts.id'], name=op.f('fk_point_entries_account_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['transfer_id'], ['point_transfers.id'], name=op.f('fk_point_entries_transfer_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_point_entries'))
    )
    with op.batch_alter_table('point_entries', schema=None) as batch_op:
        batch_op.create_index('ix_point_entries_account', ['account_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_point_entries_transfer_id'), ['transfer_id'], unique=False)

    op.create_table('point_holds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('request_hash', sa.String(length=64), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('source_kind', sa.String(length=16), nullable=False),
    sa.Column('source_id', sa.String(length=40), nullable=False),
    sa.Column('transfer_id', sa.Integer(), nullable=True),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('amount > 0', name=op.f('ck_point_holds_amount')),
    sa.ForeignKeyConstraint(['account_id'], ['point_accounts.id'], name=op.f('fk_point_holds_account_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['transfer_id'], ['point_transfers.id'], name=op.f('fk_point_holds_transfer_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_point_holds')),
    sa.UniqueConstraint('scope', 'key', name=op.f('uq_point_holds_scope_key')),
    sa.UniqueConstraint('transfer_id', name=op.f('uq_point_holds_transfer_id'))
    )
    with op.batch_alter_table('point_holds', schema=None) as batch_op:
        batch_op.create_index('ix_point_holds_account', ['account_id', 'state'], unique=False)

    op.create_table('point_lots',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('transfer_id', sa.Integer(), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('remaining', sa.Integer(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('warned_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('remaining BETWEEN 0 AND amount', name=op.f('ck_point_lots_remaining')),
    sa.ForeignKeyConstraint(['account_id'], ['point_accounts.id'], name=op.f('fk_point_lots_account_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['transfer_id'], ['point_transfers.id'], name=op.f('fk_point_lots_transfer_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_point_lots')),
    sa.UniqueConstraint('transfer_id', name=op.f('uq_point_lots_transfer_id'))
    )
    with op.batch_alter_table('point_lots', schema=None) as batch_op:
        batch_op.create_index('ix_point_lots_expiring', ['expires_at'], unique=False, sqlite_where=sa.text('remaining > 0'), postgresql_where=sa.text('remaining > 0'))
        batch_op.create_index('ix_point_lots_left', ['account_id', 'expires_at', 'id'], unique=False, sqlite_where=sa.text('remaining > 0'), postgresql_where=sa.text('remaining > 0'))

    op.create_table('point_lot_uses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lot_id', sa.Integer(), nullable=False),
    sa.Column('hold_id', sa.Integer(), nullable=True),
    sa.Column('transfer_id', sa.Integer(), nullable=True),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('returned', sa.Integer(), nullable=False),
    sa.CheckConstraint('(hold_id IS NULL) <> (transfer_id IS NULL)', name=op.f('ck_point_lot_uses_by')),
    sa.CheckConstraint('amount > 0 AND returned BETWEEN 0 AND amount', name=op.f('ck_point_lot_uses_amount')),
    sa.ForeignKeyConstraint(['hold_id'], ['point_holds.id'], name=op.f('fk_point_lot_uses_hold_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['lot_id'], ['point_lots.id'], name=op.f('fk_point_lot_uses_lot_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['transfer_id'], ['point_transfers.id'], name=op.f('fk_point_lot_uses_transfer_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_point_lot_uses'))
    )
    with op.batch_alter_table('point_lot_uses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_point_lot_uses_hold_id'), ['hold_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_point_lot_uses_lot_id'), ['lot_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_point_lot_uses_transfer_id'), ['transfer_id'], unique=False)

    op.create_table('point_rules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('occasion', sa.String(length=10), nullable=False),
    sa.Column('name_zh', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=60), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=True),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('role_percents', sa.JSON(), nullable=False),
    sa.Column('first_bonus', sa.Integer(), nullable=False),
    sa.Column('daily_times', sa.Integer(), nullable=True),
    sa.Column('daily_points', sa.Integer(), nullable=True),
    sa.Column('place_daily_times', sa.Integer(), nullable=True),
    sa.Column('payer_id', sa.Integer(), nullable=True),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('amount BETWEEN 0 AND 10000', name=op.f('ck_point_rules_amount')),
    sa.CheckConstraint('first_bonus BETWEEN 0 AND 10000', name=op.f('ck_point_rules_first_bonus')),
    sa.CheckConstraint('percent BETWEEN 0 AND 1000', name=op.f('ck_point_rules_percent')),
    sa.CheckConstraint('until IS NULL OR until >= since', name=op.f('ck_point_rules_until')),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_point_rules_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['ended_by_id'], ['users.id'], name=op.f('fk_point_rules_ended_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['payer_id'], ['organisations.id'], name=op.f('fk_point_rules_payer_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_point_rules'))
    )
    with op.batch_alter_table('point_rules', schema=None) as batch_op:
        batch_op.create_index('ix_point_rules_occasion', ['occasion', 'since'], unique=False)
        batch_op.create_index(batch_op.f('ix_point_rules_payer_id'), ['payer_id'], unique=False)

    op.create_table('point_occurrences',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('occasion', sa.String(length=10), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('rider_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('worth', sa.Integer(), nullable=True),
    sa.Column('five_role', sa.String(length=20), nullable=False),
    sa.Column('place_id', sa.Integer(), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.Column('why', sa.String(length=10), nullable=True),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('rule_id', sa.Integer(), nullable=True),
    sa.Column('transfer_id', sa.Integer(), nullable=True),
    sa.Column('undo_reason', sa.String(length=200), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['place_id'], ['organisations.id'], name=op.f('fk_point_occurrences_place_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['rider_id'], ['users.id'], name=op.f('fk_point_occurrences_rider_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['rule_id'], ['point_rules.id'], name=op.f('fk_point_occurrences_rule_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['transfer_id'], ['point_transfers.id'], name=op.f('fk_point_occurrences_transfer_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_point_occurrences')),
    sa.UniqueConstraint('occasion', 'source_id', 'round', name=op.f('uq_point_occurrences_occasion_source_id_round')),
    sa.UniqueConstraint('transfer_id', name=op.f('uq_point_occurrences_transfer_id'))
    )
    with op.batch_alter_table('point_occurrences', schema=None) as batch_op:
        batch_op.create_index('ix_point_occurrences_at', ['occasion', 'at'], unique=False)
        batch_op.create_index('ix_point_occurrences_due', ['id'], unique=False, sqlite_where=sa.text("outcome IN ('waiting', 'to_undo')"), postgresql_where=sa.text("outcome IN ('waiting', 'to_undo')"))
        batch_op.create_index('ix_point_occurrences_rider', ['rider_id', 'occasion', 'at'], unique=False)
    _close_books()


def downgrade() -> None:
    _open_books()
    with op.batch_alter_table('point_occurrences', schema=None) as batch_op:
        batch_op.drop_index('ix_point_occurrences_rider')
        batch_op.drop_index('ix_point_occurrences_due', sqlite_where=sa.text("outcome IN ('waiting', 'to_undo')"), postgresql_where=sa.text("outcome IN ('waiting', 'to_undo')"))
        batch_op.drop_index('ix_point_occurrences_at')

    op.drop_table('point_occurrences')
    with op.batch_alter_table('point_rules', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_point_rules_payer_id'))
        batch_op.drop_index('ix_point_rules_occasion')

    op.drop_table('point_rules')

    with op.batch_alter_table('point_lot_uses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_point_lot_uses_transfer_id'))
        batch_op.drop_index(batch_op.f('ix_point_lot_uses_lot_id'))
        batch_op.drop_index(batch_op.f('ix_point_lot_uses_hold_id'))

    op.drop_table('point_lot_uses')
    with op.batch_alter_table('point_lots', schema=None) as batch_op:
        batch_op.drop_index('ix_point_lots_left', sqlite_where=sa.text('remaining > 0'), postgresql_where=sa.text('remaining > 0'))
        batch_op.drop_index('ix_point_lots_expiring', sqlite_where=sa.text('remaining > 0'), postgresql_where=sa.text('remaining > 0'))

    op.drop_table('point_lots')
    with op.batch_alter_table('point_holds', schema=None) as batch_op:
        batch_op.drop_index('ix_point_holds_account')

    op.drop_table('point_holds')
    with op.batch_alter_table('point_entries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_point_entries_transfer_id'))
        batch_op.drop_index('ix_point_entries_account')

    op.drop_table('point_entries')
    with op.batch_alter_table('point_debts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_point_debts_transfer_id'))
        batch_op.drop_index('ix_point_debts_open', sqlite_where=sa.text('remaining > 0'), postgresql_where=sa.text('remaining > 0'))

    op.drop_table('point_debts')
    with op.batch_alter_table('point_transfers', schema=None) as batch_op:
        batch_op.drop_index('ix_point_transfers_source')
        batch_op.drop_index('ix_point_transfers_at')

    op.drop_table('point_transfers')
    with op.batch_alter_table('point_accounts', schema=None) as batch_op:
        batch_op.drop_index('uq_point_accounts_shard', sqlite_where=sa.text('shard IS NOT NULL'), postgresql_where=sa.text('shard IS NOT NULL'))

    op.drop_table('point_accounts')
