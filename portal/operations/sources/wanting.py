"""Which events wait for a sync because their source has told of a change (H1): what comes is gathered into one."""

from collections.abc import Iterable

from sqlalchemy import exists, func, select, update

from portal.models import ACTIVE, Connection, Event, Mapping, PulledEvent, Run, Session, db, now
from portal.operations.mapping.event_settings import is_paused


def want_sync(event: Event, *, pull: bool) -> None:
    """Note, in the caller's transaction, that the event is to be synced; with `pull` its source is asked first.

    An event that is not synced by itself now is left to whoever syncs it next.
    """
    mapping = db.session.scalar(select(Mapping).where(Mapping.event_id == event.id))
    if mapping is None or not _may_sync_by_itself(mapping):
        return
    values: dict[str, object] = {"sync_wanted_at": func.coalesce(PulledEvent.sync_wanted_at, now())}
    if pull:
        values["pull_wanted"] = True
    db.session.execute(update(PulledEvent).where(PulledEvent.event_id == event.id).values(values))


def _may_sync_by_itself(mapping: Mapping) -> bool:
    """Whether the mapping is in force and nobody has said that an admin sends (A6, E8)."""
    if mapping.removed_at is not None or mapping.prepare_only or is_paused(mapping, now()) or rests(mapping):
        return False
    connected = select(Connection.id).where(Connection.organisation_id == mapping.organisation_id)
    return db.session.scalar(connected) is not None


def rests(mapping: Mapping) -> bool:
    """Whether the event's last session has ended (A6)."""
    return mapping.event_id in events_at_rest([mapping.event_id])


def events_at_rest(event_ids: Iterable[int]) -> set[int]:
    """Those of the events whose last session has ended."""
    over = (
        select(Session.event_id)
        .where(Session.event_id.in_(event_ids))
        .group_by(Session.event_id)
        .having(func.max(Session.ends_at) <= now())
    )
    return set(db.session.scalars(over))


def list_wanted(organisation_id: int | None = None) -> list[tuple[Mapping, bool]]:
    """The mappings whose events wait and have no run, longest first, and whether the source is to be asked first."""
    query = (
        select(Mapping, PulledEvent.pull_wanted)
        .join(PulledEvent, PulledEvent.event_id == Mapping.event_id)
        .where(PulledEvent.sync_wanted_at.is_not(None))
        .where(~exists().where(Run.event_id == Mapping.event_id, Run.status.in_(ACTIVE)))
        .order_by(PulledEvent.sync_wanted_at)
    )
    if organisation_id is not None:
        query = query.where(Mapping.organisation_id == organisation_id)
    return [(mapping, pull) for mapping, pull in db.session.execute(query) if _may_sync_by_itself(mapping)]


def forget_wish(event_id: int) -> None:
    """A sync of the event begins: what has been received until now goes with it."""
    db.session.execute(
        update(PulledEvent)
        .where(PulledEvent.event_id == event_id, PulledEvent.sync_wanted_at.is_not(None))
        .values(sync_wanted_at=None, pull_wanted=False)
    )
    db.session.commit()
