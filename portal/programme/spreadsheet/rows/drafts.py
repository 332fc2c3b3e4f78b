"""What a spreadsheet says, row by row, before anybody knows which records of the event it speaks of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from portal.programme.numbering import Pattern
from portal.programme.spreadsheet.cells.names import Named
from portal.programme.spreadsheet.questions import DateOrder, Question
from portal.programme.spreadsheet.recognising.columns import Matching
from portal.programme.spreadsheet.recognising.tables import Tables
from portal.programme.spreadsheet.words import SPEAKER

UNCALCULATED = "is a formula that was never calculated: open the file in Excel and save it"


class CellPlace(NamedTuple):
    """A cell: its sheet (empty in a text file), its row, the key of its column (empty: the row as a whole)."""

    sheet: str
    row: int
    column: str = ""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """Something about a cell; an `is_error` keeps its row from being imported."""

    place: CellPlace
    message: str  # goes on where the value was shown: “TBC” is no date
    is_error: bool
    title: str | None = None  # of the session, or the person's name
    value: str | None = None
    is_unless_stored: bool = False  # no error where the event has exactly that already
    cell: str | None = None  # all that the cell holds, where `value` is a part of it

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"row": self.place.row, "column": self.place.column, "message": self.message}
        found["severity"] = "error" if self.is_error else "warning"
        if self.place.sheet:
            found["sheet"] = self.place.sheet
        if self.title:
            found["title"] = self.title
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a person has said about the file, beside what stands in it."""

    timezone: str  # of times that name none
    encoding: str | None = None  # of a text that does not say it
    order: DateOrder | None = None
    day: date | None = None  # of times without a date
    year: int | None = None  # of days without one
    columns: Mapping[str, str | None] = field(default_factory=dict)
    fixes: Mapping[CellPlace, str] = field(default_factory=dict)  # typed in place of what a cell holds
    new_status: str | None = None  # of new sessions whose row names none
    numbering: Pattern | None = None  # gives sessions without one a client session ID
    # Session, person → the event's own.
    custom_names: Mapping[str, Collection[str]] = field(default_factory=dict)
    left_out: frozenset[tuple[str, int]] = frozenset()  # sheet and row


@dataclass(slots=True)
class PersonDraft:
    """One person of the file, put together from all places that speak of them."""

    place: CellPlace
    values: dict[str, Any] = field(default_factory=dict)  # the fields of a contact
    custom_fields: dict[str, str | None] = field(default_factory=dict)
    uuid: str | None = None
    person_id: str | None = None
    is_listed: bool = False  # a row or columns of their own, not only a name in a cell
    has_split_name: bool = False  # first and last name stand in cells of their own
    spelled: set[str] = field(default_factory=set)  # the whole names that cells write


@dataclass(slots=True)
class Mention:
    """Somebody on a session, as a cell names them; `person` is found when the whole file is known."""

    place: CellPlace
    named: Named
    role: str = SPEAKER
    person: PersonDraft | None = None
    person_id: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    custom_fields: dict[str, str | None] = field(default_factory=dict)
    is_listed: bool = False
    has_split_name: bool = False
    cell: str | None = None  # all that its cell holds
    sessions: str | None = None  # in a table of people: what they take part in
    tells_status: bool = False  # the column names the status of everybody who is not accepted


@dataclass(slots=True)
class SessionDraft:
    """One session of the file. `values` holds the fields of which the file says something, None for emptied ones."""

    place: CellPlace
    rows: list[int]
    values: dict[str, Any] = field(default_factory=dict)
    custom_fields: dict[str, str | None] = field(default_factory=dict)
    uuid: str | None = None
    mentions: list[Mention] = field(default_factory=list)
    told_roles: frozenset[str] = frozenset()  # the roles of which the file says who has them

    @property
    def title(self) -> str | None:
        return self.values.get("title")

    @property
    def starts_at(self) -> datetime | None:
        return self.values.get("starts_at")


@dataclass(slots=True)
class Draft:
    """Everything that a file says."""

    tables: Tables
    matched: dict[int, Matching]  # by the place of the table
    sessions: list[SessionDraft] = field(default_factory=list)
    people: list[PersonDraft] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # about the file as a whole
    columns: dict[str, str | None] = field(default_factory=dict)
    lists_sessions: bool = True
    lists_people: bool = True  # so that somebody who is not there is missing
    asks: set[Question] = field(default_factory=set)

    def bad_rows(self) -> set[tuple[str, int]]:
        """Sheet and row of every row that cannot be imported."""
        return {(each.place.sheet, each.place.row) for each in self.problems if each.is_error}

    def let_rows_go(self) -> None:
        """Give back the memory of the file's cells, once they are a programme; what was said of them stays."""
        self.sessions, self.people = [], []
        for table in self.tables.all:
            table.sheet.rows = []
