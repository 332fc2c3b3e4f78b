"""Looking into ASP before a create is repeated: did the one whose answer was lost arrive after all? (E11)"""

import threading
from collections.abc import Callable, Iterable

from portal.asp.client import AspClient
from portal.asp.errors import NoAnswer
from portal.asp.records import AspChoice, AspRecord
from portal.sync.planning.keys import carried_id, email_of
from portal.text.matching import fold

Reading = Callable[[], Iterable[tuple[str, AspRecord]]]  # of one of ASP's lists: each record by its key


class Lookout:
    """One kind of ASP's records by key, read anew on demand; requests that need it at once share one reading."""

    def __init__(self, read: Reading, clock: Callable[[], float]) -> None:
        self._read = read
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._failed_at = float("-inf")
        self._found: dict[str, AspRecord] = {}

    def find(self, key: str, since: float) -> AspRecord | None:
        """The record, if ASP has it in a list that was asked for after the moment `since`.

        Raises AspError. Whoever waited for a reading that failed shares its failure: otherwise each in turn would
        wait for ASP as long again.
        """
        began = self._clock()
        with self._lock:
            if self._read_at <= since:
                if self._failed_at > began:
                    raise NoAnswer("ASP’s list could not be read", arrived=False)
                self._read_anew()
            return self._found.get(key)

    def count(self, key: str) -> list[str]:
        """The Uuids of all records with this key, in a list that is asked for now. Raises AspError."""
        with self._lock:
            return [record.uuid for each, record in self._read() if each == key]

    def _read_anew(self) -> None:
        started = self._clock()
        found: dict[str, AspRecord] = {}
        try:
            for each, record in self._read():
                found.setdefault(each, record)
        except NoAnswer as problem:
            self._failed_at = self._clock()
            raise NoAnswer(str(problem), arrived=False) from problem  # it is the create that may have arrived
        self._found, self._read_at = found, started


def lookouts(client: AspClient, seminar: str, site: str, wanted: dict[str, set[str]]) -> dict[str, Lookout]:
    """A lookout for each kind. Only records whose keys are `wanted` are kept: the lists can be long."""
    contract = client.contract

    def id_of(record: AspRecord) -> str:
        return carried_id(record.values, contract)

    def address_of(record: AspRecord) -> str:
        return email_of(record.values, contract)

    def sessions() -> Iterable[tuple[str, AspRecord]]:
        found = client.sessions(seminar, lambda each: id_of(each) in wanted["session"], patient=False)
        return [(id_of(each), each) for each in found]

    def speakers() -> Iterable[tuple[str, AspRecord]]:
        found = client.speakers(site, lambda each: address_of(each) in wanted["speaker"], patient=False)
        return [(address_of(each), each) for each in found]

    def choices(read: Callable[..., list[AspChoice]]) -> Reading:
        return lambda: (
            (fold(each.name), AspRecord(each.uuid, {}, "")) for each in read(seminar, patient=False)
        )

    clock = client.waiting.clock
    return {
        "session": Lookout(sessions, clock),
        "speaker": Lookout(speakers, clock),
        "stream": Lookout(choices(client.streams), clock),
        "location": Lookout(choices(client.locations), clock),
    }
