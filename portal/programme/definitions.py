"""Stores the custom fields that a source defines (H1): what forms and the mapper know of them."""

from sqlalchemy import delete, select

from portal.models import CustomField, db
from portal.programme.content import FieldContent


def store_definitions(event_id: int, told: tuple[FieldContent, ...] | None) -> None:
    """Bring the event's definitions to what is told, in the caller's transaction; None says nothing of them."""
    if told is None:
        return
    known = {
        (each.kind, each.name): each
        for each in db.session.scalars(select(CustomField).where(CustomField.event_id == event_id))
    }
    for position, field in enumerate(told, start=1):
        row = known.pop((field.kind, field.name), None)
        if row is None:
            row = CustomField(event_id=event_id, kind=field.kind, name=field.name)
            db.session.add(row)
        row.type, row.options, row.position = field.type, list(field.options), position
    gone = [each.id for each in known.values()]
    db.session.execute(delete(CustomField).where(CustomField.id.in_(gone)))
