"""messages of the webhook that are noted and not taken in yet"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "noted_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_noted_message_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_noted_message")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_noted_message_organisation_id"), "noted_message", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("noted_message")
