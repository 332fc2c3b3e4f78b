"""what an entry of the history tells of, and its words for the search"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

entry = sa.table("history_entry", *map(sa.column, ("id", "actor", "text", "words")))


def upgrade() -> None:
    with op.batch_alter_table("history_entry") as table:
        table.add_column(sa.Column("words", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("run_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("session_id", sa.String(), nullable=True))
        table.add_column(sa.Column("contact_id", sa.String(), nullable=True))
        table.create_foreign_key(op.f("fk_history_entry_run_id_run"), "run", ["run_id"], ["id"])
    connection = op.get_bind()
    for key, actor, text in connection.execute(sa.select(entry.c.id, entry.c.actor, entry.c.text)).all():
        words = _folded(f"{text} {actor}")
        connection.execute(sa.update(entry).where(entry.c.id == key).values(words=words))
    with op.batch_alter_table("history_entry") as table:
        table.alter_column("words", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("history_entry") as table:
        table.drop_constraint(op.f("fk_history_entry_run_id_run"), type_="foreignkey")
        for name in ("contact_id", "session_id", "run_id", "words"):
            table.drop_column(name)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in decomposed if not "\u0300" <= letter <= "\u036f")
    return " ".join(unicodedata.normalize("NFKC", plain).split())
