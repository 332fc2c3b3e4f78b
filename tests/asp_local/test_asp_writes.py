"""Creating and changing records: what is stored, merged, cleared and refused as a duplicate."""

import re
from typing import Any

import pytest
from asp_calls import SEMINAR, SESSIONS, SITE, SPEAKERS, Client, asp_session, asp_speaker

from asp_local.server import LocalAsp

STREAMS = "/public/seminars/71/streams"
LOCATIONS = "/public/seminars/71/locations"


def test_uuid_of_a_new_record_has_asps_own_form(client: Client) -> None:
    uuid = client.post(SPEAKERS, asp_speaker()).json()["Uuid"]

    assert re.fullmatch("[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{16}", uuid)


@pytest.fixture
def filled(client: Client) -> dict[str, Any]:
    speaker = client.post(SPEAKERS, asp_speaker()).json()["Uuid"]
    stream = client.post(STREAMS, {"Name": "Red", "Colour": "#ff0000"}).json()["Uuid"]
    location = client.post(LOCATIONS, {"Name": "Room 1"}).json()["Uuid"]
    custom = {"sessionboard_id": "S1", "levels-checkbox": ["Advanced"], "panel-moderator": [speaker]}
    whole = asp_session(
        Description="<p>Words</p>",
        SessionType="Keynote",
        Location=location,
        Streams=[stream],
        Speakers=[speaker],
        isPublished=True,
        CustomFields=custom,
    )
    answer = client.post(SESSIONS, whole)
    assert answer.status_code == 201
    stored: dict[str, Any] = answer.json()
    assert {name: stored[name] for name in whole} == whole
    return stored


def without_stamps(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in ("Created", "Modified")}


def test_new_session_is_whole_and_not_published(client: Client) -> None:
    stored = client.post(SESSIONS, asp_session()).json()

    assert stored["Uuid"] == stored["Uuid"].upper()
    assert stored["Created"] == stored["Modified"]
    assert len(stored["Created"]) == len("2027-01-30T09:30:00.000000Z")
    assert without_stamps(stored) == asp_session() | {
        "Uuid": stored["Uuid"],
        "SeminarUuid": SEMINAR,
        "Description": "",
        "SessionType": "",
        "Location": None,
        "Streams": [],
        "Speakers": [],
        "isPublished": False,
        "CustomFields": {},
    }


def test_new_speaker_is_not_active(client: Client) -> None:
    stored = client.post(SPEAKERS, asp_speaker()).json()

    assert (stored["SiteUuid"], stored["isActive"], stored["Headshot"]) == (SITE, False, "")
    assert client.get(f"{SPEAKERS}/{stored['Uuid']}").json() == stored


def test_put_changes_only_what_is_sent(client: Client, filled: dict[str, Any]) -> None:
    path = f"{SESSIONS}/{filled['Uuid']}"

    changed = client.put(path, {"Title": "Another"})

    assert changed.status_code == 200
    assert without_stamps(changed.json()) == without_stamps(filled) | {"Title": "Another"}
    assert changed.json()["Created"] == filled["Created"]
    assert changed.json()["Modified"] > filled["Modified"]
    assert client.get(path).json() == changed.json()


def test_put_merges_custom_fields_slug_by_slug(client: Client, filled: dict[str, Any]) -> None:
    sent = {"levels-checkbox": ["Beginner", "All"], "sessionboard-content": "https://example.org/a.pdf"}

    changed = client.put(f"{SESSIONS}/{filled['Uuid']}", {"CustomFields": sent}).json()

    assert changed["CustomFields"] == filled["CustomFields"] | sent


def test_put_merges_custom_fields_of_speakers(client: Client) -> None:
    uuid = client.post(SPEAKERS, asp_speaker(CustomFields={"one": "1", "two": "2"})).json()["Uuid"]

    changed = client.put(f"{SPEAKERS}/{uuid}", {"CustomFields": {"two": ""}}).json()

    assert changed["CustomFields"] == {"one": "1", "two": ""}


