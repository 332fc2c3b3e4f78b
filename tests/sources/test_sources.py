"""Every source of programmes offers the same: events, and a pull that only reads (H1, H2)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sync_world import crowd

from portal.programme.content import ProgrammeContent
from portal.programme.reading import read_programme
from portal.programme.sources.errors import EventGone
from portal.programme.sources.json_file import JsonFile
from portal.programme.sources.sessionboard.client import SessionboardClient
from portal.programme.sources.sessionboard.source import SessionboardSource
from portal.programme.sources.sessionboard.transport import Transport
from portal.programme.sources.source import OfferedEvent, ProgrammeSource
from sessionboard_local.server import DEMO_TOKEN, LocalSessionboard

PROGRAMME = crowd(5)


@pytest.fixture
def sessionboard() -> Iterator[ProgrammeSource]:
    with LocalSessionboard([PROGRAMME]) as local:
        transport = Transport(base_url=local.url, token=DEMO_TOKEN, timeout=120, first_pause=0.002)
        yield SessionboardSource(SessionboardClient(transport), lambda: datetime.now(UTC))


@pytest.fixture
def file(tmp_path: Path) -> ProgrammeSource:
    path = tmp_path / "programme.json"
    path.write_text(json.dumps(PROGRAMME), encoding="utf-8")
    return JsonFile(path, 1_000_000)


@pytest.fixture(params=["sessionboard", "file"])
def source(request: pytest.FixtureRequest) -> Iterator[ProgrammeSource]:
    found: ProgrammeSource = request.getfixturevalue(request.param)
    yield found
    found.close()


def test_source_offers_its_events(source):
    assert source.events() == [OfferedEvent("4630", "Small Conf", "Europe/Paris")]


def test_source_gives_the_programme(source):
    expected = read_programme(PROGRAMME)

    assert comparable(source.pull("4630", None).content) == comparable(expected)


def test_source_has_no_other_event(source):
    with pytest.raises(EventGone, match="has no event 99"):
        source.pull("99", None)


def test_source_says_how_it_is_called_and_how_old_its_answers_may_be(source):
    assert (source.kind, source.name, source.lag) in (
        ("sessionboard", "Sessionboard", timedelta(minutes=3)),
        ("file", "the file", timedelta(0)),
    )


def comparable(content: ProgrammeContent) -> ProgrammeContent:
    """Without what only one of them tells."""
    return replace(
        content,
        sessions=tuple(replace(each, admin_url=None, updated_at=None) for each in content.sessions),
        contacts=tuple(replace(each, admin_url=None, updated_at=None) for each in content.contacts),
        choices={},
        definitions=None,
        whole=False,
    )
