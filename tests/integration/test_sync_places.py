"""Whose records are whose: organisations, seminars, and an ASP that names things otherwise (I, A4, B3)."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from sync_world import (
    FOREIGN_SEMINAR,
    FOREIGN_SITE,
    OTHER_KEY,
    OTHER_SECRET,
    SECOND_SEMINAR,
    SEED,
    SITE,
    World,
    crowd,
    make_contact,
    make_programme,
    make_session,
    on_it,
    session_id,
)

from asp_local.server import LocalAsp
from portal.asp.errors import AspError
from portal.errors import Refused
from portal.models import Connection, Mapping, db
from portal.operations.connection.connecting import connect_asp
from portal.operations.mapping.unmapping import remove_mapping
from portal.secrets import current_vault


def test_two_organisations_import_the_same_file_and_never_meet(world: World) -> None:
    event = world.prepare(crowd(3))
    other = world.add_organisation("two")
    other_event = world.load(crowd(3), other)
    world.connect(other, (OTHER_KEY, OTHER_SECRET))
    world.map(other_event, FOREIGN_SITE, FOREIGN_SEMINAR)

    runs = [world.sync(event), world.sync(other_event)]

    assert [(run.status, run.counts["sessions"]["created"]) for run in runs] == [("succeeded", 3)] * 2
    sites = [each["SiteUuid"] for each in world.records("speakers")]
    assert (sites.count(SITE), sites.count(FOREIGN_SITE)) == (3, 3)
    assert [world.sync(each).writes for each in (event, other_event)] == [0, 0]


def test_another_seminar_of_the_site_has_sessions_of_its_own_and_the_same_speakers(world: World) -> None:
    event = world.prepare(crowd(3))
    world.sync(event)
    remove_mapping(world.mapping(event), "tester")
    world.map(event, seminar=SECOND_SEMINAR)

    run = world.sync(event)

    assert (run.status, run.counts["sessions"]["created"], run.counts["speakers"]["unchanged"]) == (
        "succeeded",
        3,
        3,
    )
    seminars = [each["SeminarUuid"] for each in world.records("sessions")]
    assert {each: seminars.count(each) for each in seminars} == {
        SEED["seminars"][0]["Uuid"]: 3,
        SEED["seminars"][1]["Uuid"]: 3,
    }
    assert (len(world.records("speakers")), len(world.records("locations"))) == (3, 6)
    remove_mapping(world.mapping(event), "tester")
    world.map(event)
    assert world.sync(event).writes == 0


def test_two_events_of_one_organisation_share_nothing_but_the_connection(world: World) -> None:
    event = world.prepare(crowd(2))
    other = world.load(crowd(2) | {"event": {"id": 9, "name": "Other", "timezone": "America/New_York"}})
    world.map(other, "CCCCCCCC-0000-4000-8000-00000000000C", "76")

    runs = [world.sync(event), world.sync(other)]

    assert [run.counts["sessions"]["created"] for run in runs] == [2, 2]


@pytest.mark.parametrize(
    ("site", "seminar", "field", "words"),
    [
        (FOREIGN_SITE, FOREIGN_SEMINAR, "site", "cannot see an ASP event"),
        (SITE, "999", "seminar_id", "no seminar “999”"),
        (SITE, "76", "seminar_id", "belongs to another ASP event"),
        (SITE, FOREIGN_SEMINAR, "seminar_id", "no seminar"),
        (SITE, "  ", "seminar_id", "Enter the Seminar ID"),
        (SITE, "../sites", "seminar_id", "no seminar"),
        ("", "71", "site", "Choose the ASP event"),
    ],
)
def test_wrong_site_or_seminar_is_refused_at_its_field(
    world: World, site: str, seminar: str, field: str, words: str
) -> None:
    event = world.load(crowd(1))
    world.connect()

    with pytest.raises(Refused, match=words) as refusal:
        world.map(event, site, seminar)

    assert (refusal.value.field, db.session.query(Mapping).count()) == (field, 0)


def test_seminar_is_found_by_number_and_by_uuid_and_the_same_pair_changes_nothing(world: World) -> None:
    event = world.load(crowd(1))
    world.connect()

    first = world.map(event, SITE.lower(), SEED["seminars"][0]["Uuid"])
    second = world.map(event, SITE, " 71 ")

    assert (first.created, second.created, first.mapping.id == second.mapping.id) == (True, False, True)
    assert (first.mapping.seminar_number, first.mapping.site_uuid) == ("71", SITE)


@pytest.mark.parametrize(
    ("pair", "fault", "words"),
    [
        (("demo-key", "wrong"), {}, "did not accept this API key and secret. Nothing was saved."),
        (("demo-key", "wrong"), {"down": True}, "could not be reached"),
        (("", "secret"), {}, "Enter the API key."),
        (("key", ""), {}, "Enter the API secret."),
    ],
)
def test_pair_that_does_not_work_is_refused_and_not_stored(
    world: World, pair: tuple[str, str], fault: dict[str, Any], words: str
) -> None:
    world.asp.control(**fault)

    with pytest.raises((Refused, AspError), match=words):
        connect_asp(world.organisation, *pair, False, "tester")

    assert db.session.query(Connection).count() == 0


def test_blank_secret_keeps_the_stored_one_and_is_tried(world: World) -> None:
    world.connect()
    stored = db.session.query(Connection).one().secret_encrypted
    secret = current_vault().decrypt(stored)

    connect_asp(world.organisation, "demo-key", "", True, "tester")

    connection = db.session.query(Connection).one()
    assert (current_vault().decrypt(connection.secret_encrypted), connection.continuous) == (secret, True)
    assert connection.secret_encrypted != stored  # A3b: encrypted anew, under the newest key
    with pytest.raises(Refused, match="did not accept"):
        connect_asp(world.organisation, "another-key", "", True, "tester")


# An ASP that names things otherwise

OTHERWISE = {"StartTime": "StartDateTime", "sessionboard_id": "portal-id", "Company": "Employer"}
CONTRACT = """
[paths]
sessions = "/public/v2/seminars/{seminar}/talks"
session = "/public/v2/seminars/{seminar}/talks/{uuid}"

