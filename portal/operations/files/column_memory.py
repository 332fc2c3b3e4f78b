"""Remembers what the columns of a file held, for the next file of the event with the same headers (H2).

The headers are those that the file has before anybody says how its letters are written.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select

from portal.models import ColumnMemory, Event, db
from portal.programme.numbering import parse_pattern
from portal.programme.spreadsheet.questions import DateOrder
from portal.programme.spreadsheet.recognising.tables import Tables
from portal.programme.spreadsheet.rows.drafts import Options

REMEMBERED = ("encoding", "columns", "order", "new_status", "number")


def recall(event: Event, tables: Tables) -> dict[str, Any]:
    """What was said of the last file with these headers; empty when there was none."""
    memory = db.session.scalar(
        select(ColumnMemory).where(
            ColumnMemory.event_id == event.id, ColumnMemory.headers == _headers_of(tables)
        )
    )
    return dict(memory.choices) if memory else {}


def remember(event_id: int, tables: Tables, choices: Mapping[str, Any]) -> None:
    """Keep what was said of this file, in place of what was said of one like it; the caller commits."""
    headers = _headers_of(tables)
    db.session.execute(
        delete(ColumnMemory).where(ColumnMemory.event_id == event_id, ColumnMemory.headers == headers)
    )
    kept = {name: choices[name] for name in REMEMBERED if choices.get(name)}
    db.session.add(ColumnMemory(event_id=event_id, headers=headers, choices=kept))


def with_choices(options: Options, choices: Mapping[str, Any]) -> Options:
    """The options, and where they say nothing what is remembered."""
    order, number = choices.get("order"), choices.get("number")
    return replace(
        options,
        encoding=options.encoding or choices.get("encoding") or None,
        columns={**choices.get("columns", {}), **options.columns},
        order=options.order or (DateOrder(order) if order else None),
        new_status=options.new_status or choices.get("new_status") or None,
        numbering=options.numbering or (parse_pattern(number) if number else None),
    )


def choices_of(options: Options) -> dict[str, Any]:
    """What of the options is remembered."""
    return {
        "encoding": options.encoding or "",
        "columns": dict(options.columns),
        "order": options.order.value if options.order else "",
        "new_status": options.new_status or "",
        "number": str(options.numbering) if options.numbering else "",
    }


def _headers_of(tables: Tables) -> str:
    headers = [[column.key for column in table.columns] for table in tables.all]
    return hashlib.blake2b(repr(headers).encode(), digest_size=16).hexdigest()
