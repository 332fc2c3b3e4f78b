"""A file may be large, and nobody's file stops the others (G5)."""

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from programme_samples import contact_entry, problems_of_session, programme_of, read, session_entry

from portal.errors import InvalidFile, Refused
from portal.models import Organisation
from portal.operations.files import importing
from portal.operations.files.importing import import_programme
from portal.operations.seats import take_seat
from portal.programme import storing
from portal.programme.bounds import LONGEST_HTML, MOST_PARTS, MOST_RECORDS
from portal.programme.reading import read_json, read_programme

LIMIT = 40_000_000
MOST_MEMORY = 300  # MiB


@pytest.mark.parametrize(
    ("before", "part", "times", "after"),
    [
        (b'{"sessions":[', b"{},", 13_000_000, b"{}]}"),
        (b'{"sessions":[', b"[],", 13_000_000, b"[]]}"),
        (b'{"sessions":[', b'"",', 13_000_000, b'""]}'),
        (b"", b"[", 20_000_000, b""),
        (b'{"event":{"id":1},"sessions":[{"participants":[', b"{},", 900_000, b"{}]}]}"),
        (b'{"event":{"id":1},"sessions":[{"description":"', b"<ul><li>", 1_250_000, b'"}]}'),
    ],
    ids=["objects", "lists", "texts", "depth", "participants", "description"],
)
def test_g5_file_of_forty_megabytes_is_refused_in_seconds_and_little_memory(
    tmp_path: Path, before: bytes, part: bytes, times: int, after: bytes
) -> None:
    path = tmp_path / "programme.json"
    path.write_bytes(before + part * times + after)
    seconds, memory = measure(lambda: read_json(path, LIMIT))

    assert seconds < 5
    assert memory < MOST_MEMORY


def measure(reading: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor time, and MiB more than before, that a refused reading takes in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        outcome = b"it was not refused"
        try:
            before, began = peak(), time.process_time()
            try:
                reading()
            except InvalidFile:
                outcome = f"{time.process_time() - began} {peak() - before}".encode()
        finally:
            os.write(writer, outcome)
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as said:
        words = said.read().split()
    os.waitpid(child, 0)
    seconds, memory = map(float, words)
    return seconds, memory


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("key", ["title", "client_session_id", "status"])
def test_g5_name_has_at_most_400_characters(key: str) -> None:
    assert read(session_entry(**{key: "x" * 400}))
    assert problems_of_session(**{key: "x" * 401}) == [
        f"sessions[0].{key}: “{'x' * 59}…” is longer than 400 characters"
    ]


def test_g5_event_has_a_name_of_at_most_400_characters() -> None:
    data = programme_of(session_entry())
    data["event"]["name"] = "x" * 401

    with pytest.raises(InvalidFile) as caught:
        read_programme(data)

    assert caught.value.problems == [f"event.name: “{'x' * 59}…” is longer than 400 characters"]


def test_g5_description_may_be_longer_than_what_is_sent() -> None:
    assert read(session_entry(description="x" * LONGEST_HTML)).sessions[0].description
    assert problems_of_session(description="x" * (LONGEST_HTML + 1)) == [
        f"sessions[0].description: “{'x' * 59}…” is longer than 1,000,000 characters"
    ]


@pytest.mark.parametrize("key", ["tags", "participants", "content"])
def test_g5_session_has_at_most_a_thousand_of_each_part(key: str) -> None:
    assert problems_of_session(**{key: [{}] * (MOST_PARTS + 1)}) == [
        f"sessions[0].{key}: has 1,001 entries; at most 1,000 are taken"
    ]


@pytest.mark.parametrize("kind", ["sessions", "contacts"])
def test_g5_event_has_at_most_50_000_sessions_and_as_many_people(kind: str) -> None:
    data = programme_of() | {kind: [{}] * (MOST_RECORDS + 1)}

    with pytest.raises(InvalidFile, match=f"would have 50,001 {kind}; at most 50,000 are taken"):
        read_programme(data)


def test_g5_files_one_after_the_other_bring_no_more(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.programme.bounds.MOST_RECORDS", 2)
    storing.store_programme(organisation.id, read(session_entry(1), session_entry(2)))

    with pytest.raises(InvalidFile, match="would have 3 sessions; at most 2 are taken"):
        storing.store_programme(organisation.id, read(session_entry(3)))


def test_g5_problems_are_counted_to_ten_thousand() -> None:
    data = programme_of() | {"contacts": [contact_entry(number, email=5) for number in range(1, 20_000)]}

    with pytest.raises(InvalidFile, match=r"more than 10,000 problems; the first 50 are listed\.$") as caught:
        read_programme(data)

    assert len(caught.value.problems) == 50


def test_g5_one_import_of_an_organisation_is_at_work_at_a_time(
    app: Flask, organisation: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "SEAT_WITHIN", 0.1)
    seat = take_seat(f"import-{organisation.id}", 1, 0)
    assert seat is not None

    with pytest.raises(Refused, match="Another import of your organisation is at work"):
        import_programme(organisation, tmp_path / "any.json", "test")
    seat.free()
    for _ in range(2):
        with pytest.raises(InvalidFile, match="No such file"):
            import_programme(organisation, tmp_path / "any.json", "test")
