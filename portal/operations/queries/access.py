"""Finds what a user may see; everything is looked up through an organisation they belong to (G1)."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.models import Contact, Event, Mapping, Membership, Organisation, Run, Session, User, db


def find_user(user_id: str) -> User | None:
    return db.session.get(User, int(user_id)) if user_id.isdecimal() else None


def find_membership(user_id: int, slug: str) -> Membership | None:
    return db.session.scalar(
        select(Membership)
        .join(Membership.organisation)
        .where(Membership.user_id == user_id, Organisation.slug == slug)
        .options(joinedload(Membership.organisation))
    )


def list_organisations(user_id: int) -> list[Organisation]:
    return list(
        db.session.scalars(
            select(Organisation)
            .join(Membership)
            .where(Membership.user_id == user_id)
            .order_by(Organisation.name, Organisation.id)
        )
    )


def find_event(organisation: Organisation, event_id: int) -> Event | None:
    return db.session.scalar(
        select(Event).where(Event.organisation_id == organisation.id, Event.id == event_id)
    )


def find_run(organisation: Organisation, run_id: int) -> Run | None:
    return db.session.scalar(
        select(Run)
        .where(Run.organisation_id == organisation.id, Run.id == run_id)
        .options(joinedload(Run.event))
    )


def find_mapping(organisation: Organisation, mapping_id: int) -> Mapping | None:
    """A mapping that was not removed."""
    return db.session.scalar(
        select(Mapping)
        .where(
            Mapping.organisation_id == organisation.id,
            Mapping.id == mapping_id,
            Mapping.removed_at.is_(None),
        )
        .options(joinedload(Mapping.event))
    )


def find_session(event: Event, source_id: str) -> Session | None:
    return db.session.scalar(
        select(Session).where(Session.event_id == event.id, Session.source_id == source_id)
    )


def find_contact(event: Event, source_id: str) -> Contact | None:
    return db.session.scalar(
        select(Contact).where(Contact.event_id == event.id, Contact.source_id == source_id)
    )
