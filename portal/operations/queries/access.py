"""Finds what a user may see; everything is looked up through an organisation they belong to (G1)."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.models import (
    KEPT,
    Choice,
    Contact,
    CustomField,
    Event,
    Invitation,
    KeptChange,
    KeptField,
    Mapping,
    Membership,
    Organisation,
    Run,
    Session,
    Upload,
    db,
    now,
)


def find_membership(user_id: int, slug: str) -> Membership | None:
    return db.session.scalar(
        select(Membership)
        .join(Membership.organisation)
        .where(Membership.user_id == user_id, Organisation.slug == slug)
        .options(joinedload(Membership.organisation))
    )


def list_memberships(user_id: int) -> list[Membership]:
    return list(
        db.session.scalars(
            select(Membership)
            .join(Membership.organisation)
            .where(Membership.user_id == user_id)
            .options(joinedload(Membership.organisation))
            .order_by(Organisation.name, Organisation.id)
        )
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
            Mapping.organisation_id == organisation.id, Mapping.id == mapping_id, Mapping.removed_at.is_(None)
        )
        .options(joinedload(Mapping.event))
    )


def find_member(organisation: Organisation, membership_id: int) -> Membership | None:
    return db.session.scalar(
        select(Membership)
        .where(Membership.organisation_id == organisation.id, Membership.id == membership_id)
        .options(joinedload(Membership.user))
    )


def find_invitation(organisation: Organisation, invitation_id: int) -> Invitation | None:
    return db.session.scalar(
        select(Invitation).where(
            Invitation.organisation_id == organisation.id, Invitation.id == invitation_id
        )
    )


def find_choice(event: Event, choice_id: int) -> Choice | None:
    return db.session.scalar(select(Choice).where(Choice.event_id == event.id, Choice.id == choice_id))


def find_kept_field(organisation: Organisation, field_id: int) -> KeptField | None:
    """A field that was left to ASP's editors, if it is the organisation's."""
    return db.session.scalar(
        select(KeptField).where(KeptField.id == field_id, KeptField.organisation_id == organisation.id)
    )


def find_change(event: Event, change_id: int) -> KeptChange | None:
    return db.session.scalar(
        select(KeptChange).where(KeptChange.event_id == event.id, KeptChange.id == change_id)
    )


def find_upload(organisation: Organisation, upload_id: int) -> Upload | None:
    """A file that waits to be imported, for a day."""
    return db.session.scalar(
        select(Upload).where(
            Upload.organisation_id == organisation.id,
            Upload.id == upload_id,
            Upload.created_at >= now() - KEPT,
        )
    )


def find_custom_field(event: Event, field_id: int) -> CustomField | None:
    return db.session.scalar(
        select(CustomField).where(CustomField.event_id == event.id, CustomField.id == field_id)
    )


def find_session(event: Event, source_id: str) -> Session | None:
    return db.session.scalar(
        select(Session).where(Session.event_id == event.id, Session.source_id == source_id)
    )


def find_contact(event: Event, source_id: str) -> Contact | None:
    return db.session.scalar(
        select(Contact).where(Contact.event_id == event.id, Contact.source_id == source_id)
    )
