"""What a plan consists of: the intended changes, each with its reason."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from portal.sync.planning.payload import Reference
from portal.sync.planning.reasons import FROZEN
from portal.sync.planning.snapshot import LinkSnapshot


class Action(StrEnum):
    """What is to be done with a record."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    SKIP = "skip"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Intended:
    """What shall become of one session or speaker, and why.

    `values` maps slugs to values, in which references stand for Uuids that may not be known yet. `public` is what
    a new record is created with, `publish` a change to a linked one that the portal may make (D9, D15), if any.
    `also` names the other contacts that this speaker stands for, `handed_on` is the link that whose record it takes
    over gets in exchange (D13).
    """

    kind: str
    id: str
    name: str
    action: Action
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    link: LinkSnapshot | None = None
    public: bool = True
    publish: bool | None = None
    also: tuple[str, ...] = ()
    handed_on: LinkSnapshot | None = None
    withheld: bool = False  # would be unpublished, had an admin approved it (D12)


@dataclass(frozen=True, slots=True)
class IntendedChoice:
    """A stream or location that sessions refer to; `values` is what a create or an update sends."""

    kind: str  # "stream" or "location"
    key: str  # the folded name
    name: str
    action: Action
    values: dict[str, Any] = field(default_factory=dict)
    uuid: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a run intends. `stop` says why nothing may be written at all."""

    speakers: tuple[Intended, ...] = ()
    sessions: tuple[Intended, ...] = ()
    choices: tuple[IntendedChoice, ...] = ()
    known: dict[Reference, str] = field(default_factory=dict)  # the Uuids of what is in ASP before the run
    warnings: tuple[str, ...] = ()
    stop: str | None = None
    withheld: int = 0  # how many records are not unpublished until an admin approves (D12)

    def creates(self, kind: str) -> bool:
        """Whether a session or speaker without a link is to be created, so that ASP must be looked through (E11)."""
        records = self.sessions if kind == "session" else self.speakers
        return any(each.action is Action.CREATE for each in records)

    @property
    def frozen(self) -> int:
        """How many sessions would go, had they not been synced before a Disconnect (F3)."""
        return sum(each.reason == FROZEN.words() for each in self.sessions)
