"""How an organisation's events are connected to ASP Events, and which record there is which here."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, now
from portal.models.programme import Event
from portal.models.stamps import Stamped


class LinkKind(StrEnum):
    """What a link joins."""

    SESSION = "session"
    SPEAKER = "speaker"
    STREAM = "stream"
    LOCATION = "location"


class Connection(Base):
    """An organisation's API key and secret for ASP Events; there is at most one (A4)."""

    __tablename__ = "connection"
    __table_args__ = ({"sqlite_autoincrement": True},)  # F4: a run in hand knows its connection by the id

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    api_key: Mapped[str]
    secret_encrypted: Mapped[bytes]
    continuous: Mapped[bool] = mapped_column(default=False)  # A6
    connected_at: Mapped[datetime] = mapped_column(default=now)
    connected_by: Mapped[str]
    rejected_at: Mapped[datetime | None]  # since when ASP answers 401 (A7)

    def __repr__(self) -> str:
        return f"<Connection {self.id} of organisation {self.organisation_id}>"


class Mapping(Stamped, Base):
    """Event ↔ ASP event and seminar, with its settings.

    A mapping through which something was synced stays as a row when it is removed (`removed_at`),
    so that its event and its ASP event can only be mapped to each other again (B2).
    """

    __tablename__ = "mapping"
    __table_args__ = (
        UniqueConstraint("event_id"),
        UniqueConstraint("organisation_id", "site_uuid"),
        {"sqlite_autoincrement": True},  # F4: runs in hand and scheduled jobs know their mapping by the id
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    site_uuid: Mapped[str]
    site_name: Mapped[str]
    seminar_uuid: Mapped[str]
    seminar_number: Mapped[str]  # what admins call the Seminar ID
    seminar_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[str]
    removed_at: Mapped[datetime | None]
    is_default: Mapped[bool] = mapped_column(default=False)  # new mappings begin with its fields and settings
    timezone_confirmed_for: Mapped[str | None]  # D10, where ASP reports none: the zone that was confirmed
    unpublish_sessions: Mapped[bool] = mapped_column(default=False)  # D9
    unpublish_speakers: Mapped[bool] = mapped_column(default=False)  # D9
    send_moderators: Mapped[bool] = mapped_column(default=True)
    send_chairpersons: Mapped[bool] = mapped_column(default=True)
    send_content: Mapped[bool] = mapped_column(default=True)
    recreate_deleted: Mapped[bool] = mapped_column(default=False)  # E13
    people_first: Mapped[bool] = mapped_column(default=False)  # D6
    prepare_only: Mapped[bool] = mapped_column(default=False)  # E8: continuous sync tells, an admin sends
    changes_waiting: Mapped[int | None]  # E8: how many records the last look would have changed
    paused: Mapped[bool] = mapped_column(default=False)  # A6: by hand; continuous sync rests
    paused_until: Mapped[date | None]  # A6: the last day of the pause, in the event's timezone
    agenda_address: Mapped[str | None]  # where the website shows the agenda to everybody
    offer: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the seminar offered when last read

    event: Mapped[Event] = relationship()
    field_mappings: Mapped[list["FieldMapping"]] = relationship(
        cascade="all, delete-orphan", order_by="FieldMapping.position"
    )


class FieldMapping(Stamped, Base):
    """One row of a field mapper: a field of the portal and the ASP slug that it fills (C)."""

    __tablename__ = "field_mapping"
    __table_args__ = (UniqueConstraint("mapping_id", "kind", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mapping_id: Mapped[int] = mapped_column(ForeignKey("mapping.id"))
    kind: Mapped[str]  # "session" or "speaker"
    position: Mapped[int]
    field: Mapped[str]  # a key of the catalogue, or "custom:<name>"
    slug: Mapped[str]


class Link(Stamped, Base):
    """This session, person, tag or room is that ASP record (I2).

    It belongs to the organisation, the site and, but for speakers, the seminar; not to the mapping.
    """

    __tablename__ = "link"
    __table_args__ = (
        UniqueConstraint("organisation_id", "site_uuid", "seminar_uuid", "kind", "key"),
        Index(None, "organisation_id", "stamp"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    site_uuid: Mapped[str]
    seminar_uuid: Mapped[str]  # "" for speakers, who belong to the whole site
    kind: Mapped[str]
    key: Mapped[str]  # the UUID of a session or contact; the folded name of a stream or location
    asp_uuid: Mapped[str]
    pushed: Mapped[dict[str, Any]] = mapped_column(default=dict)  # slug → value, as last pushed (I3)
    pushed_hash: Mapped[str]
    refused: Mapped[dict[str, Any]] = mapped_column(default=dict)  # slug → {"value", "message"} (D16)
    unpublished: Mapped[bool] = mapped_column(default=False)  # by the portal (D9, D15)
    hidden: Mapped[bool] = mapped_column(default=False)  # made or found unpublished, and left so (D15)
    gone: Mapped[bool] = mapped_column(default=False)  # deleted in ASP by hand, as ASP answered (E13)
    pushed_at: Mapped[datetime] = mapped_column(default=now)


class FrozenSession(Stamped, Base):
    """A session that was synced before a Disconnect and may not be synced to that site again (F3)."""

    __tablename__ = "frozen_session"
    __table_args__ = (UniqueConstraint("organisation_id", "site_uuid", "source_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    site_uuid: Mapped[str]
    source_id: Mapped[str]
    frozen_at: Mapped[datetime] = mapped_column(default=now)


class KeptField(Stamped, Base):
    """A field of one ASP record that an admin has left to ASP's editors: no sync writes it until it is released."""

    __tablename__ = "kept_field"
    __table_args__ = (
        UniqueConstraint("organisation_id", "site_uuid", "seminar_uuid", "kind", "key", "slug"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    site_uuid: Mapped[str]
    seminar_uuid: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    key: Mapped[str]
    slug: Mapped[str]
    kept_at: Mapped[datetime] = mapped_column(default=now)


class UnpublishedSpeaker(Stamped, Base):
    """A person's ASP record that the portal had unpublished before a Disconnect ended its link (F4).

    When somebody is found by e-mail with this record again, it is published again (D9).
    """

    __tablename__ = "unpublished_speaker"
    __table_args__ = (UniqueConstraint("organisation_id", "site_uuid", "asp_uuid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    site_uuid: Mapped[str]
    asp_uuid: Mapped[str]
    unpublished_at: Mapped[datetime] = mapped_column(default=now)
