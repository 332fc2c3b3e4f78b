"""A sheet of its own that says who is on which session: “Session ID”, “Speaker ID”, “Role”."""

from portal.programme.spreadsheet.recognising.fields import Target
from portal.programme.spreadsheet.recognising.tables import Column, Table

MOST_COLUMNS = 6
MEANINGS = {  # what a column means elsewhere → the field of a person that it holds here
    ("session", "client_session_id"): "sessions",
    ("session", "sessionboard_id"): "sessions",
    ("session", "title"): "sessions",
    ("person", "sessions"): "sessions",
    ("session", "speaker_ids"): "person_id",
    ("person", "person_id"): "person_id",
    ("session", "speakers"): "name",
    ("person", "name"): "name",
    ("session", "speaker_emails"): "email",
    ("person", "email"): "email",
    ("person", "person_role"): "person_role",
    ("person", "job_title"): "person_role",  # “Role”
}


def link_columns(table: Table) -> dict[str, Target | None]:
    """What the columns hold: the first one of each field counts."""
    found: dict[str, Target | None] = {}
    taken: set[str] = set()
    for column in table.columns:
        field = _field_of(column)
        found[column.key] = Target("person", field) if field and field not in taken else None
        taken |= {field} if field else set()
    return found


def is_of_links(table: Table) -> bool:
    """Whether each row names a session and somebody, and tells hardly anything else of either."""
    fields = {_field_of(column) for column in table.columns}
    return (
        "sessions" in fields
        and bool(fields & {"person_id", "name", "email"})
        and len(table.columns) <= MOST_COLUMNS
        and not any(
            each.field in ("starts_at", "date", "start_time") for c in table.columns for each in c.meanings
        )
    )


def _field_of(column: Column) -> str | None:
    known = (MEANINGS.get((each.kind, each.field)) for each in column.meanings if not each.number)
    return next((field for field in known if field), None)
