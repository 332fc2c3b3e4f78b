"""Remove a mapping (B4)."""

from sqlalchemy import delete, func, select, update

from portal.models import ACTIVE, Link, LinkKind, Mapping, Run, StoredPreview, db, now
from portal.operations.history import record
from portal.operations.syncing.runs import end_runs
from portal.text.numbers import count


def remove_mapping(mapping: Mapping, actor: str) -> None:
    """End a mapping; the connection and the other mappings stay (B4).

    The pair stays reserved for each other once something was synced through it (B2).
    """
    end_runs(Run.mapping_id == mapping.id)
    record(
        mapping.organisation_id,
        actor,
        "unmapped",
        f"Removed the mapping of {mapping.event.name} to {mapping.site_name}. What is in ASP stays there.",
        event_id=mapping.event_id,
    )
    if was_synced(mapping):
        mapping.removed_at = now()
        mapping.changes_waiting = None  # what was seen was seen of this seminar; the next one may be another
        db.session.execute(delete(StoredPreview).where(StoredPreview.mapping_id == mapping.id))
    else:
        erase_mapping(mapping)
    db.session.commit()


def describe_removal(mapping: Mapping) -> str:
    """What stays and what can be done afterwards, with the real numbers (B2, B4)."""
    event, site = mapping.event.name, mapping.site_name
    number = db.session.scalar(
        select(func.count(Link.id)).where(
            Link.organisation_id == mapping.organisation_id,
            Link.site_uuid == mapping.site_uuid,
            Link.seminar_uuid == mapping.seminar_uuid,
            Link.kind == LinkKind.SESSION,
        )
    )
    stays = "What is already in ASP stays there."
    if not was_synced(mapping):
        return f"{stays} Nothing was synced through this mapping, so both can be mapped to others then."
    further = f"with its {count(number, 'session')} there" if number else "where it stopped"
    return f"{stays} Mapped to {site} again, {event} goes on {further}; it cannot be mapped to another ASP event."


def erase_mapping(mapping: Mapping) -> None:
    """Free both sides for others, in the caller's transaction; what ran through it stays in the history of runs."""
    db.session.execute(update(Run).where(Run.mapping_id == mapping.id).values(mapping_id=None))
    db.session.delete(mapping)


def was_synced(mapping: Mapping) -> bool:
    """Whether something is linked through it, or may be any moment (B2)."""
    linked = select(Link.id).where(
        Link.organisation_id == mapping.organisation_id, Link.site_uuid == mapping.site_uuid
    )
    active = select(Run.id).where(Run.mapping_id == mapping.id, Run.status.in_(ACTIVE))
    return db.session.scalar(linked.limit(1)) is not None or db.session.scalar(active.limit(1)) is not None
