"""The calls of Sessionboard's public API that the portal makes. It has no way to write there."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import quote

from portal.programme.sources.errors import EventGone, UnexpectedAnswer
from portal.programme.sources.sessionboard.transport import IF_IT_GOES_ON, Transport

EVENTS = "/v1/events"
PAGE_SIZE = 100
DEFAULT_SIZE = 25  # of a page for which no other size is heeded
A_FEW = 25  # people who come along with their number
MOST_PAGES = 600  # G5: 50,000 records, and some to spare
READINGS = 4
NOT_TOLD = -1
ENVELOPES = ("results", "data")  # older and newer endpoints
MOVING = "Sessionboard’s programme changed again and again while it was read. Try again in a few minutes."
CONTRADICTING = (
    f"Sessionboard’s answers contradict each other: it counts other records than it sends. {IF_IT_GOES_ON}"
)
NO_LIST = f"Sessionboard answered with something else where a list was expected. {IF_IT_GOES_ON}"
LISTS = ("tags", "rooms", "formats", "levels", "tracks")

Record = dict[str, Any]


class Listing(list[Record]):
    """Records of a search, each once, and how many the source says there are."""

    total: int

    def __init__(self, records: list[Record], total: int) -> None:
        super().__init__(records)
        self.total = total


class Reading:
    """A list as its pages gave it once."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self._totals: set[int] = set()
        self._rows = 0
        self._is_twice = False  # a record stood on two pages
        self._is_cut = False  # a page was empty that should have gone on where a full one ended

    def take(self, found: list[Record], pagination: Record, *, is_cut: bool) -> None:
        known = set(self.records)
        for record in found:
            own_id = str(record.get("id") or f"none {len(self.records)}")
            self._is_twice |= own_id in known
            self.records[own_id] = record
        self._rows += len(found)
        self._totals.add(pagination.get("totalResults", NOT_TOLD))
        self._is_cut |= is_cut

    def total(self, before: "Reading | None") -> int | None:
        """How many rows the source counts; None where the list may have moved, so that something is missing.

        A record that is given twice tells that it moved, unless it is given twice each time.
        """
        read = len(self.records)
        if self._totals == {read} or (self._totals == {NOT_TOLD} and not (self._is_twice or self._is_cut)):
            return read
        return self._rows if self._totals == {self._rows} and self.is_like(before) else None

    def is_like(self, before: "Reading | None") -> bool:
        return before is not None and before.records.keys() == self.records.keys()


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
        before: Reading | None = None
        for _ in range(READINGS):
            reading = Reading()
            for found, pagination, is_cut in self._pages(method, path, body):
                reading.take(found, pagination, is_cut=is_cut)
            total = reading.total(before)
            if total is not None:
                return Listing(list(reading.records.values()), total)
            is_same, before = reading.is_like(before), reading
        raise UnexpectedAnswer(CONTRADICTING if is_same else MOVING)

    def _pages(
        self, method: str, path: str, body: Record | None
    ) -> Iterator[tuple[list[Record], Record, bool]]:
        """Page after page: its records, what is told of the pages, and whether it is empty where it should not be."""
        seen: set[str] = set()
        was_full = False
        for number in count(1):
            found, pagination = self._page(method, path, number, body)
            new = {str(each.get("id")) for each in found} - seen
            pages = pagination.get("totalPages")
            if number > 1 and not new and not pages:
                return  # who does not count pages gives the last one again
            yield found, pagination, was_full and not found
            seen |= new
            was_full = _is_full(found, pagination)
            more = number < pages if pages else len(seen) < pagination.get("totalResults", 0) or was_full
            if not new or not more:
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
            lists = [answer[key] for key in ENVELOPES if answer.get(key) is not None]
            found = next((each for each in lists if each), lists[0] if lists else None)
            pagination = answer.get("pagination")
        else:
            # A short list may come as it is. An empty one of events tells nothing: something in between answered.
            found = answer if method == "GET" and (answer or path != EVENTS) else None
            pagination = {"totalPages": 1}
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise UnexpectedAnswer(NO_LIST)
        told = pagination if isinstance(pagination, dict) else {}
        return found, {name: whole for name, value in told.items() if (whole := _whole(value)) is not None}


def _is_full(found: list[Record], pagination: Record) -> bool:
    """Whether another page may follow, as far as the page itself tells."""
    size = pagination.get("pageSize")
    return len(found) >= size if size else len(found) >= PAGE_SIZE or len(found) % DEFAULT_SIZE == 0


def _whole(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
        return int(value)
    return value if type(value) is int and value >= 0 else None


def _path(event_id: str, name: str) -> str:
    return f"/v1/event/{quote(event_id, safe='')}/{name}"


def _search(after: datetime | None, **filters: Any) -> Record:
    if after is not None:
        moment = after.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        filters["updatedAt"] = {"after": moment}
    return {"filters": filters, "sort": {"order": "updatedAt", "sort": "asc"}}
