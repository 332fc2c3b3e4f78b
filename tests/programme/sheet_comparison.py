"""Compares what is read from a sample with what a careful reader takes from it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sheet_samples import NAMES, expected, sample

from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.questions import DateOrder, Question
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import Draft, Options, SessionDraft

ORDERS = {
    "o04": DateOrder.MONTH_FIRST,
    "o12": DateOrder.DAY_FIRST,
}  # what a person answers where the file asks
ROLES = {"chair": "chairperson"}
TEXTS = ("title", "description", "room", "format", "track", "level", "language", "client_session_id")
PERSON = {
    "first_name": "first_name",
    "last_name": "last_name",
    "email": "email",
    "job_title": "job_title",
    "tagline": "job_title",
    "company": "company_name",
    "phone": "mobile_phone",
    "photo": "headshot",
    "biography": "biography",
    "honorific": "honorific",
}


@dataclass(slots=True)
class Comparison:
    """How many fields there are and how many are right; each wrong one as row, field, told, read."""

    sessions: int
    people: int
    fields: int = 0
    wrong: list[tuple[Any, str, Any, Any]] = field(default_factory=list)

    def see(self, row: Any, name: str, told: Any, read: Any) -> None:
        self.fields += 1
        if told != read:
            self.wrong.append((row, name, told, read))


def zone_of(start: str) -> str:
    told = expected(start)["timezone"]
    return told if told and "/" in told else "Europe/Berlin"


def read_sample(start: str, order: DateOrder | None = None) -> Draft:
    return read_draft(read_workbook(sample(start)), Options(timezone=zone_of(start), order=order))


def compare(start: str) -> Comparison:
    """The sample, with the order of day and month answered where it asks."""
    told, draft = expected(start), read_sample(start, ORDERS.get(start))
    read = {each.place.row: each for each in draft.sessions}
    found = Comparison(len(told["sessions"]), len(told["people"]))
    for session in told["sessions"]:
        draft_of_row = read.pop(session["row"], None)
        if draft_of_row is None:
            found.see(session["row"], "session", session["title"], None)
        else:
            _compare_session(found, session, draft_of_row, zone_of(start), start)
    for row, more in read.items():
        found.see(row, "session", None, more.title)
    people = [{name: each.values.get(name) for name in set(PERSON.values())} for each in draft.people]
    for person in told["people"]:
        wanted = {PERSON[name]: value for name, value in person.items() if name in PERSON}
        fits = any(wanted.items() <= each.items() for each in people)
        found.see(person.get("last_name"), "person", wanted, wanted if fits else None)
    found.see("file", "people", len(told["people"]), len(people))
    return found


def _compare_session(
    found: Comparison, told: dict[str, Any], read: SessionDraft, zone: str, start: str
) -> None:
    row = told["row"]
    values = read.values
    for name in TEXTS:
        found.see(row, name, told.get(name), values.get(name))
    found.see(row, "tags", told["tags"], values.get("tags", []))
    moments = told.get("depends_on_date_order", {}).get("dmy", told)
    for name in ("starts_at", "ends_at"):
        found.see(row, name, moments[name], _local(values.get(name), zone))
    if told["status"]:
        found.see(row, "status", told["status"].lower(), values.get("status"))
    wanted = [
        (each["first_name"], each["last_name"], each["email"], ROLES.get(each["role"], each["role"]))
        for each in told["participants"]
    ]
    taking_part = [
        (*(mention.person.values.get(name) for name in ("first_name", "last_name", "email")), mention.role)
        for mention in read.mentions
        if mention.person
    ]
    found.see(row, "participants", sorted(map(str, wanted)), sorted(map(str, taking_part)))


def _local(moment: datetime | None, zone: str) -> str | None:
    return None if moment is None else f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def table_of_samples() -> str:
    """The table of docs/spreadsheets.md: `make spreadsheets` prints it."""
    lines = [
        "| File | Sessions | People | Fields read right | Asked | Rows pointed at |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    right = fields = 0
    for name in NAMES:
        start = name[:3]
        found, draft = compare(start), read_sample(start)
        right, fields = right + found.fields - len(found.wrong), fields + found.fields
        asked = ["timezone"] if "/" not in (expected(start)["timezone"] or "") else []
        asked += ["day or month first"] if Question.ORDER in draft.asks else []
        rows = {(each.place.sheet, each.place.row) for each in draft.problems}
        lines.append(
            f"| {name} | {found.sessions} | {found.people} | {found.fields - len(found.wrong)} of {found.fields} "
            f"| {', '.join(asked) or 'nothing'} | {len(rows)} |"
        )
    lines.append(f"| together | | | {right} of {fields} | | |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table_of_samples())
