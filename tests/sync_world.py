"""A portal, an organisation in it and a local ASP: what tests of the sync are made of. And small programmes."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from sqlalchemy import select, text
from tables import leave_tables, make_tables

from asp_local.server import LocalAsp
from demo.shifting import shift
from portal.asp.contract import Contract
from portal.asp.transport import Transport
from portal.config import Settings
from portal.core import create_core
from portal.models import (
    SCHEMA_REVISION,
    Event,
    Link,
    Mapping,
    Organisation,
    Outcome,
    Run,
    RunRecord,
    RunStatus,
    User,
    db,
)
from portal.operations.connection.connecting import connect_asp
from portal.operations.files.importing import import_programme
from portal.operations.mapping.adding import AddedMapping, Answers, add_mapping
from portal.operations.sources.connecting import connect_sessionboard
from portal.operations.syncing.runs import perform_run, request_run
from portal.sync.running.terms import mapping_of
from portal.workers.processes import process_environment

ROOT = Path(__file__).parents[1]

SITE = "AAAAAAAA-0000-4000-8000-00000000000A"
SILENT_SITE = "BBBBBBBB-0000-4000-8000-00000000000B"  # reports no timezone
FAR_SITE = "CCCCCCCC-0000-4000-8000-00000000000C"
FOREIGN_SITE = "DDDDDDDD-0000-4000-8000-00000000000D"
SEMINAR, SECOND_SEMINAR, BARE_SEMINAR, UNREADY_SEMINAR = "71", "72", "73", "74"
SILENT_SEMINAR, FAR_SEMINAR, FOREIGN_SEMINAR = "75", "76", "77"
KEY, SECRET = "demo-key", "s3cret-of-the-demo"
OTHER_KEY, OTHER_SECRET = "other-key", "s3cret-of-the-other"
REQUIRED_FIELD = [{"slug": "sessionboard_id", "type": "text"}]
OPTIONAL_FIELDS = [
    {"slug": "sessionboard-content", "type": "url"},
    {"slug": "levels-checkbox", "type": "checkbox"},
    {"slug": "panel-moderator", "type": "speakerlist"},
    {"slug": "chairperson", "type": "speakerlist"},
]
TYPES = ["Session", "Keynote", "Workshop"]
YEAR = datetime.now(UTC).year + 1  # so that no session has ended


def _seminar(number: str, site: str, fields: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "Uuid": f"EEEEEEEE-0000-4000-8000-0000000000{number}",
        "Id": int(number),
        "SiteUuid": site,
        "Name": f"Seminar {number}",
        "Slug": f"seminar-{number}",
        "custom_fields": fields,
        "session_types": TYPES,
    }


SEED: dict[str, Any] = {
    "accounts": [
        {"api_key": KEY, "api_secret": SECRET, "sites": [SITE, SILENT_SITE, FAR_SITE]},
        {"api_key": OTHER_KEY, "api_secret": OTHER_SECRET, "sites": [FOREIGN_SITE]},
    ],
    "sites": [
        {"Uuid": SITE, "Name": "First site", "Slug": "first", "TimeZone": "Europe/Brussels"},
        {"Uuid": SILENT_SITE, "Name": "Silent site", "Slug": "silent"},
        {"Uuid": FAR_SITE, "Name": "Far site", "Slug": "far", "TimeZone": "America/New_York"},
        {"Uuid": FOREIGN_SITE, "Name": "Foreign site", "Slug": "foreign", "TimeZone": "Europe/Paris"},
    ],
    "seminars": [
        _seminar(SEMINAR, SITE, [*REQUIRED_FIELD, *OPTIONAL_FIELDS]),
        _seminar(SECOND_SEMINAR, SITE, [*REQUIRED_FIELD, *OPTIONAL_FIELDS]),
        _seminar(BARE_SEMINAR, SITE, REQUIRED_FIELD),
        _seminar(UNREADY_SEMINAR, SITE, OPTIONAL_FIELDS),
        _seminar(SILENT_SEMINAR, SILENT_SITE, REQUIRED_FIELD),
        _seminar(FAR_SEMINAR, FAR_SITE, REQUIRED_FIELD),
        _seminar(FOREIGN_SEMINAR, FOREIGN_SITE, [*REQUIRED_FIELD, *OPTIONAL_FIELDS]),
    ],
}


def session_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def contact_id(number: int) -> str:
    return f"00000000-0000-4000-9000-{number:012d}"


def make_session(number: int = 1, *people: dict[str, Any], **overrides: Any) -> dict[str, Any]:
    hour, minute = divmod(number % 240, 20)
    return {
        "id": session_id(number),
        "title": f"Session {number}",
        "status": "accepted",
        "starts_at": f"{YEAR}-06-15T{6 + hour:02d}:{minute * 2:02d}:00.000Z",
        "ends_at": f"{YEAR}-06-15T{6 + hour:02d}:{minute * 2 + 10:02d}:00.000Z",
        "client_session_id": f"C{number}",
        "participants": list(people),
    } | overrides


def make_contact(number: int = 1, **overrides: Any) -> dict[str, Any]:
    return {
        "id": contact_id(number),
        "first_name": f"First{number}",
        "last_name": f"Last{number}",
        "email": f"person{number}@example.org",
        "updated_at": "2026-01-01T09:00:00Z",
    } | overrides


def on_it(number: int = 1, role: str = "speaker", status: str = "accepted") -> dict[str, Any]:
    return {
        "contact_id": contact_id(number),
        "status": status,
        "participant_role": {"slug": role, "name": role.title(), "core_role": role},
    }


def make_programme(sessions: Any = (), contacts: Any = (), **event: Any) -> dict[str, Any]:
    return {
        "event": {"id": 4630, "name": "Small Conf", "timezone": "Europe/Paris"} | event,
        "sessions": list(sessions),
        "contacts": list(contacts),
    }


def crowd(number: int) -> dict[str, Any]:
    """A programme with as many sessions, each with a speaker, a room and a tag of its own."""
    return make_programme(
        [
            make_session(
                each,
                on_it(each),
                room={"id": f"r{each % 3}", "name": f"Room {each % 3}"},
                tags=[{"id": f"t{each % 4}", "name": f"Tag {each % 4}", "color": "#112233"}],
            )
            for each in range(1, number + 1)
        ],
        [make_contact(each) for each in range(1, number + 1)],
    )


def real_programme(name: str) -> dict[str, Any]:
    """One of the demo's programmes, moved so that it lies ahead."""
    text = (ROOT / "demo" / name).read_text(encoding="utf-8")
    return shift(json.loads(text), datetime.now(UTC))


