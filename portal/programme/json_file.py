"""Reads a JSON file that anybody may have written into plain objects."""

import json
from pathlib import Path
from typing import Any

from portal.errors import InvalidFile
from portal.programme.bounds import check_density


def load_json(path: Path, max_bytes: int) -> Any:
    """The file's content. Raises InvalidFile when it is not readable, too large, too dense, or not JSON in UTF-8."""
    return parse_json(read_bytes(path, max_bytes))


def parse_json(content: bytes) -> Any:
    """What the bytes hold. Raises InvalidFile as above."""
    check_density(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidFile(f"The file is not UTF-8 text: see its byte {error.start:,}.") from None
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno:,}, column {error.colno:,}"
        raise InvalidFile(f"The file is not JSON: it cannot be read from {place} on.", [place]) from None
    except RecursionError:
        raise InvalidFile("The file is nested too deep to be a programme.") from None
    except ValueError as error:  # a number with thousands of digits, or NaN
        raise InvalidFile(f"The file is not JSON that can be read: {error}.") from None


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
        raise InvalidFile("The file cannot be read: its name is not a file's name.") from None
    if len(content) > max_bytes:  # a device or pipe, whose size is not known before
        raise InvalidFile(f"The file has more than the {max_bytes:,} bytes that are allowed.")
    return content


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number in JSON")
