"""Reads a table that has one row per session, or one per session and person."""

import re
from datetime import date

from portal.programme.bounds import check_number
from portal.programme.spreadsheet.cells.half_days import HalfDays
from portal.programme.spreadsheet.cells.known_days import KnownDays
from portal.programme.spreadsheet.cells.plain import as_text
from portal.programme.spreadsheet.cells.times import START_FIELDS, TIME_FIELDS, Moments
from portal.programme.spreadsheet.opening.table import Cell
from portal.programme.spreadsheet.recognising.cell_guesses import kind_of
from portal.programme.spreadsheet.recognising.columns import Matching
from portal.programme.spreadsheet.recognising.fields import BELOW, PEOPLE_FIELDS, Target
from portal.programme.spreadsheet.recognising.tables import Column, Table
from portal.programme.spreadsheet.rows.drafts import (
    UNCALCULATED,
    CellPlace,
    CellProblem,
    Options,
    SessionDraft,
)
from portal.programme.spreadsheet.rows.people_rows import Directory
from portal.programme.spreadsheet.rows.row import Row, Targets, columns_of, merged_down
from portal.programme.spreadsheet.rows.row_people import RowPeople
from portal.programme.spreadsheet.rows.row_values import RowValues
from portal.programme.spreadsheet.rows.slots import Slots
from portal.programme.spreadsheet.rows.time_columns import (
    clocks_of,
    fields_of_moments,
    unit_of_durations,
    zones_of,
)
from portal.text.matching import fold

TOTALS = re.compile(
    r"(grand |sub)?totals?\b|sum(me)?\b|gesamt|anzahl|totale?\b|somme\b|totaal\b|suma\b|(number|count) of |nombre de "
    r"|número de |numero di |aantal "
)
COUNTED = re.compile(r"[\d.,]+(\s+[^\W\d]+)?")  # “12”, “12 sessions”
EXAMPLES = re.compile(
    r"(sample|example) session\b|beispiel(sitzung|vortrag)\b|.*\bdelete (these|this) rows?\b",
    re.IGNORECASE,
)


