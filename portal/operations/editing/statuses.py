"""Say what an event's statuses mean: which count as accepted (D6)."""

from collections.abc import Mapping

from sqlalchemy import delete

from portal.errors import Refused
from portal.models import Category, Event, Status, db
from portal.operations.history import record
from portal.operations.queries.statuses import list_statuses
from portal.text.matching import fold


def set_categories(event: Event, wanted: Mapping[str, str], actor: str) -> int:
    """Sort the statuses named; returns how many have another category now. All or nothing.

    Raises Refused for a status that the event does not have, one whose meaning is fixed, and an unknown category.
    """
    statuses = {fold(each.name): each for each in list_statuses(event)}
    changed: dict[str, Category] = {}
    for typed, category in wanted.items():
        status = statuses.get(fold(typed))
        if status is None:
            raise Refused(f"No session and nobody of {event.name} has the status “{typed}”.", typed)
        name = status.name
        if category not in set(Category):
            raise Refused(f"“{category}” is no category: choose accepted, pending or declined.", name)
        if status.is_fixed and category != status.category:
            raise Refused(f"The status “{name}” always counts as {status.category}.", name)
        if category != status.category:
            changed[name] = Category(category)
    if changed:
        db.session.execute(delete(Status).where(Status.event_id == event.id, Status.name.in_(changed)))
        db.session.add_all(
            Status(event_id=event.id, name=name, category=category) for name, category in changed.items()
        )
        told = "; ".join(f"“{name}” counts as {category}" for name, category in changed.items())
        record(event.organisation_id, actor, "statuses sorted", f"{event.name}: {told}.", event_id=event.id)
    db.session.commit()
    return len(changed)
