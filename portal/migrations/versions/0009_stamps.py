"""stamps that tell whether rows have changed"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STAMPED = (
    "event", "choice", "status", "session", "session_tag", "content_file", "contact", "participant",
    "mapping", "field_mapping", "link", "frozen_session", "unpublished_speaker",
)  # fmt: skip
INDEXED = {"session": "event_id", "contact": "event_id", "link": "organisation_id"}  # whose rows are large


def upgrade() -> None:
    # Column by column: SQLite's other way, a new table in place of the old, would empty what refers to it.
    for table in STAMPED:
        op.add_column(table, sa.Column("stamp", sa.BigInteger(), nullable=False, server_default="0"))
    for table, owner in INDEXED.items():
        op.create_index(op.f(f"ix_{table}_{owner}_{table}_stamp"), table, [owner, "stamp"])


def downgrade() -> None:
    for table, owner in INDEXED.items():
        op.drop_index(op.f(f"ix_{table}_{owner}_{table}_stamp"), table_name=table)
    for table in STAMPED:
        op.drop_column(table, "stamp")
