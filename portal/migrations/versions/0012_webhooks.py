"""webhooks of a source, and what they said"""

import sqlalchemy as sa
from alembic import op

import portal.models.base

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Column by column: SQLite's other way, a new table in place of the old, would empty what refers to it.
    op.add_column("source", sa.Column("hook_address", sa.String(), nullable=True))
    op.add_column("source", sa.Column("hook_secret_hash", sa.String(), nullable=True))
    with op.batch_alter_table("source") as source:
        source.create_unique_constraint(op.f("uq_source_hook_address"), ["hook_address"])
    op.add_column(
        "pulled_event", sa.Column("sync_wanted_at", portal.models.base.UtcDateTime(), nullable=True)
    )
    op.add_column(
        "pulled_event", sa.Column("pull_wanted", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    for table in ("session", "contact"):
        op.add_column(table, sa.Column("heard_at", portal.models.base.UtcDateTime(), nullable=True))


def downgrade() -> None:
    for table in ("session", "contact"):
        op.drop_column(table, "heard_at")
    op.drop_column("pulled_event", "pull_wanted")
    op.drop_column("pulled_event", "sync_wanted_at")
    with op.batch_alter_table("source") as source:
        source.drop_constraint(op.f("uq_source_hook_address"), type_="unique")
    op.drop_column("source", "hook_secret_hash")
    op.drop_column("source", "hook_address")
