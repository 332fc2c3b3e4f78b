"""The kinds of record that ASP keeps, their fields, and what each field holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Record = dict[str, Any]


class Shape(StrEnum):
    """What a field's value looks like."""

    TEXT = "text"
    URL = "url"
    EMAIL = "email"
    TIME = "time"
    COLOUR = "colour"
    FLAG = "flag"
    NUMBER = "number"
    SESSION_TYPE = "session type"
    LOCATION = "location"
    STREAMS = "streams"
    SPEAKERS = "speakers"
    CUSTOM_VALUES = "custom values"
    CUSTOM_FIELDS = "custom fields"
    SESSION_TYPES = "session types"


LISTS = frozenset({Shape.STREAMS, Shape.SPEAKERS, Shape.CUSTOM_FIELDS, Shape.SESSION_TYPES})
UNSORTABLE = LISTS | {Shape.CUSTOM_VALUES}


def blank(shape: Shape) -> Any:
    """The value of a field that was never filled, or was cleared."""
    if shape in LISTS:
        return []
    if shape is Shape.CUSTOM_VALUES:
        return {}
    return {Shape.FLAG: False, Shape.LOCATION: None, Shape.NUMBER: 0}.get(shape, "")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind of record."""

    shape: Shape
    required: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: `parent` names the field with the Uuid of what contains it."""

    name: str
    noun: str
    fields: Mapping[str, Field]
    parent: str | None = None
    stamped: bool = False
    hidden: frozenset[str] = field(default_factory=frozenset)

    def read_only(self) -> frozenset[str]:
        """The fields that the server sets by itself."""
        stamps = ("Created", "Modified") if self.stamped else ()
        return frozenset(("Uuid", *([self.parent] if self.parent else ()), *stamps))

    def sortable(self) -> frozenset[str]:
        """The fields that a list can be sorted by."""
        plain = {name for name, each in self.fields.items() if each.shape not in UNSORTABLE}
        return frozenset(plain | self.read_only()) - self.hidden

    def complete(self, record: Record) -> Record:
        """The record with every field in its place, blank where nothing was given."""
        names = ["Uuid", *([self.parent] if self.parent else ()), *self.fields]
        whole = {name: record.get(name, self._blank(name)) for name in names}
        if self.name == "sites" and not whole["TimeZone"]:
            del whole["TimeZone"]
        if self.stamped:
            whole |= {"Created": record["Created"], "Modified": record["Modified"]}
        return whole

    def _blank(self, name: str) -> Any:
        return blank(self.fields[name].shape) if name in self.fields else ""


TEXT = Field(Shape.TEXT)
NEEDED_TEXT = Field(Shape.TEXT, required=True)
URL = Field(Shape.URL)
FLAG = Field(Shape.FLAG)

SITES = Kind("sites", "site", {"Name": NEEDED_TEXT, "Slug": NEEDED_TEXT, "TimeZone": TEXT, "isActive": FLAG})
SEMINARS = Kind(
    "seminars",
    "seminar",
    {
        "Id": Field(Shape.NUMBER, required=True),
        "Name": NEEDED_TEXT,
        "Slug": NEEDED_TEXT,
        "isPublished": FLAG,
        "CustomFields": Field(Shape.CUSTOM_FIELDS),
        "SessionTypes": Field(Shape.SESSION_TYPES),
    },
    parent="SiteUuid",
    hidden=frozenset({"CustomFields", "SessionTypes"}),
)
STREAMS = Kind(
    "streams",
    "stream",
    {"Name": NEEDED_TEXT, "Colour": Field(Shape.COLOUR)},
    parent="SeminarUuid",
    hidden=frozenset({"SeminarUuid"}),
)
LOCATIONS = Kind(
    "locations", "location", {"Name": NEEDED_TEXT}, parent="SeminarUuid", hidden=frozenset({"SeminarUuid"})
)
SESSIONS = Kind(
    "sessions",
    "session",
    {
        "Title": NEEDED_TEXT,
        "Description": TEXT,
        "StartTime": Field(Shape.TIME, required=True),
        "EndTime": Field(Shape.TIME, required=True),
        "ClientSessionId": NEEDED_TEXT,
        "SessionType": Field(Shape.SESSION_TYPE),
        "Location": Field(Shape.LOCATION),
        "Streams": Field(Shape.STREAMS),
        "Speakers": Field(Shape.SPEAKERS),
        "isPublished": FLAG,
        "CustomFields": Field(Shape.CUSTOM_VALUES),
    },
    parent="SeminarUuid",
    stamped=True,
)
SPEAKERS = Kind(
    "speakers",
    "speaker",
    {
        "FirstName": NEEDED_TEXT,
        "LastName": NEEDED_TEXT,
        "Email": Field(Shape.EMAIL, required=True),
        "JobTitle": TEXT,
        "Honorific": TEXT,
        "Company": TEXT,
        "Website": URL,
        "MobilePhone": TEXT,
        "Biography": TEXT,
        "Headshot": URL,
        "FacebookUrl": URL,
        "LinkedInUrl": URL,
        "TwitterUrl": URL,
        "isActive": FLAG,
        "CustomFields": Field(Shape.CUSTOM_VALUES),
    },
    parent="SiteUuid",
    stamped=True,
)
KINDS = {kind.name: kind for kind in (SITES, SEMINARS, STREAMS, LOCATIONS, SESSIONS, SPEAKERS)}
