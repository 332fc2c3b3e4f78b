"""The client's vocabulary against a local ASP: what each word sends, and what it makes of the answer."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sync_world import (
    FAR_SITE,
    OPTIONAL_FIELDS,
    REQUIRED_FIELD,
    SECOND_SEMINAR,
    SEMINAR,
    SILENT_SITE,
    SITE,
    TYPES,
    transport_to,
)

from asp_local.server import LocalAsp
from portal.asp.client import AspClient
from portal.asp.errors import AspError, NotThere, RecordRefused
from portal.asp.records import AspChoice, AspRecord, Seminar, Site

SESSION = {
    "Title": "One",
    "StartTime": "2030-06-15T09:00:00",
    "EndTime": "2030-06-15T10:00:00",
    "ClientSessionId": "C1",
    "SessionType": "Session",
    "sessionboard_id": "id-1",
}
PERSON = {"FirstName": "Ada", "LastName": "Lovelace", "Email": "ada@example.org"}


def uuid_of(number: str) -> str:
    return f"EEEEEEEE-0000-4000-8000-0000000000{number}"


@pytest.fixture
def client(local_asp: LocalAsp) -> Iterator[AspClient]:
    client = AspClient(transport_to(local_asp.url))
    yield client
    client.close()


def by_uuid(asp: LocalAsp, kind: str, uuid: str) -> dict[str, Any]:
    return next(each for each in asp.records()[kind] if each["Uuid"] == uuid)


def test_sites_are_those_of_the_key_with_their_timezone_where_they_have_one(client: AspClient) -> None:
    assert client.sites() == [
        Site(SITE, "First site", "Europe/Brussels"),
        Site(SILENT_SITE, "Silent site", None),
        Site(FAR_SITE, "Far site", "America/New_York"),
    ]


def test_seminars_are_those_of_the_site(client: AspClient) -> None:
    found = client.seminars(SITE)

    assert [each.number for each in found] == ["71", "72", "73", "74"]
    assert found[0] == Seminar(uuid_of(SEMINAR), SEMINAR, f"Seminar {SEMINAR}", SITE, {})


@pytest.mark.parametrize("identifier", [SEMINAR, uuid_of(SEMINAR)])
@pytest.mark.parametrize("patient", [False, True])
def test_a_seminar_is_found_by_number_and_uuid_with_its_fields(
    client: AspClient, identifier: str, patient: bool
) -> None:
    found = client.seminar(identifier, patient=patient)

    assert (found.uuid, found.number, found.site_uuid) == (uuid_of(SEMINAR), SEMINAR, SITE)
    assert found.custom_fields == {each["slug"]: each["type"] for each in REQUIRED_FIELD + OPTIONAL_FIELDS}


def test_session_types_are_as_asp_spells_them(client: AspClient) -> None:
    assert client.session_types(SEMINAR) == TYPES


def test_streams_are_made_listed_and_changed(client: AspClient) -> None:
    uuid = client.create_stream(SEMINAR, {"Name": "Web", "Colour": "#112233"})
    assert client.streams(SEMINAR) == [AspChoice(uuid, "Web", "#112233")]

    client.update_stream(SEMINAR, uuid, {"Colour": "#445566"})

    assert client.streams(SEMINAR, patient=False) == [AspChoice(uuid, "Web", "#445566")]
    assert client.streams(SECOND_SEMINAR) == []


def test_locations_are_made_and_listed(client: AspClient) -> None:
    uuid = client.create_location(SEMINAR, {"Name": "Hall"})

    assert client.locations(SEMINAR) == client.locations(SEMINAR, patient=False) == [AspChoice(uuid, "Hall")]
    assert client.locations(SECOND_SEMINAR) == []


@pytest.mark.parametrize("published", [False, True])
def test_a_session_is_made_with_its_custom_fields_in_their_place(
    client: AspClient, local_asp: LocalAsp, published: bool
) -> None:
    uuid = client.create_session(SEMINAR, SESSION, published=published)

    there = by_uuid(local_asp, "sessions", uuid)
    assert (there["Title"], there["isPublished"]) == ("One", published)
    assert there["CustomFields"] == {"sessionboard_id": "id-1"}
    (found,) = client.sessions(SEMINAR)
    assert (found.uuid, found.created) == (uuid, there["Created"])
    assert (found.values["Title"], found.values["sessionboard_id"]) == ("One", "id-1")
    assert client.sessions(SECOND_SEMINAR) == []


@pytest.mark.parametrize(("published", "becomes"), [(None, True), (False, False), (True, True)])
def test_an_update_changes_what_it_names_alone(
    client: AspClient, local_asp: LocalAsp, published: bool | None, becomes: bool
) -> None:
    uuid = client.create_session(SEMINAR, SESSION, published=True)

    client.update_session(SEMINAR, uuid, {"Title": "Two", "sessionboard-content": "https://example.org"})
    client.update_session(SEMINAR, uuid, {}, published=published)

    there = by_uuid(local_asp, "sessions", uuid)
    assert (there["Title"], there["ClientSessionId"], there["isPublished"]) == ("Two", "C1", becomes)
    assert there["CustomFields"] == {
        "sessionboard_id": "id-1",
        "sessionboard-content": "https://example.org",
    }


def test_a_speaker_is_made_shown_on_their_site(client: AspClient, local_asp: LocalAsp) -> None:
    uuid = client.create_speaker(SITE, PERSON)

    there = by_uuid(local_asp, "speakers", uuid)
    assert (there["SiteUuid"], there["isActive"], there["Email"]) == (SITE, True, "ada@example.org")
    assert client.speaker(uuid) == client.speakers(SITE)[0]
    assert isinstance(client.speaker(uuid), AspRecord)
    assert (client.speaker(uuid).uuid, client.speaker(uuid).created) == (uuid, there["Created"])
    assert client.speakers(FAR_SITE) == []


@pytest.mark.parametrize(("active", "becomes"), [(None, True), (False, False), (True, True)])
def test_a_speaker_is_changed_and_shown_or_not(
    client: AspClient, local_asp: LocalAsp, active: bool | None, becomes: bool
) -> None:
    uuid = client.create_speaker(SITE, PERSON)

    client.update_speaker(uuid, {"LastName": "King"})
    client.update_speaker(uuid, {}, active=active)

    there = by_uuid(local_asp, "speakers", uuid)
    assert (there["FirstName"], there["LastName"], there["isActive"]) == ("Ada", "King", becomes)


@pytest.mark.parametrize("patient", [False, True])
def test_of_a_list_only_what_is_wanted_is_kept(client: AspClient, patient: bool) -> None:
    first = client.create_speaker(SITE, PERSON)
    client.create_speaker(SITE, PERSON | {"Email": "another@example.org"})
    session = client.create_session(SEMINAR, SESSION, published=True)
    client.create_session(SEMINAR, SESSION | {"Title": "Two"}, published=True)

    people = client.speakers(SITE, lambda each: each.values["Email"] == "ada@example.org", patient=patient)
    sessions = client.sessions(SEMINAR, lambda each: each.values["Title"] == "One", patient=patient)

    assert [each.uuid for each in people] == [first]
    assert [each.uuid for each in sessions] == [session]


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.seminar("999"),
        lambda client: client.speaker("nobody"),
        lambda client: client.update_session(SEMINAR, "nothing", {"Title": "Two"}),
        lambda client: client.update_speaker("nobody", {"LastName": "Two"}),
        lambda client: client.sessions("999"),
    ],
)
def test_what_is_not_there_says_so(client: AspClient, ask: Callable[[AspClient], Any]) -> None:
    with pytest.raises(NotThere):
        ask(client)


@pytest.mark.parametrize(
    ("what", "path", "ask"),
    [
        ("ASP events", "/public/sites", lambda client: client.sites()),
        ("seminars", "/public/seminars", lambda client: client.seminars(SITE)),
        ("session types", "/sessiontypes", lambda client: client.session_types(SEMINAR)),
        ("streams", "/streams", lambda client: client.streams(SEMINAR)),
        ("locations", "/locations", lambda client: client.locations(SEMINAR)),
        ("sessions", "/sessions", lambda client: client.sessions(SEMINAR)),
        ("speakers", "/public/speakers", lambda client: client.speakers(SITE)),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_e10_a_list_that_cannot_be_read_is_named(
    client: AspClient, local_asp: LocalAsp, what: str, path: str, ask: Callable[[AspClient], Any]
) -> None:
    told = {}
    for status in (400, 403, 404, 418):
        local_asp.control(fail_rate=1, fail_status=status, fail_paths=path)
        with pytest.raises(AspError) as problem:
            ask(client)
        told[status] = problem.value

    assert type(told[404]) is NotThere
    assert str(told[404]) == (
        f"ASP Events answered that there is no list of {what} here (404). If that stays so, ask ASP Events whether "
        "this API key may use it."
    )
    for status in (400, 403, 418):
        assert str(told[status]).startswith(f"The list of {what} could not be read. ASP")


def test_what_asp_does_not_take_is_told_field_by_field(client: AspClient) -> None:
    with pytest.raises(RecordRefused) as refused:
        client.create_session(SEMINAR, SESSION | {"StartTime": "tomorrow"}, published=True)

    assert list(refused.value.problems) == ["StartTime"]


def test_asp_answers_until_it_is_down(client: AspClient, local_asp: LocalAsp) -> None:
    assert client.answers()

    local_asp.control(fail_rate=1, fail_status=404)
    assert client.answers()

    local_asp.control(fail_rate=0, down=True)
    assert not client.answers()


def test_who_closes_a_client_is_told(client: AspClient) -> None:
    told: list[int] = []

    AspClient(client._transport, lambda: told.append(1)).close()

    assert told == [1]


def test_lists_are_asked_for_in_a_fixed_order(client: AspClient, local_asp: LocalAsp) -> None:
    """So that no record is missed between two pages while others are made (E11)."""
    made = [client.create_speaker(SITE, PERSON | {"Email": f"{each}@example.org"}) for each in "cab"]

    assert [each.uuid for each in client.speakers(SITE)] == made
