"""when a session or person last became another one here, whatever their source says of that"""

import sqlalchemy as sa
from alembic import op

import portal.models.base

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("session", "contact"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("changed_at", portal.models.base.UtcDateTime(), nullable=True))


def downgrade() -> None:
    for name in ("session", "contact"):
        with op.batch_alter_table(name) as table:
            table.drop_column("changed_at")
