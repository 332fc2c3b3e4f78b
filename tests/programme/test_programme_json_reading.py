"""What is no JSON file at all is refused with a place, never with a traceback."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.errors import InvalidFile
from portal.programme.json_reading import load_json

LIMIT = 200_000
NOBODY = 65_534


def refusal(path: Path, limit: int = LIMIT) -> tuple[str, list[str]]:
    with pytest.raises(InvalidFile) as caught:
        load_json(path, limit)
    assert caught.value.field == "file"
    return str(caught.value), caught.value.problems


@pytest.mark.parametrize(
    ("content", "message", "problems"),
    [
        (
            b'{"event": {},\n  "sessions": [}',
            "The file is not JSON: it cannot be read from line 2, column 16 on.",
            ["line 2, column 16"],
        ),
        (
            b"",
            "The file is not JSON: it cannot be read from line 1, column 1 on.",
            ["line 1, column 1"],
        ),
        (b'{"name": "\xff"}', "The file is not UTF-8 text: see its byte 10. Save it as UTF-8.", []),
        (
            b'{"id": 1}\n{"id": 2}\n',
            "The file holds more than one value: a second one begins at line 2, column 1. Make one object of them.",
            ["line 2, column 1"],
        ),
        (
            b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
            "The file is a calendar (iCalendar). "
            "Export the programme as XLSX or CSV from the tool that it comes from.",
            [],
        ),
        (b"[" * 100_000, "The file is nested too deep to be a programme.", []),
        (b'{"a":' * 30_000, "The file is nested too deep to be a programme.", []),
        (b"[NaN]", "The file is not JSON that can be read: NaN is not a number in JSON.", []),
    ],
)
def test_load_json_refuses_what_is_no_json(tmp_path, content, message, problems):
    path = tmp_path / "programme.json"
    path.write_bytes(content)

    assert refusal(path) == (message, problems)


def test_load_json_refuses_a_number_of_thousands_of_digits(tmp_path):
    path = tmp_path / "programme.json"
    path.write_text(f'{{"event": {{"id": {"9" * 5000}}}}}')

    message, problems = refusal(path)

    assert message.startswith("The file is not JSON that can be read: ")
    assert problems == []


def test_load_json_looks_at_the_size_before_reading(tmp_path):
    path = tmp_path / "programme.json"
    with path.open("wb") as file:
        file.truncate(50_000_000_000)  # sparse: nothing could read it in the time of a test

    assert refusal(path)[0] == "The file has 50,000,000,000 bytes; at most 200,000 are allowed."


def test_load_json_takes_a_file_of_exactly_the_limit(tmp_path):
    path = tmp_path / "programme.json"
    path.write_text('{"a": 1}')

    assert load_json(path, 8) == {"a": 1}
    assert refusal(path, 7)[0] == "The file has 8 bytes; at most 7 are allowed."


def test_load_json_stops_reading_what_has_no_size():
    assert refusal(Path("/dev/zero"))[0] == "The file has more than the 200,000 bytes that are allowed."


def test_load_json_says_that_a_file_is_not_there(tmp_path):
    path = tmp_path / "none.json"

    assert refusal(path)[0] == f"The file {path} cannot be read: No such file or directory."


def test_load_json_says_that_a_folder_is_no_file(tmp_path):
    assert refusal(tmp_path)[0] == f"The file {tmp_path} cannot be read: Is a directory."


@pytest.fixture
def unreadable(tmp_path: Path) -> Iterator[Path]:
    """A file that may not be read; root may read everything, so it is nobody for the length of the test."""
    path = tmp_path / "programme.json"
    path.touch(mode=0)
    before = os.geteuid()
    os.seteuid(before or NOBODY)
    yield path
    os.seteuid(before)


def test_load_json_says_that_a_file_may_not_be_read(unreadable):
    path = unreadable

    assert refusal(path)[0] == f"The file {path} cannot be read: Permission denied."


def test_load_json_refuses_a_name_that_is_none():
    assert refusal(Path("a\0b"))[0] == "The file cannot be read: its name is not a file’s name."


def test_load_json_takes_a_byte_order_mark(tmp_path):
    path = tmp_path / "programme.json"
    path.write_bytes(b'\xef\xbb\xbf{"name": "\xc3\x89t\xc3\xa9"}')

    assert load_json(path, LIMIT) == {"name": "Été"}


def test_h2_a_key_that_stands_twice_is_refused_with_its_places(tmp_path):
    path = tmp_path / "programme.json"
    path.write_text(
        """{"event": {"id": 1, "id": 1}, "sessions": [{"title": "A"}, {"title": "B", "room": {"id": 1, "id": 2},
        "status": "accepted", "status": "declined"}], "contacts": [], "contacts": [{"a\\u0007": 1, "a\\u0007": 2}]}"""
    )

    message, problems = refusal(path)

    assert message == "Nothing was imported: the file has 5 problems."
    assert problems == [
        "contacts: stands here twice: keep one of the two",
        "event.id: stands here twice: keep one of the two",
        "sessions[1].status: stands here twice: keep one of the two – in “B”",
        "sessions[1].room.id: stands here twice: keep one of the two – in “B”",
        "contacts[0].“a\N{REPLACEMENT CHARACTER}”: stands here twice: keep one of the two",
    ]


def test_h2_a_key_that_stands_twice_is_refused_whatever_the_file_holds(tmp_path):
    path = tmp_path / "programme.json"
    path.write_text('{"event": [{"sessions": 7, "sessions": 8}], "sessions[3].id": {"id": 1, "id": 2}}')

    assert refusal(path)[1] == [
        "event[0].sessions: stands here twice: keep one of the two",
        "“sessions[3].id”.id: stands here twice: keep one of the two",
    ]