class SessionRows:
    """The rows of one table, read from top to bottom: a heading's day counts for the rows below it."""

    def __init__(
        self,
        table: Table,
        matching: Matching,
        options: Options,
        days: KnownDays,
        from_1904: bool,
        directory: Directory,
    ) -> None:
        self.problems: list[CellProblem] = []
        self._table = table
        self._options = options
        self._targets: dict[int, tuple[Column, Target]] = {
            column.index: (column, target) for column in table.columns if (target := matching[column.key])
        }
        self._columns = columns_of(self._targets)
        self.moments = Moments(
            options.timezone,
            days,
            from_1904,
            HalfDays(clocks_of(table, self._columns)),
            unit=unit_of_durations(table, matching),
            of_moments=fields_of_moments(table, self._columns),
            zones=zones_of(table, self._columns),
        )
        self._slots = Slots(table, self._targets, self.moments) if _is_grid(self._targets) else None
        targets = self._slots.targets if self._slots else {0: self._targets}
        self._readers = {
            index: (RowValues(table, each), RowPeople(table, each, options, directory))
            for index, each in targets.items()
        }
        self._merged = merged_down(table, self._targets)
        # rows of one cell that is merged over several columns
        self._wide = {area.top for area in table.sheet.merged if area.right > area.left}
        self._headers = [fold(column.header) for column in table.columns if column.header] or [""]
        self._sessions: list[SessionDraft] = []
        self._by_id: dict[str, SessionDraft] = {}
        self._first_rows: dict[int, Row] = {}  # of each session, by its number

    def read(self) -> list[SessionDraft]:
        """The sessions in the order of the rows."""
        for number, cells in self._table.records():
            if (self._table.sheet.name, number) in self._options.left_out:
                continue
            row = self._row(number, cells)
            for column in self._uncalculated(row):
                place = row.place._replace(column=column.key)
                self.problems.append(CellProblem(place, UNCALCULATED, False, as_text(row.cell("title"))))
            if row.is_empty or self._is_no_session(row):
                continue
            if self._slots:
                for index, slot in self._slots.rows(row):
                    self._read_session(slot, *self._readers[index])
            elif not self._continues(row, self._readers[0][1]):
                self._read_session(row, *self._readers[0])
        if self._slots:
            self.problems += self._slots.problems
        return self._sessions

    def _uncalculated(self, row: Row) -> list[Column]:
        found = self._table.uncalculated(row.place.row, row.cells)
        return [column for column in found if column.index in self._targets]

    def _row(self, number: int, cells: list[Cell]) -> Row:
        filled = list(cells)
        for index, value in self._merged.get(number, {}).items():
            filled += [None] * (index + 1 - len(filled))
            if filled[index] is None:
                filled[index] = value
        row = Row(CellPlace(self._table.sheet.name, number), filled, self._targets, self._columns)
        for place, text in self._options.fixes.items():
            if place[:2] == row.place[:2]:
                row.fix(place.column, text)
        return row

    def _is_no_session(self, row: Row) -> bool:
        """Headings of days, totals, template rows, and the header once more; what is dropped is said."""
        texts = [each for each in row.cells if each is not None]
        first = fold(str(texts[0]))
        only = texts[0] if len(texts) == 1 else None
        is_heading = isinstance(only, str) and row.only_column_is_not_title()
        if self._is_of_day(only, row, is_heading):
            return True
        if first == self._headers[0] and [fold(str(each)) for each in texts] == self._headers:
            return True
        title = fold(str(row.cell("title") or ""))
        if any(EXAMPLES.match(each) for each in texts if isinstance(each, str) and len(each) < 200):
            self._say(row, "is a row of the template, not a session; it was left out")
        elif TOTALS.match(first) and (not title or COUNTED.fullmatch(title) or TOTALS.match(title)):
            self._say(row, "is a row of totals, not a session; it was left out", self._first_column(row))
        elif is_heading and (row.place.row in self._wide or self._stands_among_times(row, str(only))):
            self._say(row, "is a heading; it was left out")
        else:
            return False
        return True

    def _is_of_day(self, only: Cell, row: Row, is_heading: bool) -> bool:
        """Whether the one cell of the row says on which day the rows below take place."""
        if isinstance(only, date):
            only = f"{only:%Y-%m-%d}" if kind_of(only) == "day" else None
        if not isinstance(only, str) or not (is_heading or row.tells_start()):
            return False
        is_day = self.moments.take_heading(only, among_words=is_heading)
        if is_day and not row.only_column_is_not_title():
            self._say(
                row, "is a day and no title; it was taken for that of the rows below", self._first_column(row)
            )
        if is_day and self.moments.days.odd:
            self._say(row, self.moments.days.odd, self._first_column(row))
        return is_day

    def _stands_among_times(self, row: Row, text: str) -> bool:
        """Whether the row is a text in a column of days or times, as “Coffee break” between two sessions."""
        columns = [column for name in START_FIELDS for column, _ in row.all(name)]
        return bool(columns) and row.has_column("title") and kind_of(text) == "text"

    def _say(self, row: Row, message: str, column: Column | None = None) -> None:
        key = column.key if column else row.column_of("title")
        shown = row.at(column) if column else row.cell("title")
        shown = next(each for each in row.cells if each is not None) if shown is None else shown
        place = row.place._replace(column=key)
        self.problems.append(CellProblem(place, message, False, None, as_text(shown)))

    def _first_column(self, row: Row) -> Column | None:
        return next((each for each in self._table.columns if row.at(each) is not None), None)

    def _continues(self, row: Row, people: RowPeople) -> bool:
        """Whether the row only adds people to a session above it; they are added then."""
        key = as_text(row.cell("sessionboard_id")) or as_text(row.cell("client_session_id"))
        title = as_text(row.cell("title"))
        before = self._by_id.get(fold(key)) if key else None
        last = self._sessions[-1] if self._sessions else None
        if last and not key and (title is None or fold(title) == fold(last.title or "")):
            before = last
        if before is None or (title is not None and fold(title) != fold(before.title or "")):
            return False
        if not (people.has_own(row) and (key or title is None)) and not (
            people.names_somebody(row) and self._says_nothing_new(row, before)
        ):
            return False
        self._say_other_values(row, before)
        before.rows.append(row.place.row)
        people.add_to(before, row)
        self.problems += people.taken_problems()
        return True

    def _say_other_values(self, row: Row, before: SessionDraft) -> None:
        """What a further row of a session says otherwise than the first one is not what is imported."""
        first = self._first_rows[before.place.row]
        for column, target in self._targets.values():
            cell, kept = row.at(column), first.at(column)
            if target.kind != "session" or target.field in PEOPLE_FIELDS or cell in (None, kept):
                continue
            message = f"is another value than that of row {before.place.row:,} of the same session"
            if target.field not in TIME_FIELDS:
                message += "; that of the first row counts"
            place = row.place._replace(column=column.key)
            is_error = target.field in TIME_FIELDS
            self.problems.append(CellProblem(place, message, is_error, before.title, as_text(cell)))

    def _says_nothing_new(self, row: Row, before: SessionDraft) -> bool:
        """Whether all that the row tells of the session stands in its first row too."""
        first = self._first_rows[before.place.row]
        return all(
            row.at(column) is None or row.at(column) == first.at(column)
            for column, target in self._targets.values()
            if target.kind == "session" and target.field not in PEOPLE_FIELDS
        )

    def _read_session(self, row: Row, values: RowValues, people: RowPeople) -> None:
        title = as_text(row.cell("title"))
        if title is None and row.cell("sessionboard_id") is None:
            shown = next(each for each in row.cells if each is not None)
            column = row.column_of("title")
            text = "stands in a row without a title"
            if not row.has_column("title"):
                text = "stands in a file of which no column holds the titles: say which one does"
            self.problems.append(
                CellProblem(row.place._replace(column=column), text, True, None, as_text(shown))
            )
            return
        session = SessionDraft(row.place, [row.place.row])
        values.fill(session, row)
        self._read_times(session, row)
        people.add_to(session, row)
        self.problems += values.taken_problems() + people.taken_problems()
        key = session.uuid or session.values.get("client_session_id")
        if key:
            self._refuse_second(row, session, key)
            self._by_id.setdefault(fold(key), session)
        self._sessions.append(session)
        self._first_rows[row.place.row] = row
        check_number(len(self._sessions), "sessions")

    def _refuse_second(self, row: Row, session: SessionDraft, key: str) -> None:
        before = self._by_id.get(fold(key))
        if before:
            field = "sessionboard_id" if session.uuid else "client_session_id"
            text = f"is the ID of row {before.place.row:,} too, “{before.title}”"
            self.problems.append(
                CellProblem(row.place._replace(column=row.column_of(field)), text, True, session.title, key)
            )

    def _read_times(self, session: SessionDraft, row: Row) -> None:
        cells = row.times()
        told_start, told_end = row.tells_start(), row.tells_end()
        if not told_start and not self.moments.days.heading:
            return
        for name, value in tuple(cells.items()):
            if isinstance(value, str):
                cells[name] = as_text(value)
        span, remarks = self.moments.read(cells)
        failed = False
        for remark in remarks:
            failed |= remark.is_error and not remark.is_unless_stored
            shown = as_text(cells.get(remark.field))
            column = row.column_of(remark.field)
            place = row.place._replace(column=column)
            self.problems.append(
                CellProblem(
                    place, remark.message, remark.is_error, session.title, shown, remark.is_unless_stored
                )
            )
        if failed:
            return
        unknown = any(self._targets[each.index][1].field in TIME_FIELDS for each in self._uncalculated(row))
        if told_start:
            session.values["starts_at"] = span.start
        if (told_end or span.end is not None) and not unknown:
            session.values["ends_at"] = span.end


def _is_grid(targets: Targets) -> bool:
    return any(target.field == BELOW for _, target in targets.values())
