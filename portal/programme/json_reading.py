"""Reads a JSON file that anybody may have written into plain objects."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from portal.errors import InvalidFile
from portal.programme.bounds import check_density
from portal.programme.other_kinds import refuse_other_kinds
from portal.programme.problems import Problems, printable

PLAIN = re.compile(r"[\w-]{1,60}")


def load_json(path: Path, max_bytes: int) -> Any:
    """The file's content. Raises InvalidFile when it is not readable, too large, too dense, or not JSON in UTF-8."""
    return parse_json(read_bytes(path, max_bytes))


def parse_json(content: bytes) -> Any:
    """What the bytes hold. Raises InvalidFile as above, and where an object has a key twice."""
    check_density(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidFile(
            f"The file is not UTF-8 text: see its byte {error.start:,}. Save it as UTF-8."
        ) from None
    doubled = _Doubled()
    try:
        data = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=doubled.take)
    except json.JSONDecodeError as error:
        refuse_other_kinds(content)
        place = f"line {error.lineno:,}, column {error.colno:,}"
        if error.msg == "Extra data":
            message = f"The file holds more than one value: a second one begins at {place}. Make one object of them."
            raise InvalidFile(message, [place]) from None
        raise InvalidFile(f"The file is not JSON: it cannot be read from {place} on.", [place]) from None
    except RecursionError:
        raise InvalidFile("The file is nested too deep to be a programme.") from None
    except ValueError as error:  # a number with thousands of digits, or NaN
        raise InvalidFile(f"The file is not JSON that can be read: {error}.") from None
    doubled.refuse(data)
    return data


class _Doubled:
    """The objects of a file that have a key twice (H2). Python's reader would keep the last value and say nothing."""

    def __init__(self) -> None:
        self._keys: dict[
            int, tuple[dict[str, Any], list[str]]
        ] = {}  # by id; the object is held so that it stays

    def take(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """The object of these pairs; called for the innermost first, before anybody knows its place."""
        made = dict(pairs)
        if len(made) < len(pairs):
            numbers = Counter(key for key, _ in pairs)
            self._keys[id(made)] = made, [key for key, number in numbers.items() if number > 1]
        return made

    def refuse(self, data: Any) -> None:
        """Raises InvalidFile with the place of each."""
        if not self._keys:
            return
        problems = Problems(data)
        ahead = [("", data)]
        while ahead:
            place, value = ahead.pop()
            _, keys = self._keys.get(id(value), (None, []))
            for key in keys:
                problems.add(_below(place, key), "stands here twice: keep one of the two")
            inner = (
                value.items()
                if isinstance(value, dict)
                else enumerate(value)
                if isinstance(value, list)
                else ()
            )
            ahead += reversed([(_below(place, each), found) for each, found in inner])
        problems.raise_if_any()


def _below(place: str, key: str | int) -> str:
    if isinstance(key, int):
        return f"{place}[{key}]"
    name = key if PLAIN.fullmatch(key) else f"“{printable(key)}”"  # it could be read as a place otherwise
    return f"{place}.{name}" if place else name


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """What the file holds. Raises InvalidFile when it cannot be read or is too large."""
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise InvalidFile(f"The file has {size:,} bytes; at most {max_bytes:,} are allowed.")
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except OSError as error:
        raise InvalidFile(f"The file {path} cannot be read: {error.strerror or error}.") from None
    except ValueError:  # a NUL in the name
        raise InvalidFile("The file cannot be read: its name is not a file’s name.") from None
    if len(content) > max_bytes:  # a device or pipe, whose size is not known before
        raise InvalidFile(f"The file has more than the {max_bytes:,} bytes that are allowed.")
    return content


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number in JSON")
