"""Every assumption about ASP's API in one table: paths, field names, values.

The partner's reference could not be read when this was written; `docs/asp.md` says which entries are documented
and which are assumed. A TOML file named by PORTAL_ASP_CONTRACT overrides any of them, group by group:

    [paths]
    sessions = "/public/v2/seminars/{seminar}/sessions"

    [session]
    starts_at = "StartDateTime"
"""

import re
import tomllib
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from portal.errors import PortalError


@dataclass(frozen=True, slots=True)
class Paths:
    """Below the base URL; {…} are filled in."""

    token: str = "/public/token"  # noqa: S105
    sites: str = "/public/sites"
    seminars: str = "/public/seminars"
    seminar: str = "/public/seminars/{seminar}"
    session_types: str = "/public/seminars/{seminar}/sessiontypes"
    streams: str = "/public/seminars/{seminar}/streams"
    stream: str = "/public/seminars/{seminar}/streams/{uuid}"
    locations: str = "/public/seminars/{seminar}/locations"
    sessions: str = "/public/seminars/{seminar}/sessions"
    session: str = "/public/seminars/{seminar}/sessions/{uuid}"
    speakers: str = "/public/speakers"
    speaker: str = "/public/speakers/{uuid}"
    back_office_sessions: str = "/cbSeminars/sessions/index/library/{number}"  # below PORTAL_ASP_BACK_OFFICE


@dataclass(frozen=True, slots=True)
class TransportNames:
    """Tokens, lists and errors."""

    token_key: str = "access_token"  # noqa: S105 - where the token's answer is an object and no bare string
    token_lifetime_header: str = "Authentication-Info"  # noqa: S105
    token_lifetime_key: str = "expires-in"  # noqa: S105
    token_seconds: int = 3600  # where the header is absent: what it is documented to say
    offset: str = "O"
    limit: str = "L"
    sort: str = "S"
    sort_by: str = "Created"  # what is made meanwhile comes last, and moves nothing from page to page
    site: str = "SiteUuid"
    page_size: int = 1000  # the most that ASP is documented to give at once
    total_header: str = "X-Records-Filtered"
    errors: str = "errors"
    error_field: str = "field"
    error_message: str = "message"
    error: str = "error"
    duplicate_uuid: str = "Uuid"


@dataclass(frozen=True, slots=True)
class SiteFields:
    """A site, which admins call an ASP event."""

    uuid: str = "Uuid"
    name: str = "Name"
    timezone: str = "TimeZone"


@dataclass(frozen=True, slots=True)
class SeminarFields:
    """A seminar: the container of sessions."""

    uuid: str = "Uuid"
    number: str = "Id"
    site: str = "SiteUuid"
    name: str = "Name"
    custom_fields: str = "CustomFields"
    custom_slug: str = "Slug"
    custom_type: str = "Type"


@dataclass(frozen=True, slots=True)
class ChoiceFields:
    """A stream, a location or a session type."""

    uuid: str = "Uuid"
    name: str = "Name"
    colour: str = "Colour"


@dataclass(frozen=True, slots=True)
class SessionFields:
    """A session's fields that are not custom ones, and the custom one that holds the portal's id."""

    uuid: str = "Uuid"
    created: str = "Created"
    published: str = "isPublished"
    custom_fields: str = "CustomFields"
    title: str = "Title"
    description: str = "Description"
    starts_at: str = "StartTime"
    ends_at: str = "EndTime"
    client_session_id: str = "ClientSessionId"
    session_type: str = "SessionType"
    location: str = "Location"
    streams: str = "Streams"
    speakers: str = "Speakers"
    sessionboard_id: str = "sessionboard_id"  # custom
    content: str = "sessionboard-content"  # custom
    level: str = "levels-checkbox"  # custom
    moderators: str = "panel-moderator"  # custom
    chairpersons: str = "chairperson"  # custom


