"""Sessionboard as a source of programmes (H1): what changed since the last pull, or everything.

pull:  events ─→ lists, fields ─→ changed sessions and speakers ─→ counts ─┬─ as expected ─→ a part
                                                                           └─ else ─→ all of them ─→ the whole
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from portal.errors import InvalidFile
from portal.models import ChoiceKind
from portal.programme.content import ChoiceContent, ProgrammeContent
from portal.programme.entry import Entry
from portal.programme.problems import Problems
from portal.programme.reading import read_choice, read_programme
from portal.programme.sources.errors import EventGone, PersonalDataHidden, not_taken_in
from portal.programme.sources.sessionboard.client import A_FEW, LISTS, Listing, Record, SessionboardClient
from portal.programme.sources.sessionboard.definitions import read_definitions
from portal.programme.sources.sessionboard.shapes import in_shape_of_a_file
from portal.programme.sources.source import AlreadyStored, Cursor, OfferedEvent, Pulled
from portal.programme.values import hides_name, is_masked, parse_moment
from portal.text.storable import made_storable

CACHE = timedelta(minutes=3)  # so long is the answer to a search kept over there
TICK = timedelta(milliseconds=1)  # of their times of change
LONG_AGO = datetime.min.replace(tzinfo=UTC)
EVENTS_LOOKED_AT = 10  # for an e-mail address, until one is found
KINDS = {
    "tags": ChoiceKind.TAG,
    "rooms": ChoiceKind.ROOM,
    "formats": ChoiceKind.FORMAT,
    "levels": ChoiceKind.LEVEL,
    "tracks": ChoiceKind.TRACK,
}
HIDDEN = (
    "Sessionboard hides personal data from this access token: {what} come masked, as in “{text}”, and "
    "nobody can be known by such a one. Make a token there without “Hide PII”, and enter it under Settings → "
    "Integrations."
)


class SessionboardSource:
    """One organisation's access to Sessionboard, as `ProgrammeSource` asks for it. `now` gives the time in UTC."""

    kind = "sessionboard"
    name = "Sessionboard"
    lag = CACHE

    def __init__(self, client: SessionboardClient, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now

    @property
    def requests(self) -> int:
        return self._client.requests

    def close(self) -> None:
        self._client.close()

    def events(self) -> list[OfferedEvent]:
        return [_offered(each) for each in self._client.events() if isinstance(each.get("id"), int | str)]

    def check_personal_data(self, events: Iterable[OfferedEvent]) -> None:
        """Look at the first e-mail address that can be found. Raises PersonalDataHidden."""
        for event in list(events)[:EVENTS_LOOKED_AT]:
            speakers, _ = self._client.some_speakers(event.id)
            known = [each for each in speakers if each.get("email")]
            if known:
                _refuse_hidden(known)
                return

    def pull(self, event_id: str, known: AlreadyStored | None, *, whole: bool = False) -> Pulled:
        began = self._now()
        event = self._event(event_id)
        lists = {name: self._client.list_of(event_id, name) for name in LISTS}
        fields = self._client.list_of(event_id, "fields")
        changed = self._changed(event_id, known) if known is not None else (Listing([], 0), Listing([], 0))
        if known is None or whole or not self._agrees(event_id, known, changed):
            whole = True
            everything = (self._client.sessions(event_id), self._client.speakers(event_id))
            sessions, speakers = map(_united, everything, changed)
        else:
            sessions, speakers = changed
        content = _read(event, sessions, speakers, lists, fields, known)
        return Pulled(
            replace(content, whole=whole, partly=not whole),
            Cursor(
                sessions_after=_next_after(began, sessions, known.sessions_after if known else None),
                contacts_after=_next_after(began, speakers, known.contacts_after if known else None),
                sessions_total=sessions.total,
                contacts_total=speakers.total,
            ),
        )

    def _event(self, event_id: str) -> Record:
        for event in self._client.events():
            if str(event.get("id")) == event_id:
                return event
        raise EventGone(
            f"Sessionboard has no event {event_id} that this access token may read. It was deleted there, or the "
            "token is restricted to other events."
        )

    def _changed(self, event_id: str, known: AlreadyStored) -> tuple[Listing, Listing]:
        """The sessions and speakers that changed."""
        return (
            self._client.sessions(event_id, known.sessions_after),
            self._client.speakers(event_id, known.contacts_after),
        )

    def _agrees(self, event_id: str, known: AlreadyStored, changed: tuple[Listing, Listing]) -> bool:
        """Whether as many are there as should be; otherwise something is gone.

        Raises PersonalDataHidden: a token may begin to hide it while nothing else changes.
        """
        sessions, speakers = changed
        expected = (
            len(known.sessions | _ids(sessions)) - known.more_sessions,
            len(known.contacts | _ids(speakers)) - known.more_contacts,
        )
        some, number_of_speakers = self._client.some_speakers(event_id, A_FEW)
        _refuse_hidden(some)
        counted = (self._client.count_sessions(event_id), number_of_speakers)
        return all(told in (None, number) for told, number in zip(counted, expected, strict=True))


def _offered(event: Record) -> OfferedEvent:
    """The event as pages show it, whatever stands there for a text."""
    own_id, name, timezone = made_storable(str(event["id"])), event.get("name"), event.get("timezone")
    return OfferedEvent(
        own_id,
        made_storable(name) if isinstance(name, str) and name else own_id,
        made_storable(timezone) if isinstance(timezone, str) else None,
    )


def _united(everything: Listing, changed: Listing) -> Listing:
    """All records, the later version of each.

    What has just changed may be missing in the longer list, where that was answered from their cache.
    """
    records = {str(each.get("id")): each for each in everything}
    for each in changed:
        known = records.setdefault(str(each.get("id")), each)
        if _time_of_change(each) > _time_of_change(known):
            records[str(each.get("id"))] = each
    return Listing(list(records.values()), everything.total)


def _time_of_change(record: Record) -> datetime:
    text = record.get("updated_at")
    return (parse_moment(text) if isinstance(text, str) else None) or LONG_AGO


def _ids(records: Iterable[Record]) -> set[str]:
    return {str(each.get("id")).lower() for each in records}


def _next_after(began: datetime, records: Listing, before: datetime | None) -> datetime:
    """From when on the next pull asks for changes.

    The newest time of change that was seen is their clock's; what an answer from their cache lacked is later than
    that, or within the cache's time before the pull. Where the portal's clock is wrong, more is read again.
    """
    moments = [moment for each in records if (moment := _time_of_change(each)) > LONG_AGO]
    if not moments:
        return before or began - CACHE
    return min(began - CACHE, max(moments) + TICK)


def _read(
    event: Record,
    sessions: Listing,
    speakers: Listing,
    lists: dict[str, list[Record]],
    fields: list[Record],
    known: AlreadyStored | None,
) -> ProgrammeContent:
    """The content of what was answered. Raises PersonalDataHidden and UnexpectedAnswer."""
    _refuse_hidden(_people(sessions, speakers))
    people = known.people if known is not None else frozenset()
    try:
        content = read_programme(in_shape_of_a_file(event, sessions, speakers, fields), people)
        return replace(content, choices=_read_lists(lists), definitions=read_definitions(fields))
    except InvalidFile as problem:
        raise not_taken_in(SessionboardSource.name, problem) from problem


def _people(sessions: Listing, speakers: Listing) -> Iterator[Record]:
    yield from speakers
    for session in sessions:
        participants = session.get("participants")
        for participant in participants if isinstance(participants, list) else ():
            contact = participant.get("contact") if isinstance(participant, dict) else None
            if isinstance(contact, dict):
                yield contact


def _refuse_hidden(people: Iterable[Record]) -> None:
    for person in people:
        email, names = person.get("email"), (person.get("first_name"), person.get("last_name"))
        if isinstance(email, str) and is_masked(email):
            raise PersonalDataHidden(HIDDEN.format(what="e-mail addresses", text=email[:60]))
        if hides_name(names):
            name = " ".join(each for each in names if isinstance(each, str))
            raise PersonalDataHidden(HIDDEN.format(what="names", text=name[:60]))


def _read_lists(lists: dict[str, list[Record]]) -> dict[tuple[str, str], ChoiceContent]:
    problems = Problems()
    found = {
        (KINDS[name].value, choice.source_id): choice
        for name, records in lists.items()
        for place, record in enumerate(records)
        if (choice := read_choice(Entry(record, f"{name}[{place}]", problems)))
    }
    problems.raise_if_any()
    return found
