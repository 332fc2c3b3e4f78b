"""What a plan is made from: plain values, read once, that know no database and no network."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.asp.records import AspChoice, AspRecord
from portal.text.naming import name_of

ACCEPTED = "accepted"
ONLY_ACCEPTED = frozenset({ACCEPTED})


@dataclass(frozen=True, slots=True)
class ParticipantSnapshot:
    """A contact on a session; `role` is the core role."""

    contact_id: str
    role: str
    status: str


@dataclass(frozen=True, slots=True)
class SessionSnapshot:
    """A session of the programme; times are aware, names are those of its choices."""

    id: str  # the UUID
    title: str | None
    status: str
    starts_at: datetime | None
    ends_at: datetime | None
    client_session_id: str | None
    is_public: bool = True
    description: str | None = None
    format: str | None = None
    room: str | None = None
    track: str | None = None
    level: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    tag_colours: tuple[str | None, ...] = ()  # of each of the tags, #rrggbb
    content_url: str | None = None  # of the newest file
    participants: tuple[ParticipantSnapshot, ...] = ()
    custom_fields: dict[str, Any] = field(default_factory=dict)
    choices: tuple[
        tuple[str, int, str], ...
    ] = ()  # what it uses of the event's lists: field, row's id, name (C6)


@dataclass(frozen=True, slots=True)
class ContactSnapshot:
    """A person of the event."""

    id: str  # the UUID
    first_name: str | None
    last_name: str | None
    email: str | None
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

    @property
    def name(self) -> str:
        """As shown to an admin."""
        return name_of(self.first_name, self.last_name, self.email, otherwise=self.id)


@dataclass(frozen=True, slots=True)
class RenamedChoice:
    """A format, room, level or tag whose name changed since it was last synced (C6)."""

    kind: str
    synced_name: str
    name: str


@dataclass(frozen=True, slots=True)
class Programme:
    """An event's whole programme, sessions in their order."""

    timezone: str
    sessions: tuple[SessionSnapshot, ...]
    contacts: dict[str, ContactSnapshot]
    renamed: tuple[RenamedChoice, ...] = ()
    accepted: frozenset[str] = ONLY_ACCEPTED  # the statuses that count as accepted (D6)
    unsorted: tuple[str, ...] = ()  # the statuses without a category, which count as pending (D6)

    def is_accepted(self, status: str) -> bool:
        """Whether a session or a participant with this status is accepted."""
        return status in self.accepted


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A row of a field mapper: a key of the catalogue (or "custom:<name>") and an ASP slug."""

    field: str
    slug: str


@dataclass(frozen=True, slots=True)
class Rules:
    """A mapping's field rows and settings."""

    session_fields: tuple[FieldRow, ...]
    speaker_fields: tuple[FieldRow, ...]
    send_moderators: bool = True
    send_chairpersons: bool = True
    send_content: bool = True
    unpublish_sessions: bool = False
    unpublish_speakers: bool = False
    unpublish_approved: int = 0  # approved for this run alone (D12)
    unpublish_limit: int = 25
    unpublish_share: float = 0.2
    recreate_deleted: bool = False
    people_first: bool = False  # accepted people sync although their accepted session cannot yet (D6)
    timezone_confirmed_for: str | None = None  # the zone that an admin said a silent ASP event is in (D10)
    seminar: str = "the seminar"  # its name and number, for what an admin is told


@dataclass(frozen=True, slots=True)
class LinkSnapshot:
    """This record is that ASP record. `pushed` holds what was last pushed, slug by slug.

    `adopted` marks a record that was found in ASP and is not linked yet: `pushed` then holds what ASP has.
    `hidden` is what was made or found unpublished, and was not published by the portal since (D15).
    `of_another` marks one that was a person's who is on no session any more: everything in it is sent anew (D13).
    """

    key: str
    asp_uuid: str
    pushed: dict[str, Any] = field(default_factory=dict)
    pushed_hash: str = ""
    refused: dict[str, Any] = field(default_factory=dict)
    unpublished: bool = False
    gone: bool = False  # ASP answered that the record is not there any more (E13)
    hidden: bool = False
    adopted: bool = False
    of_another: bool = False
    kept: frozenset[str] = frozenset()  # slugs that an admin has left to ASP's editors


@dataclass(frozen=True, slots=True)
class Links:
    """Everything already linked on the mapping's site and seminar, by key; and the frozen sessions (F3)."""

    sessions: dict[str, LinkSnapshot] = field(default_factory=dict)
    speakers: dict[str, LinkSnapshot] = field(default_factory=dict)
    streams: dict[str, LinkSnapshot] = field(default_factory=dict)
    locations: dict[str, LinkSnapshot] = field(default_factory=dict)
    frozen: frozenset[str] = frozenset()
    # By person without a link: the e-mails under which a run that died may have made them (E11).
    in_making: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unpublished: frozenset[str] = frozenset()  # ASP records of people that ended links had unpublished (F4)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the seminar offers. `site_timezone` is the IANA name that ASP reports, if any."""

    custom_fields: dict[str, str]
    session_types: tuple[str, ...]
    streams: tuple[AspChoice, ...] = ()
    locations: tuple[AspChoice, ...] = ()
    site_timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Existing:
    """ASP's records, read because something without a link is to be created; None where they were not read."""

    sessions: tuple[AspRecord, ...] | None = None
    speakers: tuple[AspRecord, ...] | None = None