@dataclass(frozen=True, slots=True)
class SpeakerFields:
    """A speaker's fields that are not custom ones."""

    uuid: str = "Uuid"
    site: str = "SiteUuid"
    created: str = "Created"
    active: str = "isActive"
    custom_fields: str = "CustomFields"
    first_name: str = "FirstName"
    last_name: str = "LastName"
    email: str = "Email"
    job_title: str = "JobTitle"
    honorific: str = "Honorific"
    company_name: str = "Company"
    website: str = "Website"
    mobile_phone: str = "MobilePhone"
    biography: str = "Biography"
    headshot: str = "Headshot"
    facebook_url: str = "FacebookUrl"
    linkedin_url: str = "LinkedInUrl"
    twitter_url: str = "TwitterUrl"


@dataclass(frozen=True, slots=True)
class Values:
    """How values are written."""

    time: str = "%Y-%m-%dT%H:%M:%S"  # the site's wall clock, without an offset
    default_session_type: str = "Session"
    text_type: str = "text"
    checkbox_type: str = "checkbox"
    url_type: str = "url"
    speaker_list_type: str = "speakerlist"
    cleared_text: str = ""
    cleared_list: list[Any] = field(default_factory=list)
    cleared_location: str | None = None  # "null" in the TOML file, which has no such value


@dataclass(frozen=True, slots=True)
class Contract:
    """All that is documented or assumed of ASP's API."""

    paths: Paths = field(default_factory=Paths)
    transport: TransportNames = field(default_factory=TransportNames)
    site: SiteFields = field(default_factory=SiteFields)
    seminar: SeminarFields = field(default_factory=SeminarFields)
    choice: ChoiceFields = field(default_factory=ChoiceFields)
    session: SessionFields = field(default_factory=SessionFields)
    speaker: SpeakerFields = field(default_factory=SpeakerFields)
    values: Values = field(default_factory=Values)

    def shown_slug(self, kind: str) -> str:
        """The slug that says whether a "session" or "speaker" is shown on the website."""
        return self.session.published if kind == "session" else self.speaker.active

    def native_slugs(self, kind: str) -> frozenset[str]:
        """The slugs of a "session" or "speaker" that are fields of their own; any other is a custom field."""
        group = self.session if kind == "session" else self.speaker
        custom = (
            {"sessionboard_id", "content", "level", "moderators", "chairpersons"}
            if kind == "session"
            else set()
        )
        return frozenset(getattr(group, each.name) for each in fields(group) if each.name not in custom)


@cache
def load_contract(path: str) -> Contract:
    """The contract, with the entries of the TOML file at `path` in place of the assumed ones.

    An empty path gives the assumed contract. Raises PortalError for a file that cannot be read, an entry that
    does not exist, or a value of another type.
    """
    contract = Contract()
    if not path:
        return contract
    try:
        groups = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise PortalError(f"PORTAL_ASP_CONTRACT: {path} cannot be read: {problem}") from problem
    for name, entries in groups.items():
        known = [each.name for each in fields(Contract)]
        if name not in known or not isinstance(entries, dict):
            raise PortalError(
                f"PORTAL_ASP_CONTRACT: there is no group [{name}]; the groups are {', '.join(known)}."
            )
        group = getattr(contract, name)
        overridden = {key: _checked(name, key, value, group) for key, value in entries.items()}
        contract = replace(contract, **{name: replace(group, **overridden)})
    return contract


def _checked(name: str, key: str, value: Any, group: Any) -> Any:
    if key not in {each.name for each in fields(group)}:
        raise PortalError(f"PORTAL_ASP_CONTRACT: [{name}] has no entry “{key}”.")
    default = getattr(group, key)
    if default is None:
        return None if value == "null" else value
    if type(value) is not type(default):
        raise PortalError(f"PORTAL_ASP_CONTRACT: [{name}] {key} must be written like {default!r}.")
    if name == "paths" and _blanks(value) != _blanks(default):
        raise PortalError(
            f"PORTAL_ASP_CONTRACT: [{name}] {key} must have the same {{…}} as {default!r}, each of them once."
        )
    return value


def _blanks(path: str) -> list[str]:
    return sorted(re.findall(r"\{[^{}]*\}|[{}]", path))
