"""What a new mapping begins with: the portal's usual fields and settings, or those of another mapping (B4, C2)."""

from dataclasses import fields

from sqlalchemy import select, update

from portal.models import FieldMapping, Mapping, Organisation, db
from portal.operations.connection.clients import contract
from portal.operations.history import record
from portal.operations.mapping.event_settings import EventSettings
from portal.sync.planning.fields import default_rows

OWN = {"paused", "paused_until", "agenda_address"}  # of one event alone


def find_default(organisation: Organisation) -> Mapping | None:
    """The mapping that an admin has made the organisation's default."""
    return db.session.scalar(
        select(Mapping).where(
            Mapping.organisation_id == organisation.id, Mapping.is_default, Mapping.removed_at.is_(None)
        )
    )


def set_default(mapping: Mapping, wanted: bool, actor: str) -> bool:
    """Let new mappings of the organisation begin like this one, or no longer; returns whether that has changed."""
    if mapping.is_default == wanted:
        return False
    ours = Mapping.organisation_id == mapping.organisation_id
    db.session.execute(update(Mapping).where(ours, Mapping.is_default).values(is_default=False))
    mapping.is_default = wanted
    name = mapping.event.name
    text = f"New mappings {'begin' if wanted else 'no longer begin'} like that of {name}."
    record(mapping.organisation_id, actor, "settings changed", text, event_id=mapping.event_id)
    db.session.commit()
    return True


def begin_like(mapping: Mapping, pattern: Mapping | None) -> None:
    """Give a new mapping its first fields and settings, in the caller's transaction."""
    if pattern is None:
        rows = [
            (kind, row.field, row.slug)
            for kind in ("session", "speaker")
            for row in default_rows(contract(), kind)
        ]
    else:
        rows = [(row.kind, row.field, row.slug) for row in pattern.field_mappings]
        for each in fields(EventSettings):
            if each.name not in OWN:
                setattr(mapping, each.name, getattr(pattern, each.name))
    for position, (kind, field, slug) in enumerate(rows):
        mapping.field_mappings.append(FieldMapping(kind=kind, position=position, field=field, slug=slug))