def test_put_clears_with_blank_values(client: Client, filled: dict[str, Any]) -> None:
    cleared = {"Description": "", "SessionType": "", "Location": None, "Streams": [], "Speakers": []}
    custom = {"sessionboard_id": "", "levels-checkbox": [], "panel-moderator": []}

    changed = client.put(f"{SESSIONS}/{filled['Uuid']}", cleared | {"CustomFields": custom})

    assert without_stamps(changed.json()) == without_stamps(filled) | cleared | {"CustomFields": custom}


def test_put_with_nothing_changes_nothing(client: Client, filled: dict[str, Any]) -> None:
    answer = client.put(f"{SESSIONS}/{filled['Uuid']}", {})

    assert (answer.status_code, answer.json()) == (200, filled)


def test_put_of_an_unknown_record_is_not_found(client: Client) -> None:
    assert client.put(f"{SESSIONS}/NONE", {"Title": "x"}).status_code == 404
    assert client.put(f"{SPEAKERS}/NONE", {"FirstName": "x"}).status_code == 404
    assert client.put(f"{STREAMS}/NONE", {"Name": "x"}).status_code == 404


def test_second_session_with_the_same_ids_is_stored(client: Client, asp: LocalAsp) -> None:
    sent = asp_session(CustomFields={"sessionboard_id": "S1"})

    answers = [client.post(SESSIONS, sent).status_code for _ in range(2)]

    assert answers == [201, 201]
    assert len(asp.records()["sessions"]) == 2


def test_duplicate_email_is_refused_with_the_holder(client: Client, asp: LocalAsp) -> None:
    first = client.post(SPEAKERS, asp_speaker()).json()["Uuid"]
    second = client.post(SPEAKERS, asp_speaker(Email="second@example.org")).json()["Uuid"]

    created = client.post(SPEAKERS, asp_speaker(Email="FIRST.Last@Example.org"))
    changed = client.put(f"{SPEAKERS}/{second}", {"Email": "First.Last@example.ORG"})
    own = client.put(f"{SPEAKERS}/{first}", {"Email": "FIRST.LAST@example.org"})

    assert (created.status_code, created.json()) == (409, {"error": "duplicate", "Uuid": first})
    assert (changed.status_code, changed.json()) == (409, {"error": "duplicate", "Uuid": first})
    assert own.status_code == 200
    emails = [speaker["Email"] for speaker in asp.records()["speakers"]]
    assert emails == ["FIRST.LAST@example.org", "second@example.org"]


def test_email_that_was_given_up_is_free_again(client: Client) -> None:
    first = client.post(SPEAKERS, asp_speaker()).json()["Uuid"]
    client.put(f"{SPEAKERS}/{first}", {"Email": "new@example.org"})

    assert client.post(SPEAKERS, asp_speaker()).status_code == 201


def test_stream_is_renamed_and_recoloured(client: Client) -> None:
    stream = client.post(STREAMS, {"Name": "Red", "Colour": "#ff0000"}).json()

    changed = client.put(f"{STREAMS}/{stream['Uuid']}", {"Colour": "#00FF00"})

    assert changed.json() == {"Uuid": stream["Uuid"], "Name": "Red", "Colour": "#00FF00"}
    assert client.get(STREAMS).json() == [changed.json()]


def test_delete_is_not_allowed_and_counted(client: Client, asp: LocalAsp, filled: dict[str, Any]) -> None:
    answers = [client.call("DELETE", path) for path in (f"{SESSIONS}/{filled['Uuid']}", "/public/anything")]

    assert [answer.status_code for answer in answers] == [405, 405]
    assert asp.stats()["deletes"] == 2
    assert [session["Uuid"] for session in asp.records()["sessions"]] == [filled["Uuid"]]


def test_body_that_is_no_object_is_a_bad_request(client: Client) -> None:
    bodies = ["{", "[]", "null", ""]

    answers = [client.call("POST", SESSIONS, data=body.encode()).status_code for body in bodies]

    assert answers == [400, 400, 400, 400]
