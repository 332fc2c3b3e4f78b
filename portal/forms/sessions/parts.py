"""The people and the content in a session's form: rows that buttons add, move and take away, unstored yet."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from portal.forms.texts import parsed
from portal.operations.queries.drafts import typed
from portal.programme.bounds import MOST_PARTS
from portal.programme.drafts import NEW
from portal.text.numbers import whole_number

Rows = list[list[str]]


def sent_people(sent: MultiDict[str, str]) -> Rows:
    """Who stands in the form: UUID (or `new:` and a JSON list of names), role, status."""
    keys = [each for each in sent.getlist("person") if is_person(each)]
    rows = zip(keys, sent.getlist("role"), sent.getlist("acceptance"), strict=False)
    return [list(row) for row in rows][: MOST_PARTS + 1]


def is_person(key: str) -> bool:
    """Whether it is a UUID, or a new person as `new_person` writes them."""
    return not key.startswith(NEW) or new_names(key) is not None


def new_person(first_name: str, last_name: str, email: str) -> str:
    """A person who is made with the session, as a row carries them."""
    return NEW + json.dumps([first_name, last_name, email], ensure_ascii=False)


def new_names(key: str) -> tuple[str, str, str] | None:
    """First name, last name and e-mail of such a person; None for anything else."""
    found = parsed(key.removeprefix(NEW)) if key.startswith(NEW) else None
    if isinstance(found, list) and len(found) == 3 and all(isinstance(each, str) for each in found):
        return found[0], found[1], found[2]
    return None


def read_files(sent: MultiDict[str, str]) -> Rows:
    """The content in the form, blank rows included: name and address."""
    rows = zip(sent.getlist("file_name"), sent.getlist("file_url"), strict=False)
    return [[typed(name), typed(url)] for name, url in rows][: MOST_PARTS + 1]


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button did to the rows, and the id of what gets the focus."""

    rows: Rows
    focus: str


def press_in_rows(action: str, rows: Rows, area: str) -> Pressed | None:
    """The rows after `AREA-up-2`, `AREA-down-2` or `AREA-remove-2`; None for another button."""
    head, _, number = action.rpartition("-")
    change = _CHANGES.get(head.removeprefix(f"{area}-")) if head.startswith(f"{area}-") else None
    place = whole_number(number, 6, otherwise=0)
    if change is None or not 1 <= place <= len(rows):
        return None
    return change(list(rows), place - 1, area)


def _move_up(rows: Rows, place: int, area: str) -> Pressed:
    return _move(rows, place, max(place - 1, 0), area, "up")


def _move_down(rows: Rows, place: int, area: str) -> Pressed:
    return _move(rows, place, min(place + 1, len(rows) - 1), area, "down")


def _move(rows: Rows, place: int, target: int, area: str, way: str) -> Pressed:
    rows.insert(target, rows.pop(place))
    # the button that was pressed is dead at either end: the other one takes the focus
    way = "down" if target == 0 else "up" if target == len(rows) - 1 else way
    return Pressed(rows, f"{area}-{way}-{target + 1}")


def _remove(rows: Rows, place: int, area: str) -> Pressed:
    del rows[place]
    return Pressed(rows, f"{area}-remove-{min(place + 1, len(rows))}" if rows else f"{area}-add")


_CHANGES: dict[str, Callable[[Rows, int, str], Pressed]] = {
    "up": _move_up,
    "down": _move_down,
    "remove": _remove,
}
