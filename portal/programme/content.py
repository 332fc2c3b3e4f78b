"""A programme as it comes in, checked and not yet stored; every source of programmes produces these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# What a session has one of, from the lists of its event.
SINGLE_CHOICES = ("format", "room", "track", "level", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceContent:
    """A format, room, track, level, language or tag.

    `absent` names what its source says nothing of (H2), `edited` is that of one that is stored: what its file said of
    the fields that were edited by hand (H3). Neither makes it another one.
    """

    source_id: str
    name: str
    colour: str | None = None  # #rrggbb
    absent: frozenset[str] = field(default=frozenset(), compare=False)
    edited: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """A file shown with a session."""

    url: str
    name: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantContent:
    """A person on a session; `contact_id` is the source's id of a contact of the same programme."""

    contact_id: str
    role: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldContent:
    """A custom field as the source defines it; `kind` is "session" or "speaker", `options` are those of a choice."""

    kind: str
    name: str
    type: str
    options: tuple[str, ...] = ()
    source_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactContent:
    """A person."""

    source_id: str
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    job_title: str | None = None
    honorific: str | None = None
    company_name: str | None = None
    website: str | None = None
    mobile_phone: str | None = None
    biography: str | None = None
    headshot: str | None = None
    facebook_url: str | None = None
    linkedin_url: str | None = None
    twitter_url: str | None = None
    custom_fields: dict[str, Any] = field(default_factory=dict)
    updated_at: datetime | None = None
    admin_url: str | None = None  # where it is changed in its source
    absent: frozenset[str] = field(default=frozenset(), compare=False)  # fields that stay as they are (H2)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionContent:
    """A session; participants, tags and files are in the order in which they are shown.

    `absent` names the fields of which the source says nothing: they stay as they are (H2). So do the stored
    participants whose role is not among `told_roles`; None stands for every role.
    """

    source_id: str
    status: str
    title: str | None = None
    description: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_public: bool = True
    client_session_id: str | None = None
    format: ChoiceContent | None = None
    room: ChoiceContent | None = None
    track: ChoiceContent | None = None
    level: ChoiceContent | None = None
    language: ChoiceContent | None = None
    tags: tuple[ChoiceContent, ...] = ()
    participants: tuple[ParticipantContent, ...] = ()
    files: tuple[FileContent, ...] = ()
    custom_fields: dict[str, Any] = field(default_factory=dict)
    updated_at: datetime | None = None
    admin_url: str | None = None
    absent: frozenset[str] = field(default=frozenset(), compare=False)
    told_roles: frozenset[str] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEvent:
    """What is stored already of the event that a file speaks of, and so need not be in it (H2)."""

    name: str
    timezone: str
    people: frozenset[str]  # the source's ids


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeContent:
    """An event with its sessions and people.

    `partly`: only some of them, the others stay unseen. `whole`: what is not among them is gone in the source (H1).
    With neither, what is missing stays and is counted (H2).
    """

    event_source_id: str
    name: str
    timezone: str
    sessions: tuple[SessionContent, ...] = ()
    contacts: tuple[ContactContent, ...] = ()
    without_status: dict[str, str] = field(default_factory=dict)  # sessions by source id → their place
    categories: dict[str, str] = field(default_factory=dict)  # status → category, where the source tells (D6)
    # By kind and id: the source's lists.
    choices: dict[tuple[str, str], ChoiceContent] = field(default_factory=dict)
    definitions: tuple[FieldContent, ...] | None = None  # of custom fields; None where the source tells none
    partly: bool = False
    whole: bool = False
    kept: frozenset[str] = frozenset()  # ids of what is not gone although it is not among them
