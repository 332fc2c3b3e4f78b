"""programmes that are pulled from Sessionboard"""

import sqlalchemy as sa
from alembic import op

import portal.models.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("token_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("connected_at", portal.models.base.UtcDateTime(), nullable=False),
        sa.Column("connected_by", sa.String(), nullable=False),
        sa.Column("rejected_at", portal.models.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_source_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_source_organisation_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "pulled_event",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("pulled_at", portal.models.base.UtcDateTime(), nullable=False),
        sa.Column("read_whole_at", portal.models.base.UtcDateTime(), nullable=False),
        sa.Column("sessions_after", portal.models.base.UtcDateTime(), nullable=False),
        sa.Column("contacts_after", portal.models.base.UtcDateTime(), nullable=False),
        sa.Column("more_sessions", sa.Integer(), nullable=False),
        sa.Column("more_contacts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_pulled_event_event_id_event")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_pulled_event")),
    )
    # Column by column: SQLite's other way, a new table in place of the old, would empty what refers to it.
    op.add_column("session", sa.Column("admin_url", sa.String(), nullable=True))
    op.add_column("contact", sa.Column("admin_url", sa.String(), nullable=True))
    op.add_column("contact", sa.Column("removed_at", portal.models.base.UtcDateTime(), nullable=True))
    op.add_column("run", sa.Column("pull_first", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column("run", "pull_first")
    op.drop_column("contact", "removed_at")
    op.drop_column("contact", "admin_url")
    op.drop_column("session", "admin_url")
    op.drop_table("pulled_event")
    op.drop_table("source")
