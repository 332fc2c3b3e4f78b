"""An event's records, as a programme file holds them and as the API shows them."""

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Record = dict[str, Any]

CHOICES = {
    "track": "tracks",
    "level": "levels",
    "format": "formats",
    "room": "rooms",
    "language": "languages",
}
LOOKUPS = ("tags", "rooms", "formats", "levels", "tracks")
OLDER_LISTS = {"speakers": "speaker", "moderators": "moderator", "chairpersons": "chairperson"}
ADMIN = "https://app.sessionboard.example/event/{event}/{kind}/{id}"


class BadProgramme(Exception):
    """The programme file cannot be used."""


def timestamp(moment: datetime | None = None) -> str:
    """A moment as the API writes it; now by default."""
    return (moment or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class EventRecords:
    """One event: sessions refer to people and to lookups by id, and are put together when they are asked for."""

    def __init__(self, programme: Record, now: Callable[[], datetime]) -> None:
        self._now = now
        self.event: Record = {"features": [], **programme["event"]}
        self._loaded = {"updated_at": timestamp(now())}  # for records that do not say when they changed
        self.contacts: dict[str, Record] = {
            each["id"]: self._loaded | each for each in programme.get("contacts", ())
        }
        self.lookups: dict[str, dict[str, Record]] = {name: {} for name in (*LOOKUPS, "languages")}
        self.fields: list[Record] = list(programme.get("fields", ()))
        self.categories: dict[str, str] = dict(programme.get("status_categories", {}))
        self.sessions: dict[str, Record] = {}
        for session in programme["sessions"]:
            self.sessions[session["id"]] = self._loaded | self._taken_apart(session)

    @property
    def id(self) -> str:
        return str(self.event["id"])

    def as_programme(self) -> Record:
        """The event as a programme file, to be read again."""
        return {
            "event": self.event,
            "sessions": [self.session(each) for each in self.sessions],
            "contacts": list(self.contacts.values()),
            "fields": self.fields,
            "status_categories": self.categories,
        }

    def session(self, session_id: str) -> Record:
        """A session as the API shows it, its people and choices in it."""
        stored = self.sessions[session_id]
        participants = [
            {**each, "contact": self.contacts[each["contact_id"]]}
            for each in stored["participants"]
            if each["contact_id"] in self.contacts
        ]
        return {
            **stored,
            **{key: self._looked_up(name, stored[key]) for key, name in CHOICES.items()},
            "tags": [self.lookups["tags"][each] for each in stored["tags"] if each in self.lookups["tags"]],
            "participants": participants,
            **{key: _of_role(participants, role) for key, role in OLDER_LISTS.items()},
            "admin_url": ADMIN.format(event=self.id, kind="sessions", id=session_id),
        }

    def contact(self, contact_id: str) -> Record:
        """A person as the API shows them."""
        url = ADMIN.format(event=self.id, kind="contacts", id=contact_id)
        return {"admin_url": url, **self.contacts[contact_id]}

    def change(self, kind: str, record_id: str, **values: Any) -> None:
        """Change a session or a contact, which is new where there is none; its time of change is now."""
        records = self.sessions if kind == "sessions" else self.contacts
        former = records.get(record_id) or {"id": record_id, "created_at": timestamp(self._now())}
        changed = {**former, **values, "updated_at": timestamp(self._now())}
        records[record_id] = self._taken_apart(changed) if kind == "sessions" else changed

    def remove(self, kind: str, record_id: str) -> None:
        """Delete a session or a contact; a contact leaves its sessions."""
        if kind == "sessions":
            self.sessions.pop(record_id, None)
            return
        self.contacts.pop(record_id, None)
        for session in self.sessions.values():
            kept = [each for each in session["participants"] if each["contact_id"] != record_id]
            if len(kept) < len(session["participants"]):
                session.update(participants=kept, updated_at=timestamp(self._now()))

    def _looked_up(self, name: str, choice_id: Any) -> Record:
        return self.lookups[name].get(choice_id, {}) if choice_id is not None else {}

    def _taken_apart(self, session: Record) -> Record:
        """The session with ids in the place of its people and choices, which are kept apart."""
        kept = {key: value for key, value in session.items() if key not in (*OLDER_LISTS, "admin_url")}
        for key, name in CHOICES.items():
            kept[key] = self._remember(name, session.get(key))
        kept["tags"] = [self._remember("tags", each) for each in session.get("tags") or ()]
        kept["participants"] = [self._participant(each) for each in session.get("participants") or ()]
        return kept

    def _remember(self, name: str, choice: Any) -> Any:
        if not isinstance(choice, dict):
            return choice  # an id already
        if not choice:
            return None
        self.lookups[name].setdefault(choice["id"], dict(choice))
        return choice["id"]

    def _participant(self, participant: Record) -> Record:
        contact = participant.get("contact")
        if contact:
            self.contacts.setdefault(contact["id"], self._loaded | contact)
        return {key: value for key, value in participant.items() if key != "contact"}


class Records:
    """All events, in memory; with a `keep` file what was changed is there again after a restart."""

    def __init__(self, programmes: Iterator[Record], keep: Path | None, now: Callable[[], datetime]) -> None:
        self.lock = threading.RLock()
        self._keep = keep
        kept = _load_kept(keep)
        self.events: dict[str, EventRecords] = {}
        for programme in kept if kept is not None else programmes:
            made = EventRecords(deepcopy(programme), now)
            self.events[made.id] = made

    def save(self) -> None:
        """Write everything to the `keep` file, where there is one."""
        if self._keep is not None:
            text = json.dumps([each.as_programme() for each in self.events.values()], ensure_ascii=False)
            part = self._keep.with_suffix(".part")
            part.write_text(text, encoding="utf-8")
            part.replace(self._keep)


def load_programme(path: Path) -> Record:
    """The programme in a file. Raises BadProgramme."""
    try:
        programme = json.loads(path.read_text(encoding="utf-8"))
        programme["event"]["id"], programme["sessions"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise BadProgramme(f"{path} holds no programme: {problem}") from problem
    found: Record = programme
    return found


def _load_kept(keep: Path | None) -> list[Record] | None:
    if keep is None or not keep.exists():
        return None
    try:
        kept: list[Record] = json.loads(keep.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise BadProgramme(f"{keep} cannot be read: {problem}") from problem
    return kept


def _of_role(participants: list[Record], role: str) -> list[Record]:
    return [
        {**each["contact"], "order": each.get("sort_order", place)}
        for place, each in enumerate(participants)
        if (each.get("participant_role") or {}).get("core_role") == role
    ]


def new_id() -> str:
    """A new record's id."""
    return str(uuid.uuid4())
