"""The calls of Sessionboard's public API that the portal makes. It has no way to write there."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import quote

from portal.programme.sources.errors import EventGone, UnexpectedAnswer
from portal.programme.sources.sessionboard.transport import Transport

EVENTS = "/v1/events"
PAGE_SIZE = 100
A_FEW = 25  # people who come along with their number
MOST_PAGES = 600  # G5: 50,000 records, and some to spare
READINGS = 4
NOT_TOLD = -1
ENVELOPES = ("results", "data")  # older and newer endpoints
LISTS = ("tags", "rooms", "formats", "levels", "tracks")

Record = dict[str, Any]


class Listing(list[Record]):
    """Records of a search, each once, and how many the source says there are."""

    total: int

    def __init__(self, records: list[Record], total: int) -> None:
        super().__init__(records)
        self.total = total


class SessionboardClient:
    """One organisation's access. Every method raises SourceError."""

    def __init__(self, transport: Transport, on_close: Callable[[], None] | None = None) -> None:
        self._transport = transport
        self._on_close = on_close

    @property
    def requests(self) -> int:
        """How many were sent, repeats among them."""
        return self._transport.requests

    def close(self) -> None:
        self._transport.close()
        if self._on_close:
            self._on_close()

    def events(self) -> list[Record]:
        """The events that the token may read."""
        return self._settled("GET", EVENTS, None)

    def sessions(self, event_id: str, after: datetime | None = None) -> Listing:
        """Sessions of any status, those alone that changed after a moment where one is given; no abstracts."""
        return self._settled("POST", _path(event_id, "sessions"), _search(after, isAbstract=False))

    def speakers(self, event_id: str, after: datetime | None = None) -> Listing:
        """The event's contacts, likewise."""
        return self._settled("POST", _path(event_id, "speakers"), _search(after))

    def some_speakers(self, event_id: str, most: int = PAGE_SIZE) -> tuple[list[Record], int | None]:
        """A few of them, and how many there are, where the source tells."""
        return self._some(_path(event_id, "speakers"), _search(None), most)

    def count_sessions(self, event_id: str) -> int | None:
        """How many sessions there are, where the source tells."""
        return self._some(_path(event_id, "sessions"), _search(None, isAbstract=False), 1)[1]

    def list_of(self, event_id: str, name: str) -> list[Record]:
        """One of LISTS, or "fields"; an organisation that does not use the feature has none of it."""
        try:
            return self._settled("GET", _path(event_id, name), None)
        except EventGone:
            return []

    def _some(self, path: str, body: Record, most: int) -> tuple[list[Record], int | None]:
        found, pagination = self._page("POST", path, 1, body, most)
        return found, pagination.get("totalResults")

    def _settled(self, method: str, path: str, body: Record | None) -> Listing:
        """All pages of a list that stood still while it was read.

        A record that is changed meanwhile moves to the list's end, and another one slips onto a page that was read
        already: it would seem to be gone.
        """
        for _ in range(READINGS):
            records: dict[str, Record] = {}
            totals: set[int] = set()
            for found, pagination in self._pages(method, path, body):
                for record in found:
                    records[str(record.get("id", len(records)))] = record
                totals.add(pagination.get("totalResults", NOT_TOLD))
            if totals in ({len(records)}, {NOT_TOLD}):
                return Listing(list(records.values()), len(records))
        raise UnexpectedAnswer(
            "Sessionboard’s programme changed again and again while it was read. Try again in a few minutes."
        )

    def _pages(self, method: str, path: str, body: Record | None) -> Iterator[tuple[list[Record], Record]]:
        seen: set[str] = set()
        for number in count(1):
            found, pagination = self._page(method, path, number, body)
            yield found, pagination
            new = {str(each.get("id")) for each in found} - seen
            seen |= new
            # Where nobody says how many pages there are, a full one that brings something new is not the last.
            least = number + 1 if len(found) >= PAGE_SIZE and new else number
            if not found or number >= pagination.get("totalPages", least):
                return
            if number == MOST_PAGES:
                raise UnexpectedAnswer("Sessionboard has more records than an event of the portal can hold.")

    def _page(
        self, method: str, path: str, number: int, body: Record | None, size: int = PAGE_SIZE
    ) -> tuple[list[Record], Record]:
        """The records of a page, and what is said of the pages: whole numbers where they are there at all."""
        answer = self._transport.ask(method, path, {"page": number, "pageSize": size}, body)
        pagination: Any = {}
        if isinstance(answer, dict):
            found = next((answer[key] for key in ENVELOPES if answer.get(key) is not None), None)
            pagination = answer.get("pagination")
        else:
            # A short list may come as it is. An empty one of events tells nothing: something in between answered.
            found = answer if method == "GET" and (answer or path != EVENTS) else None
            pagination = {"totalPages": 1}
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise UnexpectedAnswer("Sessionboard answered with something else where a list was expected.")
        told = pagination if isinstance(pagination, dict) else {}
        return found, {name: whole for name, value in told.items() if (whole := _whole(value)) is not None}


def _whole(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
        return int(value)
    return value if type(value) is int else None


def _path(event_id: str, name: str) -> str:
    return f"/v1/event/{quote(event_id, safe='')}/{name}"


def _search(after: datetime | None, **filters: Any) -> Record:
    if after is not None:
        moment = after.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        filters["updatedAt"] = {"after": moment}
    return {"filters": filters, "sort": {"order": "updatedAt", "sort": "asc"}}
