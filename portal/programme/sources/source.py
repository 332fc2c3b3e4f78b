"""What a source of programmes must offer. Pulling and storing know no more of it than this.

A new source is a new folder beside this file, and a line where `operations/sources.py` makes one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal.programme.content import ProgrammeContent


@dataclass(frozen=True, slots=True)
class OfferedEvent:
    """An event that the source has; `id` as the source writes it, `timezone` an IANA name where it tells one."""

    id: str
    name: str
    timezone: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of an event already: a source may then answer with the changes alone.

    `sessions` and `contacts` are the ids of what is not gone; `people` those of everybody. What changed later than
    the two moments has not been read. `more_…`: how many more are stored than the source counts.
    """

    sessions: frozenset[str]
    contacts: frozenset[str]
    people: frozenset[str]
    sessions_after: datetime
    contacts_after: datetime
    more_sessions: int
    more_contacts: int


@dataclass(frozen=True, slots=True)
class Pulled:
    """A programme as its source has it now: all of it (`content.whole`) or what has changed (`content.partly`).

    `sessions_after` and `contacts_after` are where the next pull begins; the totals are what the source counts.
    """

    content: ProgrammeContent
    sessions_after: datetime
    contacts_after: datetime
    sessions_total: int
    contacts_total: int


class Source(Protocol):
    """One organisation's access to a source. Every method raises SourceError."""

    name: str  # for messages
    is_editable: bool  # whether what it brought may be changed in the portal as well (H1, H3)
    requests: int  # so many were sent

    def events(self) -> list[OfferedEvent]:
        """Those that can be pulled."""

    def pull(self, event_id: str, known: Known | None) -> Pulled:
        """The event's programme; with None everything is read. Reads only."""

    def close(self) -> None:
        """Give back what is held open."""
