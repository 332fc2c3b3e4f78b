"""when a run's create last timed out, so that the next run waits for what ASP may carry out late"""

import sqlalchemy as sa
from alembic import op

import portal.models.base

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("run") as table:
        table.add_column(sa.Column("timed_out_at", portal.models.base.UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("run") as table:
        table.drop_column("timed_out_at")
