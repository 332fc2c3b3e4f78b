"""What ASP has, in the portal's words: plain values, which a plan is made from too."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Site:
    """A site: what admins call an ASP event. `timezone` is an IANA name, where ASP reports one."""

    uuid: str
    name: str
    timezone: str | None


@dataclass(frozen=True, slots=True)
class Seminar:
    """The container of a site's sessions; `custom_fields` maps a slug to its type."""

    uuid: str
    number: str
    name: str
    site_uuid: str
    custom_fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AspChoice:
    """A stream or a location; `colour` is #rrggbb, and a stream's alone."""

    uuid: str
    name: str
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class AspRecord:
    """A session or a speaker as ASP has it: slug → value, custom fields among the others."""

    uuid: str
    values: dict[str, Any]
    created: str
