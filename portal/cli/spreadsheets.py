"""What `portal programme import` does with a spreadsheet."""

import json
import sys
import tomllib
from datetime import date
from typing import Any

import click

from portal.cli.asked import Asked
from portal.cli.group import ACTOR, DID_NOT_HAPPEN, PARTIAL, event_called, find_organisation
from portal.cli.imported import tell_counts, tell_import
from portal.config import current_settings
from portal.errors import PortalError
from portal.models import Organisation
from portal.operations.files.spreadsheets import (
    ImportTarget,
    SheetImport,
    events_named,
    import_spreadsheet,
    target_event,
    target_new,
)
from portal.programme.json_reading import read_bytes
from portal.programme.numbering import Pattern, parse_pattern
from portal.programme.spreadsheet.opening.decoding import OLDER_NAMES, encoding_named
from portal.programme.spreadsheet.questions import DateOrder, Question
from portal.programme.spreadsheet.rows.drafts import Options
from portal.programme.spreadsheet.rows.problem_groups import group_problems
from portal.programme.values import FIRST_YEAR, LAST_YEAR, parse_day
from portal.text.numbers import count

SHOWN_PLACES = 5  # of equal problems
OF_COLUMNS_FILE = ("encoding", "date_order", "year", "day", "new_status", "number")


def find_target(organisation: Organisation, asked: Asked) -> ImportTarget:
    """The event that the options name. Raises UsageError when they name none, or two; PortalError when it is gone."""
    if asked.event_id and asked.new_event:
        raise click.UsageError("Into --event EVENT_ID, or into a --new-event? Give one of them.")
    if not (asked.event_id or asked.new_event):
        raise click.UsageError(
            "A spreadsheet names no event: add --event EVENT_ID, or --new-event NAME --timezone ZONE."
        )
    if asked.event_id:
        if asked.timezone:
            raise click.UsageError("--timezone belongs to --new-event; an event that is there has its own.")
        return target_event(event_called(organisation, asked.event_id))
    if not asked.timezone:
        raise click.UsageError(
            "Which timezone is the event in? The file's times are read by it: add --timezone ZONE, as Europe/Paris."
        )
    target = target_new(str(asked.new_event), asked.timezone)
    if events_named(organisation, target.name):
        click.echo(
            f"Note: {organisation.name} has an event “{target.name}” already; this is another one.", err=True
        )
    return target


def import_sheet(asked: Asked) -> None:
    """Bring the file in, print what it did, and end with the status that says so."""
    organisation = find_organisation(asked.slug)
    target = find_target(organisation, asked)
    options = _options(target.timezone, asked)
    content = read_bytes(asked.file, current_settings().import_max_bytes)
    found = import_spreadsheet(
        organisation, content, target, options, ACTOR, check=asked.check, skip_bad_rows=asked.skip_bad_rows
    )
    if asked.as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        click.echo(_in_words(found, asked.check))
    _say_problems(found)
    if found.skipped and not asked.skip_bad_rows:
        rows = count(found.skipped, "row has a problem", "rows have problems")
        click.echo(f"{rows}. Mend the file, or leave them out with --skip-bad-rows.", err=True)
    if found.skipped:
        sys.exit(PARTIAL if asked.skip_bad_rows and (asked.check or found.is_stored) else DID_NOT_HAPPEN)


def _options(timezone: str, asked: Asked) -> Options:
    told: dict[str, Any] = {}
    columns = asked.columns
    if columns:
        try:
            told = tomllib.loads(read_bytes(columns, 1_000_000).decode("utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise PortalError(f"{columns} is no TOML file: {error}.") from None
    chosen: dict[str, str | None] = {}
    for name, value in told.items():
        entries = value if isinstance(value, dict) else {} if name in OF_COLUMNS_FILE else {name: value}
        for header, field in entries.items():
            if not isinstance(field, str | bool):
                raise PortalError(
                    f'{columns}: “{header}” must be the name of a field, or "" to leave it out.'
                )
            chosen[header] = field or None if isinstance(field, str) else None
    order = asked.date_order or told.get("date_order")
    if order is not None and order not in set(DateOrder):
        raise PortalError(f"date_order is “{order}”; it must be day-first or month-first.")
    status = told.get("new_status")
    return Options(
        timezone=timezone,
        encoding=_encoding(asked.encoding or told.get("encoding")),
        order=DateOrder(order) if order else None,
        year=asked.year or _year(told.get("year")),
        day=asked.day.date() if asked.day else _day(told.get("day")),
        columns=chosen,
        new_status=str(status) if status else None,
        numbering=_pattern(asked.number or told.get("number")),
    )


def _encoding(name: Any) -> str | None:
    if name is None:
        return None
    if found := encoding_named(str(name)):
        return found
    known = ", ".join(OLDER_NAMES)
    raise PortalError(f"“{name}” is no encoding that can be told: write one of {known}, or windows-1250.")


def _year(value: Any) -> int | None:
    if value is None or (type(value) is int and FIRST_YEAR <= value <= LAST_YEAR):
        return value
    raise PortalError(f"year is “{value}”; write it as 2027.")


def _day(value: Any) -> date | None:
    if value is None:
        return None
    day = parse_day(str(value))
    if day is None:
        raise PortalError(f"day is “{value}”; write it as 2027-03-04.")
    return day


def _pattern(text: Any) -> Pattern | None:
    if text is None:
        return None
    pattern = parse_pattern(str(text))
    if pattern is None:
        raise PortalError(f"“{text}” is no pattern of IDs: write it with one {{number}}, as S-{{number:03}}.")
    return pattern


def _in_words(found: SheetImport, check: bool) -> str:
    if found.is_stored or check:
        lines = [tell_import(found.event_name, found.event, is_stored=found.is_stored)]
    else:
        lines = ["Nothing was stored. Without the rows that have problems it would be:"]
    lines += [*tell_counts(found.sessions, found.contacts), "Columns:"]
    lines += [f"  {header} → {field or 'left out'}" for header, field in found.columns.items()]
    return "\n".join([*lines, *found.notes])


def _say_problems(found: SheetImport) -> None:
    """On stderr: problems of one kind once, with their rows and the first of their cells."""
    for group in group_problems(found.problems):
        first = group.cells[0]
        rows = ", ".join(f"{each.place.row:,}" for each in group.cells[:SHOWN_PLACES])
        more = f" and {group.number - SHOWN_PLACES:,} more" if group.number > SHOWN_PLACES else ""
        value = f"“{first.value}” " if first.value else ""
        title = f" ({first.title})" if first.title and group.number == 1 else ""
        kind = "Problem" if group.is_error else "Warning"
        where = f"row {rows}{more}" + (f", column “{group.column}”" if group.column else "")
        click.echo(f"{kind}: {where}: {value}{first.message}{title}.", err=True)
    if Question.ORDER in found.asks:
        click.echo(
            "Which comes first in the dates of this file, the day or the month? Nothing in it decides that: "
            "add --date-order day-first or --date-order month-first.",
            err=True,
        )
    if Question.DAY in found.asks:
        click.echo(
            "Which day are the times of this file that stand without one? Nothing in it says that: "
            "add --day 2027-03-04.",
            err=True,
        )
    if Question.YEAR in found.asks:
        click.echo(
            "Which year are the days of this file in? Nothing in it says that: add --year 2027.", err=True
        )
