"""since when a station's poster counts, so that one read before it was withdrawn is not marked"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_LAST_WITHDRAWN = """
UPDATE stations SET poster_since = (
  SELECT MAX(at) FROM station_events
  WHERE station_id = stations.organisation_id AND step = 'poster'
)
WHERE poster > 1
"""


def upgrade() -> None:
    with op.batch_alter_table('stations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('poster_since', sa.DateTime(timezone=True), nullable=True))
    op.execute(_LAST_WITHDRAWN)


def downgrade() -> None:
    with op.batch_alter_table('stations', schema=None) as batch_op:
        batch_op.drop_column('poster_since')
