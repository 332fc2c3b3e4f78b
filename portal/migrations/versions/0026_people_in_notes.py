"""a session's notes name its people by their UUIDs, which stay when somebody is removed and comes back"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

session = sa.table("session", sa.column("id"), sa.column("edited", sa.JSON))
contact = sa.table("contact", sa.column("id", sa.Integer), sa.column("source_id", sa.String))


def upgrade() -> None:
    _rename(contact.c.id, contact.c.source_id)


def downgrade() -> None:
    _rename(contact.c.source_id, contact.c.id)


def _rename(before: sa.ColumnClause[Any], after: sa.ColumnClause[Any]) -> None:
    connection = op.get_bind()
    is_noted = sa.cast(session.c.edited, sa.Text).contains('"participants"')
    for key, edited in connection.execute(sa.select(session).where(is_noted)).all():
        people = [each for each, *_ in edited["participants"] if isinstance(each, before.type.python_type)]
        names = dict(connection.execute(sa.select(before, after).where(before.in_(people))).all())
        edited["participants"] = [
            [names.get(each, each), *others] for each, *others in edited["participants"]
        ]
        connection.execute(sa.update(session).where(session.c.id == key).values(edited=edited))
