"""Keeps every record in memory for quick answers and writes each change through to SQLite."""

import json
import sqlite3
import threading
import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asp_local.kinds import KINDS, SEMINARS, SPEAKERS, Kind, Record

SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    uuid TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (kind, uuid)
)
"""
WRITE = """
INSERT INTO records (kind, uuid, body) VALUES (?, ?, ?)
ON CONFLICT (kind, uuid) DO UPDATE SET body = excluded.body
"""


class DatabaseError(Exception):
    """The database file cannot be used."""


def new_uuid() -> str:
    """A Uuid as ASP writes it: 35 characters in upper case, unlike those of RFC 9562."""
    digits = uuid.uuid4().hex.upper()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:]}"


def timestamp() -> str:
    """The present moment as `Created` and `Modified` show it."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def to_json(value: Any) -> str:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Stored:
    """A record that never changes, with the JSON that is answered for it; a change stores another one."""

    __slots__ = ("_searchable", "answer", "kind", "record")

    def __init__(self, kind: Kind, record: Record, text: str) -> None:
        self.kind = kind
        self.record = record
        if kind.hidden:
            text = to_json({name: value for name, value in record.items() if name not in kind.hidden})
        self.answer = text.encode()
        self._searchable: str | None = None

    def contains(self, text: str) -> bool:
        """Whether the text, already case-folded, occurs in any value of the record."""
        if self._searchable is None:
            visible = [value for name, value in self.record.items() if name not in self.kind.hidden]
            self._searchable = "\n".join(_texts(visible)).casefold()
        return text in self._searchable


class Store:
    """All records. Hold `lock` around a check and the write that relies on it."""

    def __init__(self, database: Path | None) -> None:
        self.lock = threading.RLock()
        self._records: dict[str, dict[str, Stored]] = {name: {} for name in KINDS}
        self._children: defaultdict[tuple[str, str], dict[str, Stored]] = defaultdict(dict)
        self._emails: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        try:
            self._database = _open_database(database)
            self._load()
        except sqlite3.Error as exc:
            raise DatabaseError(f"The database {database} cannot be used: {exc}.") from exc

    def find(self, kind: Kind, uuid: str) -> Stored | None:
        """The record with exactly this Uuid."""
        return self._records[kind.name].get(uuid)

    def find_seminar(self, uuid_or_number: str) -> Stored | None:
        """The seminar with this Uuid or this number."""
        found = self.find(SEMINARS, uuid_or_number)
        if found is None and uuid_or_number.isascii() and uuid_or_number.isdigit():
            number = int(uuid_or_number)
            found = next((each for each in self.every(SEMINARS) if each.record["Id"] == number), None)
        return found

    def every(self, kind: Kind) -> list[Stored]:
        """All records of a kind, oldest first."""
        with self.lock:
            return list(self._records[kind.name].values())

    def inside(self, kind: Kind, parent: str) -> list[Stored]:
        """The records of a kind in one site or seminar, oldest first."""
        with self.lock:
            return list(self._children.get((kind.name, parent), {}).values())

    def is_inside(self, kind: Kind, parent: str, uuid: Any) -> bool:
        """Whether the site or seminar has this record."""
        return isinstance(uuid, str) and uuid in self._children.get((kind.name, parent), ())

    def speaker_with_email(self, site: str, email: str, other_than: str | None = None) -> str | None:
        """The Uuid of the site's other speaker with this e-mail, case aside."""
        holders = self._emails.get((site, email.lower()), {})
        return next((uuid for uuid in holders if uuid != other_than), None)

    def put(self, kind: Kind, record: Record) -> Stored:
        """Store a whole record, in place of the one with its Uuid if there is one."""
        whole = kind.complete(record)
        text = to_json(whole)
        with self.lock:
            # Written before it can be read: what was answered once must survive a restart.
            self._database.execute(WRITE, (kind.name, whole["Uuid"], text))
            self._forget(kind, whole["Uuid"], keep_place_under=whole.get(kind.parent or ""))
            return self._remember(kind, whole, text)

    def remove(self, kind: Kind, uuid: str) -> None:
        """Forget a record; what refers to it keeps the reference, as a dead one."""
        with self.lock:
            self._database.execute("DELETE FROM records WHERE kind = ? AND uuid = ?", (kind.name, uuid))
            self._forget(kind, uuid)
            self._records[kind.name].pop(uuid, None)

    def snapshot(self) -> dict[str, list[Record]]:
        """A copy of everything, by kind."""
        with self.lock:
            text = to_json({name: [each.record for each in self.every(KINDS[name])] for name in KINDS})
        copied: dict[str, list[Record]] = json.loads(text)
        return copied

    def close(self) -> None:
        """Close the database; the records in memory stay readable."""
        with self.lock:
            self._database.close()

    def _load(self) -> None:
        for name, text in self._database.execute("SELECT kind, body FROM records ORDER BY position"):
            self._remember(KINDS[name], json.loads(text), text)

    def _remember(self, kind: Kind, record: Record, text: str) -> Stored:
        stored = Stored(kind, record, text)
        self._records[kind.name][record["Uuid"]] = stored
        if kind.parent:
            self._children[kind.name, record[kind.parent]][record["Uuid"]] = stored
        if kind is SPEAKERS:
            self._emails[record["SiteUuid"], record["Email"].lower()][record["Uuid"]] = None
        return stored

    def _forget(self, kind: Kind, uuid: str, keep_place_under: str | None = None) -> None:
        former = self.find(kind, uuid)
        if former is None or not kind.parent:
            return
        parent = former.record[kind.parent]
        if parent != keep_place_under:
            self._children[kind.name, parent].pop(uuid, None)
        if kind is SPEAKERS:
            self._emails[parent, former.record["Email"].lower()].pop(uuid, None)


def _open_database(path: Path | None) -> sqlite3.Connection:
    database = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False, timeout=0.5)
    try:
        # Exclusive: a second server on the same file would not see this one's records, so it is refused.
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing this way; only a power cut could.
        database.execute("PRAGMA synchronous = OFF")
        database.execute(SCHEMA)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
