"""Says which fields both a file and somebody here have changed, for the result of an import (H3)."""

from sqlalchemy import select

from portal.models import Contact, Event, Session, db
from portal.operations.editing.labels import PERSON_LABELS, SESSION_LABELS
from portal.programme.edited import CUSTOM
from portal.programme.keeping import ChangedTwice

LABELS = {"session": SESSION_LABELS, "speaker": PERSON_LABELS}
OWN_NAMES = {"participants": "people"}
MOST_NAMED = 10  # records


def has_edits(event: Event) -> bool:
    """Whether anything of the event was edited by hand and may stand against its file."""
    return any(
        edited
        for table in (Session, Contact)
        for edited in db.session.scalars(
            select(table.edited).where(table.event_id == event.id, table.edited_by.is_not(None))
        )
    )


def _field_label(kind: str, name: str) -> str:
    """What a field of a record's notes is called on pages."""
    name = OWN_NAMES.get(name, name.removesuffix("_id") if name != "client_session_id" else name)
    return name.removeprefix(CUSTOM) if name.startswith(CUSTOM) else LABELS[kind].get(name, name)


def tell_changed_twice(changed: list[ChangedTwice]) -> str | None:
    """What was kept although the file has changed it too, in a sentence; None where nothing was."""
    if not changed:
        return None
    number = sum(len(each.fields) for each in changed)
    named = "; ".join(
        f"“{each.name}” ({', '.join(_field_label(each.kind, name) for name in each.fields)})"
        for each in changed[:MOST_NAMED]
    )
    more = f"; and {len(changed) - MOST_NAMED:,} more" if len(changed) > MOST_NAMED else ""
    fields, stay = (
        ("1 field was", "stays as it is") if number == 1 else (f"{number:,} fields were", "stay as they are")
    )
    return f"{fields} changed both here and in the file, and {stay} here: {named}{more}."
