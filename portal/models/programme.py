"""An event's programme: sessions, the people on them, and the lists they choose from."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import Organisation
from portal.models.base import Base, now
from portal.models.stamps import Stamped
from portal.text.naming import name_of, title_of


class ChoiceKind(StrEnum):
    """The lists that a session chooses from."""

    FORMAT = "format"
    ROOM = "room"
    TRACK = "track"
    LEVEL = "level"
    LANGUAGE = "language"
    TAG = "tag"


class Category(StrEnum):
    """What a status means to a sync (D6)."""

    ACCEPTED = "accepted"
    PENDING = "pending"
    DECLINED = "declined"


class Event(Stamped, Base):
    """An event with a timezone and a programme; `source_id` is unique within the organisation (I1)."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("organisation_id", "source_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    source: Mapped[str]  # "file", "portal" or "sessionboard"
    source_id: Mapped[str | None]
    name: Mapped[str]
    timezone: Mapped[str]  # an IANA name
    first_day: Mapped[date | None]  # as an admin has said them; the sessions need not keep to them
    last_day: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    imported_at: Mapped[datetime | None]
    # Of each kind the custom fields that files brought, by name: whether the last one that brought any had it still.
    file_fields: Mapped[dict[str, Any]] = mapped_column(default=dict)

    organisation: Mapped[Organisation] = relationship()


class Choice(Stamped, Base):
    """One entry of an event's formats, rooms, tracks, levels, languages or tags."""

    __tablename__ = "choice"
    __table_args__ = (UniqueConstraint("event_id", "kind", "source_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[str]
    source_id: Mapped[str]
    name: Mapped[str]
    colour: Mapped[str | None]  # #rrggbb
    synced_name: Mapped[str | None]  # the name under which it was last synced (C6)
    # Name or colour edited by hand → what its file said (H3).
    edited: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Status(Stamped, Base):
    """What one of an event's statuses means, as its source tells or an admin has set (D6).

    A status without a row is one that nobody has sorted yet; `accepted` and the like mean what they say.
    """

    __tablename__ = "status"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    name: Mapped[str]
    category: Mapped[str]


class Session(Stamped, Base):
    """One session; `source_id` is its UUID, the Sessionboard ID."""

    __tablename__ = "session"
    __table_args__ = (UniqueConstraint("event_id", "source_id"), Index(None, "event_id", "stamp"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    source_id: Mapped[str]
    title: Mapped[str | None]
    description: Mapped[str | None]  # HTML
    status: Mapped[str]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    is_public: Mapped[bool] = mapped_column(default=True)
    client_session_id: Mapped[str | None]
    format_id: Mapped[int | None] = mapped_column(ForeignKey("choice.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("choice.id"))
    track_id: Mapped[int | None] = mapped_column(ForeignKey("choice.id"))
    level_id: Mapped[int | None] = mapped_column(ForeignKey("choice.id"))
    language_id: Mapped[int | None] = mapped_column(ForeignKey("choice.id"))
    custom_fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_at: Mapped[datetime | None]  # as the source says, or when it was last edited by hand
    edited_by: Mapped[str | None]  # who edited it last by hand
    # Field edited by hand → what its file said (H3).
    edited: Mapped[dict[str, Any]] = mapped_column(default=dict)
    admin_url: Mapped[str | None]  # the page over there on which it is changed (H1)
    heard_at: Mapped[datetime | None]  # when its source last sent it by itself; a list may be older
    # When it last became another one here, whatever its source says of that.
    changed_at: Mapped[datetime | None] = mapped_column(default=now, onupdate=now)

    @property
    def name(self) -> str:
        """As lists and messages call it."""
        return title_of(self.title)


class CustomField(Base):
    """A custom field that is defined by hand (H3) or in the event's source (H1); records may have others."""

    __tablename__ = "custom_field"
    __table_args__ = (UniqueConstraint("event_id", "kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[str]  # "session" or "speaker"
    name: Mapped[str]
    source_id: Mapped[str | None]  # what its source calls the definition, whatever its name
    type: Mapped[str]  # text, long text, number, checkbox, choice, date
    options: Mapped[list[Any]] = mapped_column(default=list)  # of a choice
    position: Mapped[int]


class SessionTag(Stamped, Base):
    """A tag on a session, in order."""

    __tablename__ = "session_tag"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), primary_key=True)
    choice_id: Mapped[int] = mapped_column(ForeignKey("choice.id"), primary_key=True)
    position: Mapped[int]


class ContentFile(Stamped, Base):
    """A file shown with a session, known by its URL."""

    __tablename__ = "content_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    position: Mapped[int]
    name: Mapped[str | None]
    url: Mapped[str]
    created_at: Mapped[datetime | None]


class Contact(Stamped, Base):
    """A person of one event; `source_id` is their UUID."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("event_id", "source_id"), Index(None, "event_id", "stamp"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    source_id: Mapped[str]
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    email: Mapped[str | None]
    job_title: Mapped[str | None]
    honorific: Mapped[str | None]
    company_name: Mapped[str | None]
    website: Mapped[str | None]
    mobile_phone: Mapped[str | None]
    biography: Mapped[str | None]  # HTML
    headshot: Mapped[str | None]  # a URL
    facebook_url: Mapped[str | None]
    linkedin_url: Mapped[str | None]
    twitter_url: Mapped[str | None]
    custom_fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_at: Mapped[datetime | None]  # as the source says, or when it was last edited by hand
    edited_by: Mapped[str | None]
    edited: Mapped[dict[str, Any]] = mapped_column(default=dict)  # as of a session (H3)
    admin_url: Mapped[str | None]
    heard_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None] = mapped_column(default=now, onupdate=now)
    removed_at: Mapped[datetime | None]  # since when the source has them no more (H1)

    @property
    def name(self) -> str:
        """As lists and messages name them."""
        return name_of(self.first_name, self.last_name, self.email)


class Participant(Stamped, Base):
    """A contact on a session, with a core role and an acceptance status of their own."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("session_id", "contact_id", "role", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    role: Mapped[str]  # the core role: speaker, moderator, chairperson, or another
    status: Mapped[str]
    position: Mapped[int]
