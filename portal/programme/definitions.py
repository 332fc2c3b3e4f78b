"""Which custom fields an event has, for forms and the mapper: what a source defines (H1), what a file brings (H2)."""

from sqlalchemy import delete, select, update

from portal.models import Contact, CustomField, Event, FieldMapping, Mapping, Session, db
from portal.programme.content import FieldContent, ProgrammeContent
from portal.programme.custom import ShownField
from portal.programme.edited import CUSTOM
from portal.text.matching import plain

MOST_NOTED = 500  # names of each kind; the event's row holds them


def list_defined_fields(event_id: int, kind: str) -> list[CustomField]:
    """The fields defined for the event's "session"s or "speaker"s, in their order."""
    query = select(CustomField).where(CustomField.event_id == event_id, CustomField.kind == kind)
    return list(db.session.scalars(query.order_by(CustomField.position, CustomField.id)))


def defined_as_shown(event_id: int, kind: str) -> tuple[ShownField, ...]:
    """The same as a form shows them."""
    defined = list_defined_fields(event_id, kind)
    return tuple(ShownField(each.name, each.type, tuple(each.options)) for each in defined)


def store_definitions(event_id: int, told: tuple[FieldContent, ...] | None) -> None:
    """Bring the event's definitions to what is told, in the caller's transaction; None says nothing of them.

    One that has another name over there is the same one still: what records have of it and the rows of a mapper
    follow. So this comes before the records are stored, which bring their values under the new name.
    """
    if told is None:
        return
    rows = db.session.scalars(select(CustomField).where(CustomField.event_id == event_id)).all()
    named = {(each.kind, each.name): each for each in rows}
    known = {(each.kind, each.source_id): each for each in rows if each.source_id}
    kept: set[int] = set()
    for position, field in enumerate(told, start=1):
        row = named.get((field.kind, field.name))
        former = known.get((field.kind, field.source_id or ""))
        if row is None and former is not None and former.id not in kept:
            rename_field(event_id, field.kind, former.name, field.name)
            row = former
        if row is None:
            row = CustomField(event_id=event_id, kind=field.kind, name=field.name)
            db.session.add(row)
        else:
            kept.add(row.id)
        row.type, row.options, row.position = field.type, list(field.options), position
        row.name, row.source_id = field.name, field.source_id
    gone = [each.id for each in rows if each.id not in kept]
    db.session.execute(delete(CustomField).where(CustomField.id.in_(gone)))
    db.session.flush()


def note_file_fields(event: Event, content: ProgrammeContent) -> None:
    """Note which custom fields the file has, and that it lacks others, in the caller's transaction.

    A file has no ids of its fields: one with another name is a new field, and what records have under the old name
    stays (H2). Only so can the mapper say that a row fills ASP from what no file brings any more (C5). A file without
    any custom field says nothing of them, nor does one with more than anybody maps.
    """
    noted = dict(event.file_fields)
    for kind, records in (("session", content.sessions), ("speaker", content.contacts)):
        told = {name for each in records for name in each.custom_fields}
        if 0 < len(told) <= MOST_NOTED:
            seen = {plain(name) for name in told}  # D2c
            before = [name for name in noted.get(kind, ()) if plain(name) not in seen]
            noted[kind] = dict.fromkeys(before, False) | dict.fromkeys(sorted(told), True)
    if noted != event.file_fields:
        event.file_fields = noted
        db.session.flush()  # what follows goes past the objects, and they are expired then


def rename_field(event_id: int, kind: str, before: str, after: str) -> None:
    """Give a custom field another name on every record that has it and in the mapper, in the caller's transaction.

    The objects that the database's session holds do not notice.
    """
    table = Session if kind == "session" else Contact
    rows = db.session.execute(select(table.id, table.custom_fields).where(table.event_id == event_id)).all()
    renamed = [
        {
            "id": row.id,
            "custom_fields": {
                (after if name == before else name): each for name, each in row.custom_fields.items()
            },
        }
        for row in rows
        if before in row.custom_fields
    ]
    if renamed:
        db.session.execute(update(table), renamed)
    event = db.session.get_one(Event, event_id)
    if before in (noted := event.file_fields.get(kind, {})):
        event.file_fields = event.file_fields | {
            kind: {after if name == before else name: each for name, each in noted.items()}
        }
    mapped = FieldMapping.mapping_id.in_(select(Mapping.id).where(Mapping.event_id == event_id))
    db.session.execute(
        update(FieldMapping)
        .where(mapped, FieldMapping.kind == kind, FieldMapping.field == CUSTOM + before)
        .values(field=CUSTOM + after)
    )
