"""Where a fault is met, and what is counted afterwards: what stands in ASP twice, or not, or under another's link."""

import subprocess
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sync_world import World, contact_id, make_contact, make_programme, make_session, on_it, session_id

from portal.config import Settings
from portal.models import Event, FrozenSession, Run, db
from portal.operations.mapping.event_settings import (
    EventSettings,
    current_event_settings,
    save_event_settings,
)
from portal.operations.syncing.drift import compare_with_asp
from portal.workers.embedded import start_queue

SIZE = 24
SYNC = ("portal", "sync", "--org", "one", "--event", "4630", "--json")
CALM: dict[str, Any] = {
    "latency_ms": 0, "rate_per_s": 0, "retry_after": True, "fail_rate": 0, "fail_status": 500, "fail_paths": "",
    "drop_before_commit_rate": 0, "drop_after_commit_rate": 0, "garble_rate": 0, "truncate_rate": 0, "hang_s": 0,
    "late_commit_ms": 0, "token_ttl_s": 3600, "down": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Harm:
    """What a fault has done; all of it must be nothing."""

    duplicates: int
    lost: int
    wrong_links: int


class Queue:
    """A queue that can go and come back."""

    def __init__(self, folder: Path) -> None:
        self._settings = Settings(instance_dir=folder)
        self.start()

    def start(self) -> None:
        self._server, self.url = start_queue(self._settings)

    def stop(self) -> None:
        self._server.stop()

    def restart(self) -> None:
        self.stop()
        self.start()


class Scene:
    """An event with a speaker and a room for each session, mapped and not synced yet."""

    def __init__(self, world: World, queue: Queue, restart_database: Callable[[], None]) -> None:
        self.world, self.asp = world, world.asp
        self.queue, self.restart_database = queue, restart_database
        self.event_id = world.load(self.programme()).id
        world.connect()
        world.map(self.event)

    @property
    def event(self) -> Event:
        db.session.rollback()
        return db.session.get_one(Event, self.event_id)

    def programme(self, words: str = "", size: int = SIZE) -> dict[str, Any]:
        """The programme with these words in every title."""
        numbers = range(1, size + 1)
        sessions = [
            make_session(
                each,
                on_it(each),
                title=f"Session {each}{words}",
                room={"id": f"r{each % 3}", "name": f"Room {each % 3}"},
            )
            for each in numbers
        ]
        people = [make_contact(each, photo_url=photo_of(each)) for each in numbers]
        return make_programme(sessions, people)

    def sync(self) -> Run:
        return self.world.sync(self.event)

    def sync_when(self, kind: str, number: int, action: Callable[[], Any], latency_ms: float = 25) -> Run:
        """A run, during which the action is done as soon as ASP has so many records of that kind."""
        self.asp.control(latency_ms=latency_ms)
        with self.when(kind, number, action):
            return self.sync()

    def when(self, kind: str, number: int, action: Callable[[], Any]) -> AbstractContextManager[Any]:
        return self.world.meanwhile(self.world.has(kind, number), action)

    def process(self, **environment: str) -> "subprocess.Popen[str]":
        """`portal sync`, as a process of its own."""
        return self.world.command(*SYNC, **environment)

    def last_message(self) -> str:
        db.session.rollback()
        return str(db.session.query(Run).order_by(Run.id.desc()).first().message)

    def change_settings(self, **values: Any) -> None:
        mapping = self.world.mapping(self.event)
        now = current_event_settings(mapping)
        kept = {name: getattr(now, name) for name in EventSettings.__dataclass_fields__}
        save_event_settings(mapping, EventSettings(**kept | values), "tester")

    def is_in_step(self) -> bool:
        """Whether the next sync succeeds and leaves nothing to do, and ASP has what was pushed."""
        self.asp.control(**CALM)
        succeeded = self.sync().status == "succeeded"
        writes = self.world.writes_of(self.sync)
        return succeeded and writes == 0 and compare_with_asp(self.world.mapping(self.event)).records == []

    def harm(self, size: int = SIZE) -> Harm:
        records = self.asp.records()
        seminar = self.world.mapping(self.event).seminar_uuid
        sessions = {
            each["CustomFields"]["sessionboard_id"]: each
            for each in records["sessions"]
            if each["SeminarUuid"] == seminar
        }
        speakers = {each["Email"]: each for each in records["speakers"]}
        twice = [
            *_twice(
                (each["SeminarUuid"], each["CustomFields"]["sessionboard_id"]) for each in records["sessions"]
            ),
            *_twice(each["Email"] for each in records["speakers"]),
            *_twice(
                (each["SeminarUuid"], each["Name"]) for each in records["streams"] + records["locations"]
            ),
        ]
        lost, wrong = 0, 0
        for number in range(1, size + 1):
            session, speaker = sessions.get(session_id(number)), speakers.get(f"person{number}@example.org")
            lost += (session is None) + (speaker is None)
            if session is not None and speaker is not None:
                wrong += session["Speakers"] != [speaker["Uuid"]]
                wrong += speaker["Headshot"] != photo_of(number)
                frozen = db.session.query(FrozenSession).filter_by(source_id=session_id(number)).count()
                if not frozen:  # a disconnect ends these links on purpose (F3)
                    wrong += self._link("session", session_id(number)) != session["Uuid"]
                    wrong += self._link("speaker", contact_id(number)) != speaker["Uuid"]
        return Harm(len(twice), lost, wrong)

    def _link(self, kind: str, key: str) -> str | None:
        link = self.world.links(kind).get(key)
        return link.asp_uuid if link else None


def photo_of(number: int) -> str:
    return f"https://example.org/{number}.jpg"


def _twice(keys: Iterable[Any]) -> list[Any]:
    return [key for key, number in Counter(keys).items() for _ in range(number - 1)]
