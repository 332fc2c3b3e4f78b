"""sessionboard-local answers as Sessionboard's public API is documented, from a programme file."""

import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests
from sync_world import contact_id, crowd, session_id, wait_until

from sessionboard_local.records import BadProgramme
from sessionboard_local.server import LocalSessionboard
from sessionboard_local.webhooks import Target

TOKEN = {"x-access-token": "good"}


@pytest.fixture
def local() -> Iterator[LocalSessionboard]:
    with LocalSessionboard([crowd(30)], tokens={"good": False, "hidden": True}) as running:
        yield running


def get(local: LocalSessionboard, path: str, headers: Any = TOKEN, **params: Any) -> requests.Response:
    return requests.get(local.url + path, headers=headers, params=params, timeout=120)


def search(local: LocalSessionboard, name: str, body: Any = None, **params: Any) -> Any:
    answer = requests.post(
        f"{local.url}/v1/event/4630/{name}", headers=TOKEN, params=params, json=body or {}, timeout=120
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_pages_have_25_records_unless_told_otherwise(local):
    first, last = search(local, "sessions"), search(local, "sessions", page=2)

    assert [len(first["results"]), len(last["results"])] == [25, 5]
    assert first["pagination"] == {"currentPage": 1, "pageSize": 25, "totalPages": 2, "totalResults": 30}


def test_page_of_more_than_100_is_refused(local):
    answer = requests.post(
        f"{local.url}/v1/event/4630/sessions?pageSize=101", headers=TOKEN, json={}, timeout=120
    )

    assert (answer.status_code, set(answer.json())) == (400, {"error", "message"})


def test_newer_endpoints_say_data(local):
    local.control(envelope="data")

    assert set(search(local, "speakers")) == {"data", "pagination"}


def test_filter_by_time_of_change(local):
    before = search(local, "sessions", pageSize=1)["results"][0]["updated_at"]
    local.event(4630).change("sessions", session_id(3), title="Another title")

    found = search(local, "sessions", {"filters": {"updatedAt": {"after": before}}})["results"]

    assert [(each["id"], each["title"]) for each in found] == [(session_id(3), "Another title")]


def test_session_holds_its_people_and_choices(local):
    found = search(local, "sessions", pageSize=1)["results"][0]

    assert found["participants"][0]["contact"]["email"] == "person1@example.org"
    assert [each["id"] for each in found["speakers"]] == [contact_id(1)]
    assert (found["room"]["name"], found["tags"][0]["color"], found["track"]) == ("Room 1", "#112233", {})


def test_lists_and_fields(local):
    assert len(get(local, "/v1/event/4630/tags").json()["results"]) == 4
    assert get(local, "/v1/event/4630/fields").json()["results"] == []
    assert get(local, "/v1/event/4630/anything").status_code == 404


@pytest.mark.parametrize(("headers", "status"), [({}, 401), ({"x-access-token": "wrong"}, 401), (TOKEN, 200)])
def test_token_is_asked_for(local, headers, status):
    assert get(local, "/v1/events", headers).status_code == status


def test_personal_data_is_hidden_from_such_a_token(local):
    answer = requests.post(
        f"{local.url}/v1/event/4630/speakers", headers={"x-access-token": "hidden"}, json={}, timeout=120
    )

    assert answer.json()["results"][0]["email"] == "p***@e***.org"


def test_limit_counts_each_category_and_no_search(local):
    local.control(limit=2)
    tags = [get(local, "/v1/event/4630/tags") for _ in range(3)]
    rooms = get(local, "/v1/event/4630/rooms")
    searches = [search(local, "sessions", pageSize=1) for _ in range(5)]

    assert [each.status_code for each in tags] == [200, 200, 429]
    assert [each.headers["RateLimit-Remaining"] for each in tags] == ["1", "0", "0"]
    assert 0 < int(tags[2].headers["Retry-After"]) <= 900
    assert (rooms.status_code, len(searches)) == (200, 5)


def test_search_is_answered_from_the_cache(local):
    local.control(cache_s=180)
    search(local, "sessions", pageSize=1)
    local.event(4630).change("sessions", session_id(1), title="Another title")

    assert search(local, "sessions", pageSize=1)["results"][0]["title"] == "Session 1"
    assert search(local, "sessions", pageSize=2)["results"][0]["title"] != "Session 1"


@pytest.mark.parametrize("nonsense", [{"breaks": "glass"}, {"fail_status": 99}])
def test_controls_are_changed_over_http_and_checked(local, nonsense):
    changed = requests.put(f"{local.url}/_control", json={"fail_status": 403, "fail_times": 1}, timeout=120)
    wrong = requests.put(f"{local.url}/_control", json=nonsense, timeout=120)

    assert [get(local, "/v1/events").status_code for _ in range(2)] == [403, 200]
    assert (changed.json()["fail_status"], wrong.status_code) == (403, 400)
    assert get(local, "/_stats").json()["requests"] == 2


def test_what_was_changed_is_there_after_a_restart(tmp_path):
    keep = tmp_path / "kept.json"
    with LocalSessionboard([crowd(2)], tokens={"good": False}, keep=keep) as first:
        requests.put(
            f"{first.url}/_records/4630/sessions/{session_id(1)}",
            json={"title": "Another title"},
            timeout=120,
        )

    with LocalSessionboard([crowd(2)], tokens={"good": False}, keep=keep) as second:
        assert search(second, "sessions", pageSize=1)["results"][0]["title"] == "Another title"


def test_file_that_is_no_programme_is_refused(tmp_path):
    path = tmp_path / "file.json"
    path.write_text("[]")

    with pytest.raises(BadProgramme, match="holds no programme"):
        LocalSessionboard([path])


class Door:
    """Takes messages as a portal would; says no as often as told."""

    def __init__(self) -> None:
        self.messages: list[tuple[str | None, Any]] = []
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                door.messages.append((self.headers.get("X-Portal-Secret"), json.loads(body)))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def door() -> Iterator[Door]:
    made = Door()
    yield made
    made.close()


def test_pages_change_records_and_tell_the_webhook(door):
    with LocalSessionboard([crowd(3)], webhook=Target(door.url, {"X-Portal-Secret": "s"})) as local:
        page = f"{local.url}/event/4630/sessions/{session_id(2)}"
        form = requests.get(page, timeout=120).text
        saved = requests.post(
            page,
            data={
                "title": "Another title",
                "status": "accepted",
                "starts_at": "2030-06-15T10:00",
                "ends_at": "2030-06-15T11:00",
                "room": "A new room",
                "status-0": "declined",
                "add": "person3@example.org",
                "role": "moderator",
            },
            timeout=120,
        )
        requests.post(f"{page}/status", data={"status": "declined"}, timeout=120)
        requests.post(
            f"{local.url}/event/4630/contacts/{contact_id(1)}", data={"first_name": "Ada"}, timeout=120
        )
        requests.post(f"{local.url}/event/4630/sessions/{session_id(3)}/delete", timeout=120)
        wait_until(lambda: len(door.messages) == 4)

    assert ("Session 2" in form, saved.status_code) == (True, 200)
    session = local.event(4630).session(session_id(2))
    people = [
        (each["contact_id"], each["participant_role"]["core_role"], each["status"])
        for each in session["participants"]
    ]
    assert (session["title"], session["status"], session["room"]["name"]) == (
        "Another title",
        "declined",
        "A new room",
    )
    assert session["starts_at"] == "2030-06-15T08:00:00.000Z"  # ten o'clock in Paris
    assert people == [(contact_id(2), "speaker", "declined"), (contact_id(3), "moderator", "accepted")]
    assert [(secret, each["metadata"]["action"], each["data"]["id"]) for secret, each in door.messages] == [
        ("s", "session.updated", session_id(2)),
        ("s", "session.updated", session_id(2)),
        ("s", "contact.updated", contact_id(1)),
        ("s", "session.deleted", session_id(3)),
    ]


def test_lists_are_searched(local):
    assert "Session 7<" in requests.get(f"{local.url}/event/4630?search=session+7", timeout=120).text
    assert (
        "person9@example.org"
        in requests.get(f"{local.url}/event/4630/contacts?search=person9@", timeout=120).text
    )
    assert "good" in requests.get(local.url, timeout=120).text


def test_command_says_where_it_listens_and_ends_on_a_signal():
    programme = Path(__file__).parents[2] / "demo" / "pyconfr-2025.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "sessionboard_local", str(programme), "--token", "mine"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    url = process.stdout.readline().split()[-1]

    answer = requests.get(f"{url}/v1/events", headers={"x-access-token": "mine"}, timeout=120)
    process.terminate()

    assert (answer.json()["results"][0]["name"], process.wait(timeout=120)) == ("PyConFR 2025", 0)
    process.stdout.close()
