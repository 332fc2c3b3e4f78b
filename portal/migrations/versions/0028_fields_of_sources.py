"""which definition of its source a custom field is, so that it is known again under another name"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("custom_field") as table:
        table.add_column(sa.Column("source_id", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("custom_field") as table:
        table.drop_column("source_id")
