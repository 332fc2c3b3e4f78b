"""What a source of programmes must offer. Pulling and storing know no more of it than this.

A new source is a new folder beside this file, a line where `operations/sources/connecting.py` makes one, and one in
`operations/queries/editable.py`, which says whether what it brought may be changed here as well.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from portal.programme.content import ProgrammeContent


@dataclass(frozen=True, slots=True)
class OfferedEvent:
    """An event that the source has; `id` as the source writes it, `timezone` an IANA name where it tells one."""

    id: str
    name: str
    timezone: str | None


@dataclass(frozen=True, slots=True)
class AlreadyStored:
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
class Cursor:
    """Where the next pull begins, and how many sessions and contacts the source counts."""

    sessions_after: datetime
    contacts_after: datetime
    sessions_total: int
    contacts_total: int


@dataclass(frozen=True, slots=True)
class Pulled:
    """A programme as its source has it now: all of it (`content.whole`) or what has changed (`content.partly`).

    A source that always gives everything has no `cursor`.
    """

    content: ProgrammeContent
    cursor: Cursor | None = None


class ProgrammeSource(Protocol):
    """One organisation's access to a source."""

    kind: str  # what `Event.source` says of an event that it brought
    name: str  # for messages
    lag: timedelta  # so old may an answer be when it comes

    @property
    def requests(self) -> int:
        """How many it has sent."""

    def events(self) -> list[OfferedEvent]:
        """Those that can be pulled. Raises SourceError, or InvalidFile for a file."""

    def pull(self, event_id: str, known: AlreadyStored | None, *, whole: bool = False) -> Pulled:
        """The event's programme; with None, and with `whole`, all of it. Reads only; raises as `events` does."""

    def close(self) -> None:
        """Give back what is held open."""
