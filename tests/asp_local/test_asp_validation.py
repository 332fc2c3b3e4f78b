"""What is refused with 422, and that every problem is named at once."""

from typing import Any

import pytest
from asp_calls import (
    OTHER_SITE,
    SESSIONS,
    SITE,
    SPEAKERS,
    UNKNOWN,
    Client,
    asp_session,
    asp_speaker,
    fields_of,
)

from asp_local.server import LocalAsp

SESSION_PROBLEMS: list[tuple[dict[str, Any], list[str]]] = [
    ({"Title": ""}, ["Title"]),
    ({"Title": "  "}, ["Title"]),
    ({"Title": None}, ["Title"]),
    ({"Title": 7}, ["Title"]),
    ({"ClientSessionId": ""}, ["ClientSessionId"]),
    ({"ClientSessionId": 7652}, ["ClientSessionId"]),
    ({"Description": None}, ["Description"]),
    ({"StartTime": ""}, ["StartTime"]),
    ({"StartTime": "2027-01-30T09:30"}, ["StartTime"]),
    ({"StartTime": "2027-01-30T09:30:00Z"}, ["StartTime"]),
    ({"StartTime": "2027-01-30 09:30:00"}, ["StartTime"]),
    ({"StartTime": "2027-02-30T09:30:00"}, ["StartTime"]),
    ({"EndTime": "2027-01-30T09:30:00"}, ["EndTime"]),
    ({"EndTime": "2027-01-30T09:00:00"}, ["EndTime"]),
    ({"EndTime": "2027-01-31T10:00:00"}, ["EndTime"]),
    ({"SessionType": "keynote"}, ["SessionType"]),
    ({"SessionType": ["Keynote"]}, ["SessionType"]),
    ({"Location": UNKNOWN}, ["Location"]),
    ({"Location": ""}, ["Location"]),
    ({"Streams": [UNKNOWN]}, ["Streams"]),
    ({"Streams": UNKNOWN}, ["Streams"]),
    ({"Streams": None}, ["Streams"]),
    ({"Speakers": [UNKNOWN]}, ["Speakers"]),
    ({"Speakers": [7]}, ["Speakers"]),
    ({"isPublished": "true"}, ["isPublished"]),
    ({"isPublished": 1}, ["isPublished"]),
    ({"CustomFields": []}, ["CustomFields"]),
    ({"CustomFields": {"not-there": "x"}}, ["not-there"]),
    ({"CustomFields": {"sessionboard_id": 7}}, ["sessionboard_id"]),
    ({"CustomFields": {"sessionboard_id": None}}, ["sessionboard_id"]),
    ({"CustomFields": {"sessionboard-content": ["https://example.org"]}}, ["sessionboard-content"]),
    ({"CustomFields": {"levels-checkbox": "Advanced"}}, ["levels-checkbox"]),
    ({"CustomFields": {"panel-moderator": [UNKNOWN]}}, ["panel-moderator"]),
    ({"sessionboard_id": "S1"}, ["sessionboard_id"]),
    ({"Uuid": UNKNOWN}, ["Uuid"]),
    ({"Nonsense": 1, "Title": "", "CustomFields": {"not-there": "x"}}, ["Nonsense", "Title", "not-there"]),
]
SPEAKER_PROBLEMS: list[tuple[dict[str, Any], list[str]]] = [
    ({"FirstName": ""}, ["FirstName"]),
    ({"LastName": None}, ["LastName"]),
    ({"Email": ""}, ["Email"]),
    ({"Email": "nobody"}, ["Email"]),
    ({"Email": "no body@example.org"}, ["Email"]),
    ({"Email": "nobody@example"}, ["Email"]),
    ({"Headshot": "ftp://example.org/a.png"}, ["Headshot"]),
    ({"Website": "example.org"}, ["Website"]),
    ({"Website": "https://"}, ["Website"]),
    ({"Website": "https://exa mple.org"}, ["Website"]),
    ({"FacebookUrl": "javascript:alert(1)"}, ["FacebookUrl"]),
    ({"LinkedInUrl": "someone"}, ["LinkedInUrl"]),
    ({"TwitterUrl": "@someone"}, ["TwitterUrl"]),
    ({"isActive": None}, ["isActive"]),
    ({"JobTitle": 7}, ["JobTitle"]),
    ({"CustomFields": {"anything": 7}}, ["anything"]),
    ({"SiteUuid": OTHER_SITE, "Email": "x"}, ["Email", "SiteUuid"]),
    ({"Nickname": "x"}, ["Nickname"]),
]


