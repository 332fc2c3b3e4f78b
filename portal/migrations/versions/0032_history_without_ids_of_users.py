"""History tells who by the e-mail as it was; the id beside it was read nowhere, and meant now one, now the other"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("history_entry") as table:
        table.drop_constraint(op.f("fk_history_entry_user_id_user"), type_="foreignkey")
        table.drop_column("user_id")


def downgrade() -> None:
    with op.batch_alter_table("history_entry") as table:
        table.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_history_entry_user_id_user"), "user", ["user_id"], ["id"])
