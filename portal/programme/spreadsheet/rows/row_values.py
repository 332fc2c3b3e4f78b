"""Fills a session's own fields from the cells of its row."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import nh3

from portal.models import Category
from portal.programme.bounds import LONGEST_HTML, LONGEST_NAME, LONGEST_TEXT, MOST_PARTS
from portal.programme.spreadsheet.cells.markup import plain_texts, without_markup
from portal.programme.spreadsheet.cells.plain import NO_VALUE, as_text, is_lost_id, is_no_value, yes_or_no
from portal.programme.spreadsheet.cells.several import separator_of, split_values
from portal.programme.spreadsheet.cells.status_words import is_cancelled_by, is_shown, meant_category
from portal.programme.spreadsheet.cells.times import TIME_FIELDS
from portal.programme.spreadsheet.opening.table import Cell
from portal.programme.spreadsheet.recognising.fields import CUSTOM
from portal.programme.spreadsheet.recognising.tables import Column, Table
from portal.programme.spreadsheet.rows.drafts import CellProblem, SessionDraft
from portal.programme.spreadsheet.rows.row import Row, Targets
from portal.programme.values import flaw_of_text, parse_uuid
from portal.text.matching import fold, plain, trimmed

NAMES = ("title", "client_session_id", "status", "format", "room", "track", "level", "language")
CHOICES = ("format", "level", "language")
IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)$")


class RowValues:
    """Reads the rows of one table, whose columns together tell how several values of a cell are separated."""

    def __init__(self, table: Table, targets: Targets) -> None:
        self._problems: list[CellProblem] = []
        self._separators = {
            target.field: separator_of(plain_texts(table.cells(column)))
            for column, target in targets.values()
            if target.field in ("tags", "track", "room", "content")
        }
        self._titles_end_in_status = _titles_end_in_status(table, targets)

    def taken_problems(self) -> list[CellProblem]:
        """The problems since the last call."""
        found, self._problems = self._problems, []
        return found

    def fill(self, session: SessionDraft, row: Row) -> None:
        """Put everything but times and people into the draft."""
        session.values["title"] = None
        for name in row.columns:
            for column, cell in row.all(name):
                text = as_text(cell)
                if text and (flaw := self._flaw(name, text)):
                    self._say(row, column, flaw, True, session, text)
        self._fill_identity(session, row)
        values = session.values
        if row.has_column("description"):
            values["description"] = self._description(row)
        for name in CHOICES:
            if row.has_column(name):
                text = self._text(row, name) or ""
                if not row.has_column("sessionboard_id"):
                    text = without_markup(text)
                values[name] = _in_one_line(text, row) or None
        self._fill_lists(session, row)
        if row.has_column("status") and (word := self._text(row, "status")):
            values["status"] = fold(word)
        self._say_cancelled(session, row)
        self._fill_public(session, row)
        for name in row.columns:
            if name.startswith(CUSTOM):
                session.custom_fields[name.removeprefix(CUSTOM)] = as_text(row.cell(name))

    def _say_cancelled(self, session: SessionDraft, row: Row) -> None:
        if row.has_column("sessionboard_id") or not is_cancelled_by(session.title or ""):
            return
        if meant_category(session.values.get("status") or "") is not Category.DECLINED:
            text = "says that the session is cancelled, and its status does not: decline it, or leave the row out"
            self._say(row, row.columns["title"][0], text, False, session, session.title)

    def _fill_identity(self, session: SessionDraft, row: Row) -> None:
        values = session.values
        values["title"] = self._title(row)
        uuid = row.cell("sessionboard_id")
        if uuid is not None:
            session.uuid = parse_uuid(as_text(uuid))
            if session.uuid is None:
                column = next(iter(row.columns["sessionboard_id"]))
                text = "is no Sessionboard ID (a UUID as the portal gives it)"
                self._say(row, column, text, True, session, as_text(uuid))
        if not row.has_column("client_session_id"):
            return
        column = row.columns["client_session_id"][0]
        cell = row.at(column)
        if is_lost_id(cell):
            text = "is a number that a spreadsheet program made of an ID; the ID cannot be read back"
            self._say(row, column, text, False, session, as_text(cell))
        else:
            # An empty ID takes none away from who is known by another way.
            if cell is not None or session.uuid:
                values["client_session_id"] = as_text(cell)
            if cell is None and self._others_have_ids(row):
                text = "is empty; without an ID the session is known by title, start and room"
                self._say(row, column, text, False, session, None)

    def _others_have_ids(self, row: Row) -> bool:
        return not row.has_column("sessionboard_id")

    def _title(self, row: Row) -> str | None:
        text = self._text(row, "title")
        if text and not row.has_column("sessionboard_id"):
            text = " ".join(without_markup(text).split("\n")) or None
        if (
            text
            and self._titles_end_in_status
            and not row.has_column("sessionboard_id")
            and (found := IN_BRACKETS.search(text))
        ):
            return text[: found.start()]
        return text

    def _text(self, row: Row, name: str) -> str | None:
        return as_text(row.cell(name))

    def _description(self, row: Row) -> str | None:
        """Several texts stand one below the other; one that another one holds already is left out."""
        texts = [text for _, cell in row.all("description") if (text := as_text(cell))]
        kept = [
            text
            for place, text in enumerate(texts)
            if not any(
                _words(text) in _words(other) and (len(other) > len(text) or before < place)
                for before, other in enumerate(texts)
                if before != place
            )
        ]
        return "\n\n".join(kept) or None

    def _fill_lists(self, session: SessionDraft, row: Row) -> None:
        values = session.values
        if row.has_column("tags"):
            tags = values["tags"] = self._several(row, "tags")
            if len(tags) > MOST_PARTS or any(len(each) > LONGEST_NAME for each in tags):
                text = f"holds more than {MOST_PARTS:,} tags, or one of more than {LONGEST_NAME} characters"
                self._say(row, row.columns["tags"][0], text, True, session, tags[0][:100])
        if row.has_column("track"):
            tracks = self._several(row, "track", commas=False)
            values["track"] = tracks[0] if tracks else None
            column = row.columns["track"][0]
            if len(tracks) > 1:
                text = f"names {len(tracks)} tracks: the first is the track, all are kept in a custom field"
                self._say(row, column, text, False, session, "; ".join(tracks))
                session.custom_fields[column.header] = "; ".join(tracks)
        if row.has_column("room"):
            rooms = self._several(row, "room", commas=False)
            values["room"] = rooms[0] if rooms else None
            if len(rooms) > 1:
                text = f"names {len(rooms)} rooms: a session takes place in one, the first was taken"
                self._say(row, row.columns["room"][0], text, False, session, "; ".join(rooms))
        if row.has_column("content"):
            values["content"] = self._several(row, "content")

    def _several(self, row: Row, name: str, commas: bool = True) -> list[str]:
        separator = self._separators.get(name)
        found: dict[str, str] = {}
        for column, cell in row.all(name):
            text = as_text(cell) or ""
            if not row.has_column("sessionboard_id"):
                text = without_markup(text)
            if column.is_of_lines:
                parts = text.split("\n")
            elif not commas and row.has_column("sessionboard_id"):
                parts = [text]  # an export names one track and one room, whatever signs are in it
            else:
                parts = split_values(text, separator or (None if commas else ";"))
            for part in map(trimmed, parts):
                part = part if name == "content" else _in_one_line(part, row)
                if part:
                    found.setdefault(fold(part), part)
        return list(found.values())

    def _fill_public(self, session: SessionDraft, row: Row) -> None:
        for name, said in (("is_public", True), ("is_private", False)):
            cell = row.cell(name)
            if cell is None:
                if said and any(column.samples for column in row.columns.get(name, [])):
                    text = "is empty, which hides nothing: the session is public"
                    self._say(row, row.columns[name][0], text, False, session, None)
                continue
            answer = yes_or_no(cell)
            shown = is_shown(as_text(cell) or "") if answer is None else answer is said
            if shown is None:
                column = row.columns[name][0]
                self._say(
                    row, column, "is neither yes nor no; it was left out", False, session, as_text(cell)
                )
            else:
                session.values["is_public"] = shown and session.values.get("is_public", True)

    def _flaw(self, name: str, text: str) -> str | None:
        if flaw := flaw_of_text(text):
            return flaw
        if is_no_value(text) and name not in TIME_FIELDS:  # of those it is said that they are no times
            return NO_VALUE
        longest = LONGEST_NAME if name in NAMES else LONGEST_HTML if name == "description" else LONGEST_TEXT
        return f"has {len(text):,} characters; at most {longest:,} are taken" if len(text) > longest else None

    def _say(
        self, row: Row, column: Column, message: str, is_error: bool, session: SessionDraft, value: str | None
    ) -> None:
        place = row.place._replace(column=column.key)
        self._problems.append(CellProblem(place, message, is_error, session.title, value))


def _in_one_line(name: str, row: Row) -> str:
    """The name with plain spaces, so that “Room 1” is no second room where one of its spaces does not break.

    An export has the names that are stored.
    """
    return name if row.has_column("sessionboard_id") else " ".join(name.split())


def _words(text: str) -> str:
    return " ".join(plain(nh3.clean(text, tags=set())).lower().split())


def _titles_end_in_status(table: Table, targets: Targets) -> bool:
    """Whether every title ends with its row's status in brackets, as one tool writes it."""
    places: dict[str, Any] = {
        target.field: column.index
        for column, target in targets.values()
        if target.field in ("title", "status")
    }
    if len(places) < 2:
        return False
    seen = Counter(
        str(title).endswith(f" ({status})")
        for title, status in _pairs(table, places["title"], places["status"])
    )
    return seen[True] > 0 and not seen[False]


def _pairs(table: Table, one: int, other: int) -> Iterator[tuple[Cell, Cell]]:
    for _, row in table.records():
        if max(one, other) < len(row) and row[one] is not None:
            yield row[one], row[other]
