"""Lays a programme out as tables that people read in a spreadsheet program, and that come in again unchanged."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal.programme.content import ChoiceContent, ContactContent, ProgrammeContent, SessionContent
from portal.programme.spreadsheet.cells.names import full_name, read_person
from portal.programme.spreadsheet.cells.remarks import ROLE_REMARK, STATUS_REMARK
from portal.programme.spreadsheet.recognising.columns import OF_AN_EXPORT
from portal.programme.spreadsheet.records.equality import custom_text
from portal.programme.statuses import ACCEPTED
from portal.text.matching import fold

LINES = " (one per line)"
OWN_COLUMNS = {"speaker": "Speakers", "moderator": "Moderators", "chairperson": "Chairpersons"}
OTHERS = "Other people"
Value = str | datetime | None  # times by the clock of the event, without an offset


class ExportColumn(NamedTuple):
    """A column's header and how wide it is shown, in characters."""

    header: str
    width: int


class ExportTable(NamedTuple):
    """A sheet: its name, its columns and its rows."""

    name: str
    columns: list[ExportColumn]
    rows: list[list[Value]]


SESSION_COLUMNS: tuple[tuple[str, int, Callable[[SessionContent], Any]], ...] = (
    ("Sessionboard ID", 38, lambda session: session.source_id),
    ("Client Session ID", 16, lambda session: session.client_session_id),
    ("Title", 50, lambda session: session.title),
    ("Status", 14, lambda session: session.status),
    ("Starts at", 18, lambda session: session.starts_at),
    ("Ends at", 18, lambda session: session.ends_at),
    ("Room", 20, lambda session: _name(session.room)),
    ("Format", 16, lambda session: _name(session.format)),
    ("Track", 18, lambda session: _name(session.track)),
    ("Level", 14, lambda session: _name(session.level)),
    ("Language", 12, lambda session: _name(session.language)),
    (f"Tags{LINES}", 22, lambda session: _lines(each.name for each in session.tags)),
    ("Public", 8, lambda session: "yes" if session.is_public else "no"),
    ("Description", 60, lambda session: session.description),
    (f"Content URLs{LINES}", 30, lambda session: _lines(each.url for each in session.files)),
)
PERSON_COLUMNS: tuple[tuple[str, int, Callable[[ContactContent], Any]], ...] = (
    ("Sessionboard ID", 38, lambda contact: contact.source_id),
    ("First name", 16, lambda contact: contact.first_name),
    ("Last name", 18, lambda contact: contact.last_name),
    ("Email", 30, lambda contact: contact.email),
    ("Job title", 24, lambda contact: contact.job_title),
    ("Honorific", 10, lambda contact: contact.honorific),
    ("Company name", 24, lambda contact: contact.company_name),
    ("Website", 26, lambda contact: contact.website),
    ("Mobile phone", 18, lambda contact: contact.mobile_phone),
    ("Biography", 60, lambda contact: contact.biography),
    ("Headshot", 30, lambda contact: contact.headshot),
    ("Facebook URL", 26, lambda contact: contact.facebook_url),
    ("LinkedIn URL", 26, lambda contact: contact.linkedin_url),
    ("Twitter URL", 26, lambda contact: contact.twitter_url),
)


def sessions_table(content: ProgrammeContent) -> ExportTable:
    """One row per session, in the order of their start; times by the event's clock."""
    zone = ZoneInfo(content.timezone)
    sessions = sorted(
        content.sessions, key=lambda each: (each.starts_at is None, each.starts_at or 0, each.title or "")
    )
    people = _People(content.contacts)
    others = any(each.role not in OWN_COLUMNS for session in sessions for each in session.participants)
    headers = [*OWN_COLUMNS.values(), *([OTHERS] if others else [])]
    custom = _custom_names(sessions)
    columns = [ExportColumn(header, width) for header, width, _ in SESSION_COLUMNS]
    place = next(place for place, column in enumerate(columns) if column.header == "Public")
    rows = []
    for session in sessions:
        row = [_shown(read(session), zone) for _, _, read in SESSION_COLUMNS]
        row[place:place] = people.cells(session, others)
        row += [custom_text(session.custom_fields.get(name)) for name in custom]
        rows.append(row)
    columns[place:place] = [ExportColumn(f"{header}{LINES}", 34) for header in headers]
    columns.insert(6, ExportColumn("Timezone", 18))
    for row in rows:
        row.insert(6, content.timezone)
    columns += [ExportColumn(f"{name}{OF_AN_EXPORT}", 24) for name in custom]
    return ExportTable("Sessions", columns, rows)


def people_table(content: ProgrammeContent) -> ExportTable:
    """One row per person, by last name."""
    contacts = sorted(
        content.contacts, key=lambda each: (fold(each.last_name or ""), fold(each.first_name or ""))
    )
    custom = _custom_names(contacts)
    columns = [ExportColumn(header, width) for header, width, _ in PERSON_COLUMNS]
    columns += [ExportColumn(f"{name}{OF_AN_EXPORT}", 24) for name in custom]
    rows: list[list[Value]] = [
        [read(contact) for _, _, read in PERSON_COLUMNS]
        + [custom_text(contact.custom_fields.get(name)) for name in custom]
        for contact in contacts
    ]
    return ExportTable("People", columns, rows)


def _custom_names(records: Iterable[SessionContent | ContactContent]) -> list[str]:
    return list(dict.fromkeys(name for record in records for name in record.custom_fields))


def _name(choice: ChoiceContent | None) -> str | None:
    return choice.name if choice else None


def _lines(texts: Iterable[str]) -> str | None:
    return "\n".join(texts) or None


def _shown(value: Any, zone: ZoneInfo) -> Value:
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None, microsecond=0)
    shown: Value = value
    return shown


class _People:
    """Names people in a cell so that each is known again: by the e-mail address, else by UUID."""

    def __init__(self, contacts: Sequence[ContactContent]) -> None:
        addresses = Counter(fold(each.email) for each in contacts if each.email)
        self._texts = {each.source_id: _text(each, addresses) for each in contacts}

    def cells(self, session: SessionContent, others: bool) -> list[Value]:
        """A cell for each role that has a column, and one for all other roles."""
        found: dict[str, list[str]] = {role: [] for role in (*OWN_COLUMNS, *([OTHERS] if others else []))}
        for each in session.participants:
            text = self._texts[each.contact_id]
            if each.role not in OWN_COLUMNS:
                text += f" ({ROLE_REMARK}{each.role})"
            if each.status != ACCEPTED:
                text += f" ({STATUS_REMARK}{each.status})"
            found[each.role if each.role in OWN_COLUMNS else OTHERS].append(text)
        return [_lines(texts) for texts in found.values()]


def _text(contact: ContactContent, addresses: Counter[str]) -> str:
    name = re.sub(r"\s+", " ", full_name(contact.first_name, contact.last_name))
    email = contact.email or ""
    text = f"{name} <{email}>".strip()
    is_known = addresses[fold(email)] == 1 and fold(read_person(text, exact=True).email or "") == fold(email)
    return text if email and is_known else f"{name} [{contact.source_id}]".strip()
