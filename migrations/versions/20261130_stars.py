"""stars"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ON_BOARDS = {
    "sqlite_where": sa.text("listed = 1 AND points > 0"),
    "postgresql_where": sa.text("listed AND points > 0"),
}
UNWARNED = {
    "sqlite_where": sa.text("remaining > 0 AND warned_at IS NULL"),
    "postgresql_where": sa.text("remaining > 0 AND warned_at IS NULL"),
}


def upgrade() -> None:
    op.create_index("ix_point_lots_unwarned", "point_lots", ["expires_at"], **UNWARNED)
    op.create_table(
        "standings",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("breadth", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("level_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reckoned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_standings_level")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_standings_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_standings")),
    )
    op.create_index(
        "ix_standings_due", "standings", ["user_id"],
        sqlite_where=sa.text("due = 1"), postgresql_where=sa.text("due"),
    )  # fmt: skip
    op.create_table(
        "standing_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("breadth", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_standing_events_actor_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_standing_events_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_events")),
    )  # fmt: skip
    op.create_index("ix_standing_events_user", "standing_events", ["user_id", "id"])
    _sums()


def _sums() -> None:
    op.create_table(
        "star_role_sums",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("five_role", sa.String(length=20), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_star_role_sums_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "month", "five_role", name=op.f("pk_star_role_sums")),
    )
    op.create_table(
        "star_month_sums",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisations.id"], name=op.f("fk_star_month_sums_company_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_star_month_sums_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_star_month_sums")),
        sa.UniqueConstraint("user_id", "month", name=op.f("uq_star_month_sums_user_id_month")),
    )  # fmt: skip
    op.create_index(
        "ix_star_month_sums_board", "star_month_sums", ["month", "points", "id"], **ON_BOARDS
    )
    op.create_index(
        "ix_star_month_sums_company", "star_month_sums",
        ["company_id", "month", "points", "id"], **ON_BOARDS,
    )  # fmt: skip
    op.create_table(
        "star_place_sums",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["organisations.id"], name=op.f("fk_star_place_sums_place_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_star_place_sums_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_star_place_sums")),
        sa.UniqueConstraint(
            "user_id", "month", "place_id", name=op.f("uq_star_place_sums_user_id_month_place_id")
        ),
    )  # fmt: skip
    op.create_index(
        "ix_star_place_sums_board", "star_place_sums",
        ["place_id", "month", "points", "id"], **ON_BOARDS,
    )  # fmt: skip
    op.create_table(
        "star_rounds",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last_user_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_star_rounds")),
    )


def downgrade() -> None:
    op.drop_table("star_rounds")
    op.drop_table("star_place_sums")
    op.drop_table("star_month_sums")
    op.drop_table("star_role_sums")
    op.drop_table("standing_events")
    op.drop_table("standings")
    op.drop_index("ix_point_lots_unwarned", "point_lots", **UNWARNED)