[session]
starts_at = "StartDateTime"
sessionboard_id = "portal-id"

[speaker]
company_name = "Employer"
"""


def renamed(value: Any, names: dict[str, str]) -> Any:
    """The JSON value with other names for its keys and for the slugs in it."""
    if isinstance(value, dict):
        return {names.get(key, key): renamed(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [renamed(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value


@pytest.fixture
def other_asp(local_asp: LocalAsp) -> Iterator[str]:
    """Stands before the local ASP and translates; gives its address."""
    back = {theirs: ours for ours, theirs in OTHERWISE.items()}

    class Translator(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            path = self.path.replace("/v2/", "/").replace("/talks", "/sessions")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            sent = renamed(json.loads(body), back) if body else None
            kept = {name: self.headers[name] for name in ("Authorization",) if name in self.headers}
            got = requests.request(self.command, local_asp.url + path, json=sent, headers=kept, timeout=120)
            said = json.dumps(renamed(got.json(), OTHERWISE)).encode()
            self.send_response(got.status_code)
            for name, value in got.headers.items():
                if name.startswith(("X-", "Auth", "Link", "Retry")):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = do_PUT = answer

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Translator)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_contract_file_reaches_an_asp_that_names_things_otherwise(
    tmp_path: Path, local_asp: LocalAsp, other_asp: str
) -> None:
    contract = tmp_path / "contract.toml"
    contract.write_text(CONTRACT)
    world = World(tmp_path, local_asp, asp_base_url=other_asp, asp_contract=str(contract))
    try:
        sessions = [make_session(1, on_it(1))]
        event = world.prepare(make_programme(sessions, [make_contact(1, company_name="A company")]))
        first = world.sync(event)
        again = world.sync(event)
        world.load(make_programme(sessions, [make_contact(1, company_name="Another")]))
        third = world.sync(event)
        for link in world.links("session").values():
            db.session.delete(link)
        db.session.commit()
        fourth = world.sync(event)
        got, speaker = world.session(1), world.speaker(1)
        statuses = local_asp.stats()["statuses"]
    finally:
        world.close()

    assert [(run.status, run.writes) for run in (first, again, third, fourth)] == [
        ("succeeded", 2),
        ("succeeded", 0),
        ("succeeded", 1),
        ("succeeded", 0),
    ]
    assert (got["StartTime"][10:], speaker["Company"]) == ("T08:02:00", "Another")
    assert got["CustomFields"] == {"sessionboard_id": session_id(1)}
    assert set(statuses) == {"200", "201"}