@pytest.mark.parametrize(("change", "fields"), SESSION_PROBLEMS)
def test_session_is_refused(client: Client, asp: LocalAsp, change: dict[str, Any], fields: list[str]) -> None:
    stored = client.post(SESSIONS, asp_session()).json()

    created = client.post(SESSIONS, asp_session(**change))
    changed = client.put(f"{SESSIONS}/{stored['Uuid']}", change)

    assert (created.status_code, fields_of(created)) == (422, fields)
    assert (changed.status_code, fields_of(changed)) == (422, fields)
    assert asp.records()["sessions"] == [stored]


@pytest.mark.parametrize(("change", "fields"), SPEAKER_PROBLEMS)
def test_speaker_is_refused(client: Client, asp: LocalAsp, change: dict[str, Any], fields: list[str]) -> None:
    stored = client.post(SPEAKERS, asp_speaker()).json()

    created = client.post(SPEAKERS, asp_speaker(Email="new@example.org") | change)
    changed = client.put(f"{SPEAKERS}/{stored['Uuid']}", change)

    assert (created.status_code, fields_of(created)) == (422, fields)
    assert (changed.status_code, fields_of(changed)) == (422, fields)
    assert asp.records()["speakers"] == [stored]


def test_session_without_anything_names_all_required_fields(client: Client) -> None:
    answer = client.post(SESSIONS, {})

    assert fields_of(answer) == ["ClientSessionId", "EndTime", "StartTime", "Title"]
    assert answer.json()["errors"][0] == {"field": "Title", "message": "Title is required."}


def test_speaker_without_anything_names_all_required_fields(client: Client) -> None:
    assert fields_of(client.post(SPEAKERS, {})) == ["Email", "FirstName", "LastName", "SiteUuid"]


def test_one_new_time_is_compared_with_the_stored_other(client: Client) -> None:
    path = f"{SESSIONS}/{client.post(SESSIONS, asp_session()).json()['Uuid']}"

    assert fields_of(client.put(path, {"StartTime": "2027-01-30T10:00:00"})) == ["StartTime"]
    assert fields_of(client.put(path, {"EndTime": "2027-01-29T23:00:00"})) == ["EndTime"]
    assert client.put(path, {"StartTime": "2027-01-30T09:59:59"}).status_code == 200


def test_speaker_fields_take_blank_and_full_addresses(client: Client) -> None:
    addresses = {
        "Headshot": "https://example.org/a.png?b=c",
        "Website": "http://example.org",
        "TwitterUrl": "",
    }

    stored = client.post(SPEAKERS, asp_speaker(**addresses)).json()

    assert {name: stored[name] for name in addresses} == addresses


def test_speaker_keeps_to_its_site(client: Client) -> None:
    path = f"{SPEAKERS}/{client.post(SPEAKERS, asp_speaker()).json()['Uuid']}"

    assert client.put(path, {"SiteUuid": SITE}).status_code == 200
    assert fields_of(client.put(path, {"SiteUuid": OTHER_SITE})) == ["SiteUuid"]


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "#1234567", None])
def test_stream_colour_is_refused(client: Client, colour: str | None) -> None:
    answer = client.post("/public/seminars/71/streams", {"Name": "Red", "Colour": colour})

    assert (answer.status_code, fields_of(answer)) == (422, ["Colour"])


@pytest.mark.parametrize("collection", ["streams", "locations"])
def test_stream_and_location_need_a_name(client: Client, collection: str) -> None:
    assert fields_of(client.post(f"/public/seminars/71/{collection}", {})) == ["Name"]
