"""the version of what a preview was made from"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("preview") as preview:
        preview.add_column(sa.Column("version", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("preview") as preview:
        preview.alter_column("version", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("preview") as preview:
        preview.drop_column("version")
