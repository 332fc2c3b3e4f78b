"""A programme file in the shape of Sessionboard's API as a source of programmes (H2)."""

from datetime import timedelta
from pathlib import Path

from portal.programme.content import ProgrammeContent
from portal.programme.reading import FindEvent, nothing_known, read_json
from portal.programme.sources.errors import EventGone
from portal.programme.sources.source import AlreadyStored, OfferedEvent, Pulled


class JsonFile:
    """A file with one event, as `ProgrammeSource` asks for it. What it lacks is not gone: it may hold a part."""

    kind = "file"
    name = "the file"
    lag = timedelta(0)
    requests = 0

    def __init__(self, path: Path, max_bytes: int, stored: FindEvent = nothing_known) -> None:
        self._path = path
        self._stored = stored
        self._max_bytes = max_bytes
        self._read: ProgrammeContent | None = None

    def events(self) -> list[OfferedEvent]:
        content = self.content()
        return [OfferedEvent(content.event_source_id, content.name, content.timezone)]

    def pull(self, event_id: str, known: AlreadyStored | None, *, whole: bool = False) -> Pulled:
        content = self.content()
        if content.event_source_id != event_id:
            raise EventGone(f"The file has no event {event_id}: it holds {content.event_source_id}.")
        return Pulled(content)

    def close(self) -> None:
        self._read = None

    def content(self) -> ProgrammeContent:
        if self._read is None:
            self._read = read_json(self._path, self._max_bytes, self._stored)
        return self._read
