"""What survives a restart, what the seed does to it, and which seeds and databases are refused."""

import copy
from pathlib import Path
from typing import Any

import pytest
from asp_calls import SEED, SEMINAR, SESSIONS, SPEAKERS, Client, asp_session, asp_speaker

from asp_local.seed import SeedError, load_seed
from asp_local.server import LocalAsp
from asp_local.store import DatabaseError

COLLECTIONS = ("streams", "locations", "sessions", "speakers")


def test_records_survive_a_restart(tmp_path: Path) -> None:
    with LocalAsp(SEED, tmp_path / "asp.sqlite") as asp:
        client = Client(asp.url)
        speaker = client.post(SPEAKERS, asp_speaker()).json()["Uuid"]
        client.post("/public/seminars/71/streams", {"Name": "Red", "Colour": "#ff0000"})
        client.post("/public/seminars/71/locations", {"Name": "Room 1"})
        session = client.post(SESSIONS, asp_session(Speakers=[speaker])).json()["Uuid"]
        client.post(SESSIONS, asp_session(Title="Second"))
        client.put(f"{SESSIONS}/{session}", {"Title": "Changed"})
        before = asp.records()

    with LocalAsp(SEED, tmp_path / "asp.sqlite") as asp:
        after = asp.records()
        duplicate = Client(asp.url).post(SPEAKERS, asp_speaker())

    assert [each["Title"] for each in after["sessions"]] == ["Changed", "Second"]
    assert after == before
    assert (duplicate.status_code, duplicate.json()["Uuid"]) == (409, speaker)


def test_seed_changes_seminars_and_nothing_else(tmp_path: Path) -> None:
    with LocalAsp(SEED, tmp_path / "asp.sqlite") as asp:
        Client(asp.url).post(SESSIONS, asp_session())
        before = asp.records()
    changed: dict[str, Any] = copy.deepcopy(SEED)
    changed["seminars"][0] |= {"Name": "Renamed", "custom_fields": []}
    changed["sites"].append({"Uuid": "NEW", "Name": "New site", "Slug": "new"})

    with LocalAsp(changed, tmp_path / "asp.sqlite") as asp:
        after = asp.records()

    assert [site["Name"] for site in after["sites"]] == ["First site", "Other site", "New site"]
    assert (after["seminars"][0]["Name"], after["seminars"][0]["CustomFields"]) == ("Renamed", [])
    assert {name: after[name] for name in COLLECTIONS} == {name: before[name] for name in COLLECTIONS}


def test_without_a_database_nothing_is_kept() -> None:
    for _ in range(2):
        with LocalAsp(SEED) as asp:
            Client(asp.url).post(SESSIONS, asp_session())
            assert len(asp.records()["sessions"]) == 1


def test_database_in_use_or_foreign_is_refused(tmp_path: Path) -> None:
    (tmp_path / "foreign").write_text("This is no database, and it is long enough to be seen as none. " * 20)

    with LocalAsp(SEED, tmp_path / "asp.sqlite"), pytest.raises(DatabaseError):
        LocalAsp(SEED, tmp_path / "asp.sqlite")
    with pytest.raises(DatabaseError):
        LocalAsp(SEED, tmp_path / "foreign")


@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("seminars", {"Id": "71"}),
        ("seminars", {"SiteUuid": "nowhere"}),
        ("seminars", {"custom_fields": [{"slug": "x", "type": "nonsense"}]}),
        ("seminars", {"session_types": [7]}),
        ("seminars", {"nonsense": 1}),
        ("sites", {"Name": None}),
        ("accounts", {"sites": "all"}),
    ],
)
def test_seed_that_does_not_fit_is_refused(section: str, change: dict[str, Any]) -> None:
    seed = copy.deepcopy(SEED)
    seed[section][0] |= change

    with pytest.raises(SeedError):
        load_seed(seed)


def test_seed_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("accounts = [")

    for path in (tmp_path / "missing.toml", tmp_path / "broken.toml"):
        with pytest.raises(SeedError, match=path.name):
            load_seed(path)


def test_demo_seed_has_ready_and_unready_seminars() -> None:
    seed = load_seed()

    slugs = {each["Id"]: [field["Slug"] for field in each["CustomFields"]] for each in seed.seminars}
    assert [(account.api_key, account.api_secret) for account in seed.accounts] == [
        ("demo-key", "demo-secret")
    ]
    assert [site.get("TimeZone") for site in seed.sites] == ["Europe/Paris", None]
    assert list(slugs) == [1111, 2222, 3333, 4444]
    assert slugs[2222] == ["sessionboard_id"]
    assert ["sessionboard_id", *slugs[3333]] == slugs[1111] == slugs[4444]


def test_session_type_uuids_are_the_same_at_every_start() -> None:
    first, second = load_seed(SEED), load_seed(SEED)

    assert first.seminars[0]["SessionTypes"] == second.seminars[0]["SessionTypes"]
    assert first.seminars[0]["Uuid"] == SEMINAR
