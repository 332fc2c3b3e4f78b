"""records that are edited by hand, and the days of an event"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Column by column: SQLite's other way, a new table in place of the old, would empty what refers to it.
    for name in ("first_day", "last_day"):
        op.add_column("event", sa.Column(name, sa.Date(), nullable=True))
    for table in ("session", "contact"):
        op.add_column(table, sa.Column("edited_by", sa.String(), nullable=True))
        op.add_column(table, sa.Column("edited", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    for table in ("session", "contact"):
        op.drop_column(table, "edited")
        op.drop_column(table, "edited_by")
    for name in ("first_day", "last_day"):
        op.drop_column("event", name)
