"""changes of people can be undone too"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bulk_change") as change:
        change.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="session"))
    with op.batch_alter_table("bulk_change") as change:
        change.alter_column("kind", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM bulk_change WHERE kind <> 'session'")
    with op.batch_alter_table("bulk_change") as change:
        change.drop_column("kind")
