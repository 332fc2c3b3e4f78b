"""whom a run was to make in ASP, so that who was made and not linked is found again"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("run") as table:
        table.add_column(sa.Column("in_making", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("run") as table:
        table.alter_column("in_making", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("run") as table:
        table.drop_column("in_making")