def wait_until(condition: Callable[[], Any], seconds: float = 120.0) -> Any:
    """What the condition gives once it holds; fails when that takes far longer than on any machine."""
    deadline = time.monotonic() + seconds
    while True:
        if found := condition():
            return found
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def transport_to(address: str, contract: Contract | None = None) -> Transport:
    """A way to the local ASP that is tried again at once."""
    return Transport(
        base_url=address,
        api_key=KEY,
        api_secret=SECRET,
        contract=contract or Contract(),
        timeout=20.0,
        in_flight=2,
        first_pause=0.0,
    )


class World:
    """One portal with one organisation, in its application's context, and the local ASP it talks to."""

    def __init__(self, folder: Path, asp: LocalAsp, **settings: Any) -> None:
        self.folder = folder
        self.asp = asp
        self.settings = Settings(
            **{
                "instance_dir": folder / "i",
                "asp_base_url": asp.url,
                "asp_retry_pause": 0.002,
                # The run after one that died waits for as long (E11): more would make the tests slow.
                "asp_timeout": 5.0,
                "log_level": "ERROR",
            }
            | settings
        )
        self.app: Flask = create_core(self.settings)
        self._context: AbstractContextManager[Any] = self.app.app_context()
        self._context.__enter__()
        make_tables()
        db.session.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))"))
        db.session.execute(text("INSERT INTO alembic_version VALUES (:it)"), {"it": SCHEMA_REVISION})
        self.organisation = self.add_organisation("one")

    def close(self) -> None:
        db.session.remove()
        leave_tables()
        db.engine.dispose()
        self._context.__exit__(None, None, None)

    def add_organisation(self, slug: str) -> Organisation:
        organisation = Organisation(name=slug.title(), slug=slug)
        db.session.add(organisation)
        db.session.commit()
        return organisation

    def add_user(self, email: str = "asker@example.org") -> User:
        user = User(email=email, password_hash="-")
        db.session.add(user)
        db.session.commit()
        return user

    def add_event(self, source_id: str = "4630") -> Event:
        """An event without a programme, where none is needed."""
        values = {"source": "file", "source_id": source_id, "name": "Small Conf", "timezone": "Europe/Paris"}
        event = Event(organisation_id=self.organisation.id, **values)
        db.session.add(event)
        db.session.commit()
        return event

    def add_run(self, event: Event, status: RunStatus = RunStatus.QUEUED) -> Run:
        """A run of an event that is not even mapped, where what it writes down is all that counts."""
        run = Run(organisation_id=event.organisation_id, event_id=event.id, actor="tester", destination="-")
        run.status = status
        db.session.add(run)
        db.session.commit()
        return run

    def load(self, programme: dict[str, Any], organisation: Organisation | None = None) -> Event:
        path = self.folder / "programme.json"
        path.write_text(json.dumps(programme), encoding="utf-8")
        return import_programme(organisation or self.organisation, path, "tester").event

    def connect(
        self,
        organisation: Organisation | None = None,
        pair: tuple[str, str] = (KEY, SECRET),
        on: bool = False,
    ) -> None:
        connect_asp(organisation or self.organisation, *pair, on, "tester")

    def connect_source(self, organisation: Organisation | None = None, token: str = "good") -> None:
        connect_sessionboard(organisation or self.organisation, "us", token, "tester")

    def map(
        self, event: Event, site: str = SITE, seminar: str = SEMINAR, confirm_timezone: bool = False
    ) -> AddedMapping:
        return add_mapping(event, site, seminar, "tester", Answers(confirm_timezone))

    def prepare(self, programme: dict[str, Any], seminar: str = SEMINAR) -> Event:
        """Load, connect and map."""
        event = self.load(programme)
        self.connect()
        self.map(event, seminar=seminar)
        return event

    def mapping(self, event: Event) -> Mapping:
        mapping = mapping_of(event)
        assert mapping is not None
        return mapping

    def set_up(self, event: Event, **settings: Any) -> Mapping:
        """Change the mapping's settings."""
        mapping = self.mapping(event)
        for name, value in settings.items():
            setattr(mapping, name, value)
        db.session.commit()
        return mapping

    def sync(self, event: Event, user: User | None = None, approved: int = 0) -> Run:
        """A whole run; `approved` is how many records it may unpublish at once (D12)."""
        run_id = request_run(self.mapping(event), "tester", user.id if user else None, approved).id
        perform_run(run_id)
        return self.run(run_id)

    def run(self, run_id: int) -> Run:
        """The run as it stands now; it does not change any more."""
        db.session.rollback()
        run = db.session.get_one(Run, run_id, populate_existing=True)
        db.session.expunge(run)
        return run

    def records(self, kind: str) -> list[dict[str, Any]]:
        """ASP's records: sessions, speakers, streams or locations."""
        return self.asp.records()[kind]

    def session(self, number: int) -> dict[str, Any]:
        """ASP's one session that carries this id."""
        found = [
            each
            for each in self.records("sessions")
            if each["CustomFields"].get("sessionboard_id") == session_id(number)
        ]
        assert len(found) == 1
        return found[0]

    def speaker(self, number: int) -> dict[str, Any]:
        """ASP's one speaker with this person's first e-mail."""
        found = [each for each in self.records("speakers") if each["Email"] == f"person{number}@example.org"]
        assert len(found) == 1
        return found[0]

    def edit(self, kind: str, uuid: str, **values: Any) -> None:
        """What an editor does by hand in ASP."""
        answer = requests.put(f"{self.asp.url}/_records/{kind}/{uuid}", json=values, timeout=120)
        assert answer.status_code == 200

    def remove(self, kind: str, uuid: str) -> None:
        assert requests.delete(f"{self.asp.url}/_records/{kind}/{uuid}", timeout=120).status_code == 200

    def links(self, kind: str) -> dict[str, Link]:
        return {each.key: each for each in db.session.scalars(select(Link).where(Link.kind == kind))}

    def reasons(self, run: Run, outcome: Outcome, kind: str | None = None) -> list[str | None]:
        query = select(RunRecord.reason).where(RunRecord.run_id == run.id, RunRecord.outcome == outcome)
        if kind is not None:
            query = query.where(RunRecord.kind == kind)
        return list(db.session.scalars(query.order_by(RunRecord.id)))

    def writes_of(self, action: Callable[[], Any]) -> int:
        """How many writes ASP received while the action was carried out."""
        before = self.asp.stats()["writes"]
        action()
        return int(self.asp.stats()["writes"]) - before

    def meanwhile(self, condition: Callable[[], Any], action: Callable[[], Any]) -> "Meanwhile":
        """Carries out the action, in another thread, as soon as the condition holds."""
        return Meanwhile(self.app, condition, action)

    def has(self, kind: str, number: int) -> Callable[[], bool]:
        return lambda: len(self.asp.records()[kind]) >= number

    def command(self, *words: str, **more: str) -> "subprocess.Popen[str]":
        """Another process of this portal, as `portal` or `worker`."""
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            env=process_environment(self.settings) | more,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def assert_each_once(self, sessions: int, speakers: int) -> None:
        """E11: nothing twice, nothing missing, and every link leads to its record."""
        records = self.asp.records()
        ids = [each["CustomFields"]["sessionboard_id"] for each in records["sessions"]]
        emails = [each["Email"].lower() for each in records["speakers"]]
        assert (len(ids), len(set(ids))) == (sessions, sessions)
        assert (len(emails), len(set(emails))) == (speakers, speakers)
        for kind in ("streams", "locations"):
            names = [(each["SeminarUuid"], each["Name"].lower()) for each in records[kind]]
            assert len(names) == len(set(names))
        for kind in ("session", "speaker"):
            uuids = {each["Uuid"] for each in records[f"{kind}s"]}
            assert {link.asp_uuid for link in self.links(kind).values()} == uuids


class Meanwhile:
    """Another thread with its own database session; leaving it waits for its end."""

    def __init__(self, app: Flask, condition: Callable[[], Any], action: Callable[[], Any]) -> None:
        self._app = app
        self._condition = condition
        self._action = action
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._act)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _act(self) -> None:
        try:
            with self._app.app_context():
                wait_until(self._condition)
                self._action()
        except BaseException as error:
            self._error = error
