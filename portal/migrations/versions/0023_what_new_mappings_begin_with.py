"""the mapping whose fields and settings new ones begin with"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The default stays: to take it away SQLite would make the table anew, and give ids of deleted rows again (F4).
    op.add_column("mapping", sa.Column("is_default", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("mapping", "is_default")
