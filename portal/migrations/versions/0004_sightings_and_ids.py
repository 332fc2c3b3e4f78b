"""sightings of heartbeats; ids of deleted connections and mappings are never given again"""

import sqlalchemy as sa
from alembic import op

import portal.models.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sighting",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("observer", sa.String(), nullable=False),
        sa.Column("heartbeat_at", portal.models.base.UtcDateTime(), nullable=True),
        sa.Column("since", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_sighting_run_id_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "observer", name=op.f("pk_sighting")),
    )
    if op.get_bind().dialect.name == "sqlite":  # PostgreSQL's sequences never go back
        for table in ("connection", "mapping"):
            with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
                pass


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in ("mapping", "connection"):
            with op.batch_alter_table(table, recreate="always"):
                pass
    op.drop_table("sighting")
