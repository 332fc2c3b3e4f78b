"""what statuses mean; people first; records that are gone from ASP; two statuses of a person in one role"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ONE_ROLE = op.f("uq_participant_session_id_contact_id_role")
ONE_STATUS = op.f("uq_participant_session_id_contact_id_role_status")


def upgrade() -> None:
    op.create_table(
        "status",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_status_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_status_event_id_name")),
    )
    # Column by column: SQLite's other way, a new table in place of the old, would empty what refers to it.
    op.add_column(
        "mapping", sa.Column("people_first", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("link", sa.Column("gone", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("participant") as participant:
        participant.drop_constraint(ONE_ROLE, type_="unique")
        participant.create_unique_constraint(ONE_STATUS, ["session_id", "contact_id", "role", "status"])


def downgrade() -> None:
    op.execute(
        """DELETE FROM participant WHERE EXISTS (
            SELECT 1 FROM participant AS first WHERE first.session_id = participant.session_id
            AND first.contact_id = participant.contact_id AND first.role = participant.role
            AND first.id < participant.id)"""
    )
    with op.batch_alter_table("participant") as participant:
        participant.drop_constraint(ONE_STATUS, type_="unique")
        participant.create_unique_constraint(ONE_ROLE, ["session_id", "contact_id", "role"])
    op.drop_column("link", "gone")
    op.drop_column("mapping", "people_first")
    op.drop_table("status")
