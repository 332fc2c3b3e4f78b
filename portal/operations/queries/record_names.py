"""The names of an event's sessions and people."""

from sqlalchemy import select

from portal.models import Contact, LinkKind, Session, db
from portal.operations.queries.agenda import name_of

Names = dict[tuple[str, str], str]


def names_of_records(event_id: int) -> Names:
    """Titles and people's names by kind ("session" or "speaker") and id; what is not there any more is absent."""
    titles = db.session.execute(
        select(Session.source_id, Session.title).where(Session.event_id == event_id)
    ).all()
    people = db.session.execute(
        select(Contact.source_id, Contact.first_name, Contact.last_name, Contact.email).where(
            Contact.event_id == event_id
        )
    ).all()
    return {(str(LinkKind.SESSION), id): title or "" for id, title in titles} | {
        (str(LinkKind.SPEAKER), id): name_of(first, last, email) for id, first, last, email in people
    }
