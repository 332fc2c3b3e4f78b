"""An ASP, a pool and a ledger as small as a test of the push needs them: they remember what they were asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from plan_samples import CONTRACT

from portal.asp.client import AspClient
from portal.asp.errors import AspError, NotThere
from portal.asp.exchange import RequestTally
from portal.asp.patience import Waiting
from portal.asp.records import AspRecord
from portal.sync.planning.intent import Action, Intended, IntendedChoice
from portal.sync.pushing.creating import Creator
from portal.sync.pushing.links import Place
from portal.sync.pushing.pool import Pool, Task
from portal.sync.pushing.refusals import Refusals
from portal.sync.pushing.writing import Names, Writer
from portal.sync.pushing.written import Written

SITE, SEMINAR = "SITE", "SEMINAR"


class RememberedAsp:
    """Remembers each call as (name, arguments…); `problems` are what the next calls of a name answer instead."""

    contract = CONTRACT
    first_pause = 1.0
    timeout = 10.0

    def __init__(self, **problems: list[AspError | None]) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.people: dict[str, dict[str, Any]] = {}
        self.sessions: dict[str, dict[str, Any]] = {}
        self.now = 0.0
        self.tally = RequestTally()
        self.waiting = Waiting(lambda: self.now, self._pass)
        self._problems = problems

    @property
    def client(self) -> AspClient:
        return cast(AspClient, self)

    def _pass(self, seconds: float) -> None:
        self.now += max(seconds, 0.0)

    def _call(self, name: str, *arguments: Any) -> str:
        self.calls.append((name, *arguments))
        left = self._problems.get(name)
        if left and (problem := left.pop(0)) is not None:
            raise problem
        return f"NEW-{len(self.calls)}"

    def create_stream(self, seminar: str, values: dict[str, Any]) -> str:
        return self._call("create_stream", seminar, values)

    def create_location(self, seminar: str, values: dict[str, Any]) -> str:
        return self._call("create_location", seminar, values)

    def update_stream(self, seminar: str, uuid: str, values: dict[str, Any]) -> None:
        self._call("update_stream", seminar, uuid, values)

    def create_speaker(self, site: str, values: dict[str, Any]) -> str:
        return self._call("create_speaker", site, dict(values))

    def create_session(self, seminar: str, values: dict[str, Any], *, published: bool) -> str:
        return self._call("create_session", seminar, dict(values), published)

    def update_speaker(self, uuid: str, values: dict[str, Any], *, active: bool | None = None) -> None:
        self._call("update_speaker", uuid, dict(values), active)

    def update_session(
        self, seminar: str, uuid: str, values: dict[str, Any], *, published: bool | None = None
    ) -> None:
        self._call("update_session", seminar, uuid, dict(values), published)

    def speaker(self, uuid: str) -> AspRecord:
        self._call("speaker", uuid)
        if uuid not in self.people:
            raise NotThere("No such record")
        return AspRecord(uuid, self.people[uuid], "")

    def session(self, seminar: str, uuid: str) -> AspRecord:
        self._call("session", seminar, uuid)
        if uuid not in self.sessions:
            raise NotThere("No such record")
        return AspRecord(uuid, self.sessions[uuid], "")

    def seminar(self, identifier: str) -> None:
        self._call("seminar", identifier)


class Shown:
    """ASP's lists of one kind, as they are looked into: what stands there by its key."""

    def __init__(self, **records: AspRecord) -> None:
        self.records = records
        # The key, and the moment since when the list must have been read.
        self.looked: list[tuple[str, float]] = []

    def find(self, key: str, since: float) -> AspRecord | None:
        self.looked.append((key, since))
        return self.records.get(key)


def make_writer(
    asp: RememberedAsp,
    *,
    shown: Shown | None = None,
    people: dict[str, str] | None = None,
    recreate_deleted: bool = False,
    **names: Any,
) -> Writer:
    kinds = ("session", "speaker", "stream", "location")
    return Writer(
        asp.client,
        Creator(asp.client, cast(Any, dict.fromkeys(kinds, shown or Shown()))),
        Refusals(asp.client, people or {}),
        Names(**names),
        Place(1, 1, SITE, SEMINAR),
        recreate_deleted=recreate_deleted,
    )


def intend(kind: str = "session", id: str = "1", **more: Any) -> Intended:
    """A record with an address and a name, to be updated where it has a link."""
    action = more.pop("action", Action.UPDATE if more.get("link") else Action.CREATE)
    return Intended(kind, id, f"Name of {id}", action, **more)


class AtOnce:
    """Carries tasks out as they come, in the caller's thread."""

    def __init__(self) -> None:
        self.sizes: list[int] = []  # how many tasks each call had

    @property
    def pool(self) -> Pool:
        return cast(Pool, self)

    def run(self, tasks: Iterable[Task]) -> None:
        every = list(tasks)
        self.sizes.append(len(every))
        for task in every:
            try:
                result = task.work()
            except AspError as error:
                task.failed(error)
            else:
                task.done(result)


@dataclass
class RememberedLedger:
    """What a push wrote down."""

    records: list[Written]
    choices: list[tuple[IntendedChoice, str]]
    warnings: list[str]

    def record(self, written: Written) -> None:
        self.records.append(written)

    def record_choice(self, choice: IntendedChoice, uuid: str) -> None:
        self.choices.append((choice, uuid))

    def warn(self, reason: str) -> None:
        self.warnings.append(reason)


class RememberedWriter:
    """Writes as it is told to: what it gives for a record, by its id, is a result or a problem."""

    def __init__(self, results: dict[str, Any], check: Callable[[], None] = lambda: None) -> None:
        self.written: list[tuple[str, dict[Any, str]]] = []  # the id, and what was known then
        self._results = results
        self.check_seminar = check

    @property
    def writer(self) -> Writer:
        return cast(Writer, self)

    def write(self, intended: Intended, known: dict[Any, str]) -> Written:
        self.written.append((intended.id, dict(known)))
        return self._give(intended.id)

    def write_choice(self, choice: IntendedChoice) -> str:
        self.written.append((choice.key, {}))
        return self._give(choice.key)

    def _give(self, key: str) -> Any:
        result = self._results[key]
        if isinstance(result, AspError):
            raise result
        return result
