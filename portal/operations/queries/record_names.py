"""The names of an event's sessions, people, rooms and tags."""

from sqlalchemy import select

from portal.models import Choice, ChoiceKind, Contact, LinkKind, Session, db
from portal.text.matching import fold
from portal.text.naming import name_of

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


def names_as_written(event_id: int) -> dict[str, str]:
    """The names of rooms and tags as they are written, by what they are matched by in ASP (D1)."""
    names = db.session.scalars(
        select(Choice.name)
        .where(Choice.event_id == event_id, Choice.kind.in_((ChoiceKind.ROOM, ChoiceKind.TAG)))
        .order_by(Choice.id.desc())
    )
    return {fold(name): name for name in names}
