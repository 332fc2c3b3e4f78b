"""What an editor does by hand in ASP: no token, no rules, not counted."""

import pytest
import requests
from asp_calls import SEMINAR, SESSIONS, SITE, SPEAKERS, UNKNOWN, Client, asp_session, asp_speaker

from asp_local.server import LocalAsp


def by_hand(asp: LocalAsp, method: str, path: str, body: object = None) -> requests.Response:
    return requests.request(method, f"{asp.url}/_records{path}", json=body, timeout=120)


def test_records_show_everything_as_stored(asp: LocalAsp, client: Client) -> None:
    client.post("/public/seminars/71/streams", {"Name": "Red", "Colour": "#ff0000"})
    client.post("/public/seminars/71/locations", {"Name": "Room 1"})
    session = client.post(SESSIONS, asp_session()).json()

    records = by_hand(asp, "GET", "").json()

    assert list(records) == ["sites", "seminars", "streams", "locations", "sessions", "speakers"]
    assert [stream["SeminarUuid"] for stream in records["streams"]] == [SEMINAR]
    assert records["sessions"] == [session]
    assert records == asp.records()


def test_editor_types_something(asp: LocalAsp, client: Client) -> None:
    session = client.post(SESSIONS, asp_session(CustomFields={"sessionboard_id": "S1"})).json()
    sent = {"Description": "By hand", "StartTime": "soon", "CustomFields": {"own-field": "x"}}

    answer = by_hand(asp, "PUT", f"/sessions/{session['Uuid']}", sent)

    changed = client.get(f"{SESSIONS}/{session['Uuid']}").json()
    assert answer.json() == changed
    assert (changed["Description"], changed["StartTime"], changed["Title"]) == ("By hand", "soon", "A talk")
    assert changed["CustomFields"] == {"sessionboard_id": "S1", "own-field": "x"}
    assert changed["Modified"] > session["Modified"]
    assert client.put(f"{SESSIONS}/{session['Uuid']}", {"EndTime": "2027-01-30T11:00:00"}).status_code == 200


@pytest.mark.parametrize("kind", ["sessions", "speakers"])
def test_editor_deletes(asp: LocalAsp, client: Client, kind: str) -> None:
    collection, make = {"sessions": (SESSIONS, asp_session), "speakers": (SPEAKERS, asp_speaker)}[kind]
    uuid = client.post(collection, make()).json()["Uuid"]

    answer = by_hand(asp, "DELETE", f"/{kind}/{uuid}")

    assert answer.status_code == 200
    assert client.get(f"{collection}/{uuid}").status_code == 404
    assert client.put(f"{collection}/{uuid}", {}).status_code == 404
    assert client.get(collection).json() == []
    assert client.post(collection, make()).status_code == 201


def test_editor_deletes_a_seminar(asp: LocalAsp, client: Client) -> None:
    by_hand(asp, "DELETE", f"/seminars/{SEMINAR}")

    assert client.get("/public/seminars/71").status_code == 404
    assert client.get(SESSIONS).status_code == 404


def test_editor_duplicates_a_session(asp: LocalAsp, client: Client) -> None:
    session = client.post(SESSIONS, asp_session(CustomFields={"sessionboard_id": "S1"})).json()
    copy = {name: value for name, value in session.items() if name != "Uuid"}

    answer = by_hand(asp, "POST", "/sessions", copy)

    assert answer.status_code == 201
    assert answer.json() == session | {"Uuid": answer.json()["Uuid"]}
    assert client.get(SESSIONS).json() == [session, answer.json()]


def test_editor_renames_a_stream_and_a_custom_field(asp: LocalAsp, client: Client) -> None:
    stream = client.post("/public/seminars/71/streams", {"Name": "Red", "Colour": "#ff0000"}).json()["Uuid"]

    by_hand(asp, "PUT", f"/streams/{stream}", {"Name": "Crimson"})
    by_hand(asp, "PUT", f"/seminars/{SEMINAR}", {"CustomFields": [{"Slug": "new-field", "Type": "text"}]})

    assert [each["Name"] for each in client.get("/public/seminars/71/streams").json()] == ["Crimson"]
    assert client.post(SESSIONS, asp_session(CustomFields={"new-field": "x"})).status_code == 201


def test_editor_changes_an_email_and_frees_the_old_one(asp: LocalAsp, client: Client) -> None:
    uuid = client.post(SPEAKERS, asp_speaker()).json()["Uuid"]

    by_hand(asp, "PUT", f"/speakers/{uuid}", {"Email": "New@example.org"})

    assert client.post(SPEAKERS, asp_speaker(Email="new@EXAMPLE.org")).json()["Uuid"] == uuid
    assert client.post(SPEAKERS, asp_speaker()).status_code == 201


def test_editor_takes_a_timezone_away(asp: LocalAsp, client: Client) -> None:
    by_hand(asp, "PUT", f"/sites/{SITE}", {"TimeZone": ""})

    assert [list(site) for site in client.get("/public/sites").json()] == [
        ["Uuid", "Name", "Slug", "isActive"]
    ]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", f"/sessions/{UNKNOWN}", {}, 404),
        ("DELETE", f"/sessions/{UNKNOWN}", None, 404),
        ("POST", "/nonsense", {}, 404),
        ("POST", "/sessions", {"Title": "In no seminar"}, 400),
        ("POST", "/sessions", {"SeminarUuid": SEMINAR, "Streams": "red"}, 400),
        ("POST", "/sessions", {"SeminarUuid": SEMINAR, "Nonsense": ""}, 400),
        ("POST", "/sessions", [], 400),
        ("GET", "/sessions", None, 405),
    ],
)
def test_editor_is_refused_what_has_no_shape(
    asp: LocalAsp, method: str, path: str, body: object, status: int
) -> None:
    assert by_hand(asp, method, path, body).status_code == status


def test_editor_is_not_counted_nor_broken(asp: LocalAsp) -> None:
    asp.control(fail_rate=1, down=True, rate_per_s=0.001)

    statuses = [by_hand(asp, "GET", "").status_code for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert asp.stats()["requests"] == 0
