"""The catalogue of fields that can be mapped: forms, default rows and payloads all read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.asp.contract import Contract
from portal.errors import PortalError
from portal.sync.planning.snapshot import FieldRow, SessionSnapshot
from portal.text.matching import by_sight

CUSTOM = "custom:"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the portal.

    `default` names the entry of the contract that holds its default slug; `needs` is the type that its custom
    field must have in ASP ("any" where only its presence counts, D8).
    """

    key: str
    label: str
    type: str  # text, HTML, date and time, choice, choices, people, URL, e-mail
    value: Callable[[Any], Any]
    required: bool = False
    default: str | None = None
    needs: str | None = None


def _people(role: str) -> Callable[[SessionSnapshot], tuple[str, ...]]:
    def in_order(session: SessionSnapshot) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.contact_id for each in session.participants if each.role == role))

    return in_order


PEOPLE_ROLES = {"speakers": "speaker", "moderators": "moderator", "chairpersons": "chairperson"}

SESSION_FIELDS: tuple[Field, ...] = (
    Field("title", "Title", "text", lambda s: s.title, required=True, default="title"),
    Field(
        "starts_at", "Starts At", "date and time", lambda s: s.starts_at, required=True, default="starts_at"
    ),
    Field("ends_at", "Ends At", "date and time", lambda s: s.ends_at, required=True, default="ends_at"),
    Field(
        "client_session_id",
        "Client Session ID",
        "text",
        lambda s: s.client_session_id,
        required=True,
        default="client_session_id",
    ),
    Field(
        "sessionboard_id",
        "Sessionboard ID",
        "text",
        lambda s: s.id,
        required=True,
        default="sessionboard_id",
        needs="text",
    ),
    Field("description", "Description", "HTML", lambda s: s.description, default="description"),
    Field("format", "Format", "choice", lambda s: s.format, default="session_type"),
    Field("speakers", "Speakers", "people", _people("speaker"), default="speakers"),
    Field("room", "Room", "choice", lambda s: s.room, default="location"),
    Field("tags", "Tags", "choices", lambda s: s.tags, default="streams"),
    Field("content", "Content", "URL", lambda s: s.content_url, default="content", needs="any"),
    Field("level", "Level", "choice", lambda s: s.level, default="level", needs="checkbox"),
    Field(
        "moderators", "Moderators", "people", _people("moderator"), default="moderators", needs="speakerlist"
    ),
    Field(
        "chairpersons",
        "Chairpersons",
        "people",
        _people("chairperson"),
        default="chairpersons",
        needs="speakerlist",
    ),
    Field("track", "Track", "choice", lambda s: s.track),
    Field("language", "Language", "choice", lambda s: s.language),
)

SPEAKER_FIELDS: tuple[Field, ...] = (
    Field("first_name", "First Name", "text", lambda c: c.first_name, required=True, default="first_name"),
    Field("last_name", "Last Name", "text", lambda c: c.last_name, required=True, default="last_name"),
    Field("email", "Email", "e-mail", lambda c: c.email, required=True, default="email"),
    Field("job_title", "Job Title", "text", lambda c: c.job_title, default="job_title"),
    Field("honorific", "Honorific", "text", lambda c: c.honorific, default="honorific"),
    Field("company_name", "Company Name", "text", lambda c: c.company_name, default="company_name"),
    Field("website", "Website", "URL", lambda c: c.website, default="website"),
    Field("mobile_phone", "Mobile Phone", "text", lambda c: c.mobile_phone, default="mobile_phone"),
    Field("biography", "Biography", "HTML", lambda c: c.biography, default="biography"),
    Field("headshot", "Headshot", "URL", lambda c: c.headshot, default="headshot"),
    Field("facebook_url", "Facebook URL", "URL", lambda c: c.facebook_url, default="facebook_url"),
    Field("linkedin_url", "LinkedIn URL", "URL", lambda c: c.linkedin_url, default="linkedin_url"),
    Field("twitter_url", "Twitter URL", "URL", lambda c: c.twitter_url, default="twitter_url"),
)

_BY_KEY = {
    "session": {each.key: each for each in SESSION_FIELDS},
    "speaker": {each.key: each for each in SPEAKER_FIELDS},
}


def catalogue(kind: str) -> tuple[Field, ...]:
    """The standard fields of a "session" or a "speaker"."""
    return SESSION_FIELDS if kind == "session" else SPEAKER_FIELDS


def find_field(kind: str, key: str) -> Field:
    """The field of this key, custom ones included (C5). Raises PortalError for an unknown key."""
    if key.startswith(CUSTOM):
        name = key.removeprefix(CUSTOM)
        return Field(key, name, "custom", lambda record: _custom_value(record.custom_fields, name))
    try:
        return _BY_KEY[kind][key]
    except KeyError:
        raise PortalError(
            f"The field mapping names “{key}”, which is no {kind} field. Remove that row from the field mapper."
        ) from None


def _custom_value(values: Mapping[str, Any], name: str) -> Any:
    """What a record has in a custom field, however its source encodes the name (D2c)."""
    found = by_sight(name, values.keys())
    return None if found is None else values[found]


def default_slug(contract: Contract, kind: str, field: Field) -> str | None:
    """The ASP slug that a field fills by default (D1, D2)."""
    group = contract.session if kind == "session" else contract.speaker
    return getattr(group, field.default) if field.default else None


def default_rows(contract: Contract, kind: str) -> tuple[FieldRow, ...]:
    """The rows that a mapper starts with (C2)."""
    rows = ((each.key, default_slug(contract, kind, each)) for each in catalogue(kind))
    return tuple(FieldRow(key, slug) for key, slug in rows if slug)


def current_slug(contract: Contract, kind: str, row: FieldRow) -> str:
    """The row's slug; where it is the one assumed by default, the contract's own word counts."""
    known = _BY_KEY[kind].get(row.field)
    if known is not None and known.default and row.slug == default_slug(Contract(), kind, known):
        return default_slug(contract, kind, known) or row.slug
    return row.slug
