"""An organisation's members and integration."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.models import Connection, Event, Mapping, Membership, Organisation, Run, User, db
from portal.operations.queries.runs import newest_by_mapping


@dataclass(frozen=True, slots=True)
class OrganisationCounts:
    events: int
    members: int


@dataclass(frozen=True, slots=True)
class MappingRow:
    """A mapping with its last run since it was made."""

    mapping: Mapping
    last_run: Run | None


@dataclass(frozen=True, slots=True)
class IntegrationState:
    """What the ASP Events card shows (A7)."""

    connection: Connection | None
    rows: list[MappingRow]

    @property
    def mappings(self) -> list[Mapping]:
        return [row.mapping for row in self.rows]

    @property
    def mapped(self) -> int:
        return len(self.rows)


def list_members(organisation: Organisation) -> list[Membership]:
    """In the order of their e-mail addresses."""
    return list(
        db.session.scalars(
            select(Membership)
            .join(Membership.user)
            .where(Membership.organisation_id == organisation.id)
            .options(joinedload(Membership.user))
            .order_by(User.email)
        )
    )


def count_belongings(organisation: Organisation) -> OrganisationCounts:
    events = select(func.count()).select_from(Event).where(Event.organisation_id == organisation.id)
    members = (
        select(func.count()).select_from(Membership).where(Membership.organisation_id == organisation.id)
    )
    return OrganisationCounts(db.session.scalar(events) or 0, db.session.scalar(members) or 0)


def find_connection(organisation_id: int) -> Connection | None:
    """The organisation's connection, if it has one."""
    return db.session.scalar(select(Connection).where(Connection.organisation_id == organisation_id))


def describe_integration(organisation: Organisation) -> IntegrationState:
    return IntegrationState(find_connection(organisation.id), list_mappings(organisation))


def list_mappings(organisation: Organisation) -> list[MappingRow]:
    """The mappings that are in force, newest first."""
    mappings = list_mappings_in_force(organisation)
    runs = newest_by_mapping(Run.mapping_id.in_([mapping.id for mapping in mappings]))
    return [MappingRow(mapping, runs.get(mapping.id)) for mapping in mappings]


def list_mappings_in_force(organisation: Organisation) -> list[Mapping]:
    """Newest first."""
    return list(
        db.session.scalars(
            select(Mapping)
            .where(Mapping.organisation_id == organisation.id, Mapping.removed_at.is_(None))
            .options(joinedload(Mapping.event))
            .order_by(Mapping.created_at.desc(), Mapping.id.desc())
        )
    )
