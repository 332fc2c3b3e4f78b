"""Says what storing a programme would change, field by field (H2, E8)."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.programme.content import (
    ChoiceContent,
    ContactContent,
    FileContent,
    ParticipantContent,
    ProgrammeContent,
    SessionContent,
)
from portal.programme.custom import named_as
from portal.programme.statuses import ACCEPTED
from portal.text.clock import clock_words
from portal.text.naming import name_of, title_of

SESSION, PERSON = "session", "person"
NEW, CHANGED, MISSING = "new", "changed", "missing"
NOT_COMPARED = (
    "source_id",
    "absent",
    "told_roles",
    "participants",
    "custom_fields",
    "updated_at",
    "admin_url",
)
SHOWN = 600  # characters of a field on a page
LABELS = {
    "starts_at": "Starts at",
    "ends_at": "Ends at",
    "client_session_id": "Client Session ID",
    "is_public": "Public",
    "files": "Content",
    "job_title": "Job title",
    "linkedin_url": "LinkedIn URL",
    "twitter_url": "Twitter URL",
    "facebook_url": "Facebook URL",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of one record: its `fields` are label → (before, after), each as a person reads it."""

    kind: str  # session, person
    source_id: str
    name: str
    outcome: str  # new, changed, missing
    fields: dict[str, tuple[str, str]]

    @property
    def shortened(self) -> dict[str, tuple[str, str]]:
        """The fields as a page shows them, however long they are."""
        return {label: (_cut(was), _cut(will)) for label, (was, will) in self.fields.items()}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every record that would be new, changed or missing, and how many stay as they are by kind."""

    changes: list[Difference]
    unchanged: dict[str, int]

    def of(self, kind: str, outcome: str) -> list[Difference]:
        return [each for each in self.changes if (each.kind, each.outcome) == (kind, outcome)]

    def count(self, kind: str, outcome: str) -> int:
        return len(self.of(kind, outcome))


def compare_programmes(
    stored: ProgrammeContent,
    told: ProgrammeContent,
    kept: Mapping[tuple[str, str], Collection[str]] | None = None,
) -> Comparison:
    """What the event would be, against what it is; times are shown by the clock that it would have.

    The fields in `kept`, by a record's kind and UUID, stay as they are whatever comes in (H3).
    """
    return _Comparing(stored, told, kept or {}).compare()


class _Comparing:
    def __init__(
        self,
        stored: ProgrammeContent,
        told: ProgrammeContent,
        kept: Mapping[tuple[str, str], Collection[str]],
    ) -> None:
        self._stored, self._told, self._kept = stored, told, kept
        self._zone = ZoneInfo(told.timezone)
        self._people = {each.source_id: _name_of(each) for each in (*stored.contacts, *told.contacts)}

    def compare(self) -> Comparison:
        changes: list[Difference] = []
        unchanged = {SESSION: 0, PERSON: 0}
        for kind, before, after in (
            (SESSION, self._stored.sessions, self._told.sessions),
            (PERSON, self._stored.contacts, self._told.contacts),
        ):
            known: Mapping[str, Any] = {each.source_id: each for each in before}
            for record in after:
                former = known.get(record.source_id)
                found = self._fields(former, record)
                if former is None:
                    changes.append(Difference(kind, record.source_id, _name_of(record), NEW, found))
                elif found:
                    name = _name_of(record) if "title" not in record.absent else _name_of(former)
                    changes.append(Difference(kind, record.source_id, name, CHANGED, found))
                else:
                    unchanged[kind] += 1
            told = {each.source_id for each in after}
            changes += [
                Difference(kind, key, _name_of(record), MISSING, {})
                for key, record in known.items()
                if key not in told
            ]
        return Comparison(changes, unchanged)

    def _fields(self, before: Any, after: Any) -> dict[str, tuple[str, str]]:
        """Label → (before, after) of the fields that differ."""
        found: dict[str, tuple[Any, Any]] = {}
        kind = SESSION if isinstance(after, SessionContent) else PERSON
        stays = self._kept.get((kind, after.source_id), ())
        for each in fields(after):
            if each.name not in (*NOT_COMPARED, *after.absent, *stays):
                was, will = getattr(before, each.name, None), getattr(after, each.name)
                found[LABELS.get(each.name, each.name.replace("_", " ").capitalize())] = (was, will)
        if "custom_fields" not in after.absent:
            kept = before.custom_fields if before else {}
            for name, value in named_as(after.custom_fields, kept).items():
                if f"custom:{name}" not in stays:
                    found[name] = (kept.get(name), value)
            if not after.custom_fields:  # an empty object empties them all
                found |= {name: (value, None) for name, value in kept.items()}
        if isinstance(after, SessionContent) and "participants" not in stays:
            was = before.participants if before else ()
            found["People"] = (was, _participants(was, after))
        return {
            label: (self._shown(was), self._shown(will))
            for label, (was, will) in found.items()
            if was != will and (was or will or (was is not None and will is not None))
        }

    def _shown(self, value: Any) -> str:
        match value:
            case None:
                return ""
            case str():
                return value
            case bool():
                return "yes" if value else "no"
            case datetime():
                return clock_words(value, self._zone)
            case ChoiceContent():
                return value.name
            case FileContent():
                return value.url
            case ParticipantContent():
                status = "" if value.status == ACCEPTED else f", {value.status}"
                return f"{self._people.get(value.contact_id, value.contact_id)} ({value.role}{status})"
            case tuple():
                return "; ".join(map(self._shown, value))
        return json.dumps(value, ensure_ascii=False)


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _participants(
    before: tuple[ParticipantContent, ...], after: SessionContent
) -> tuple[ParticipantContent, ...]:
    """Who would take part: whom the content names, and those in roles of which it says nothing."""
    if after.told_roles is None:
        return after.participants
    return after.participants + tuple(each for each in before if each.role not in after.told_roles)


def _name_of(record: SessionContent | ContactContent) -> str:
    if isinstance(record, SessionContent):
        return title_of(record.title)
    return name_of(record.first_name, record.last_name, record.email)
