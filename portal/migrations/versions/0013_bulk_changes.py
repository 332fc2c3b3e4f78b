"""changes of many sessions at once, which can be undone for a while"""

import sqlalchemy as sa
from alembic import op

import portal.models.base

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("made_at", portal.models.base.UtcDateTime(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("undone_at", portal.models.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_bulk_change_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_change")),
    )
    op.create_index(op.f("ix_bulk_change_event_id"), "bulk_change", ["event_id"])


def downgrade() -> None:
    op.drop_table("bulk_change")
