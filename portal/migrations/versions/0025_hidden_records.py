"""which records were made or found unpublished, and so are none of those that can be taken off the website (D12)"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

link = sa.table("link", *map(sa.column, ("kind", "key", "organisation_id")), sa.column("hidden", sa.Boolean))
session = sa.table("session", *map(sa.column, ("source_id", "event_id")), sa.column("is_public", sa.Boolean))
event = sa.table("event", *map(sa.column, ("id", "organisation_id")))


def upgrade() -> None:
    with op.batch_alter_table("link") as table:
        table.add_column(sa.Column("hidden", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("link") as table:
        table.alter_column("hidden", server_default=None)
    not_public = (
        sa.select(session.c.source_id)
        .join(event, event.c.id == session.c.event_id)
        .where(session.c.is_public.is_(False), event.c.organisation_id == link.c.organisation_id)
        .correlate(link)
    )
    op.execute(
        link.update().where(link.c.kind == "session", link.c.key.in_(not_public)).values(hidden=sa.true())
    )


def downgrade() -> None:
    with op.batch_alter_table("link") as table:
        table.drop_column("hidden")
