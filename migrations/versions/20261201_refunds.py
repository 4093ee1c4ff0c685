"""what was refunded stays handed out in its month, and is taken off in that of the refund"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_EVENT_OF = """
UPDATE redemptions SET {column} = (
  SELECT MAX(at) FROM redemption_events
  WHERE redemption_id = redemptions.id AND step IN ({steps})
)
WHERE state = 'cancelled' AND EXISTS (
  SELECT 1 FROM redemption_events WHERE redemption_id = redemptions.id AND step = 'refund'
)
"""


def upgrade() -> None:
    with op.batch_alter_table('redemptions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('refunded_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            'ix_redemptions_refunded', ['refunded_at'], unique=False,
            sqlite_where=sa.text('refunded_at IS NOT NULL'),
            postgresql_where=sa.text('refunded_at IS NOT NULL'),
        )
    op.execute(_EVENT_OF.format(column='refunded_at', steps="'refund'"))
    op.execute(_EVENT_OF.format(column='given_at', steps="'give', 'donate', 'honour'"))


def downgrade() -> None:
    op.execute("UPDATE redemptions SET given_at = NULL WHERE refunded_at IS NOT NULL")
    with op.batch_alter_table('redemptions', schema=None) as batch_op:
        batch_op.drop_index('ix_redemptions_refunded')
        batch_op.drop_column('refunded_at')
