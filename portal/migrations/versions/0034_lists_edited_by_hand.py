"""what its file last said of the name or colour of an entry of a list that was edited by hand"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("choice") as table:
        table.add_column(sa.Column("edited", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("choice") as table:
        table.drop_column("edited")
