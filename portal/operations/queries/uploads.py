"""The programme files that wait to be imported."""

from sqlalchemy import select

from portal.models import KEPT, Event, Organisation, Upload, db, now
from portal.operations.queries.editable import why_not_edit


def waiting_uploads(organisation: Organisation) -> list[Upload]:
    """The files that wait, the newest first."""
    query = select(Upload).where(Upload.organisation_id == organisation.id, Upload.created_at >= now() - KEPT)
    return list(db.session.scalars(query.order_by(Upload.id.desc())))


def list_editable_events(organisation: Organisation) -> list[Event]:
    """The events that a file may go to, by name."""
    query = select(Event).where(Event.organisation_id == organisation.id).order_by(Event.name, Event.id)
    return [event for event in db.session.scalars(query) if why_not_edit(event) is None]
