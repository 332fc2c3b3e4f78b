"""Lists: pages, totals, order and search."""

import pytest
from asp_calls import OTHER_SITE, SEMINAR, SESSIONS, SITE, SPEAKERS, Client, asp_session, asp_speaker

COUNT = 12


@pytest.fixture
def titles(client: Client) -> list[str]:
    names = [f"Talk {number:02}" for number in range(COUNT)]
    for name in names:
        client.post(SESSIONS, asp_session(Title=name))
    return names


def test_list_has_ten_records_unless_told(client: Client, titles: list[str]) -> None:
    answer = client.get(SESSIONS)

    assert [session["Title"] for session in answer.json()] == titles[:10]
    headers = {name: answer.headers[f"X-Records-{name}"] for name in ("Total", "Filtered", "Page")}
    assert headers == {"Total": "12", "Filtered": "12", "Page": "10"}


def test_list_links_lead_through_all_pages(client: Client, titles: list[str]) -> None:
    path, seen = f"{SESSIONS}?L=5&S=-Title&Q=talk", []

    for _ in range(3):
        answer = client.get(path)
        seen.append([session["Title"] for session in answer.json()])
        path = answer.links.get("next", {}).get("url", "")

    assert seen == [titles[:6:-1], titles[6:1:-1], titles[1::-1]]
    assert path == ""


def test_list_page_that_ends_with_the_last_record_has_no_next(client: Client, titles: list[str]) -> None:
    answer = client.get(f"{SESSIONS}?O=6&L=6")

    assert [session["Title"] for session in answer.json()] == titles[6:]
    assert "Link" not in answer.headers


def test_list_beyond_the_end_is_empty(client: Client, titles: list[str]) -> None:
    answer = client.get(f"{SESSIONS}?O=40")

    assert (answer.status_code, answer.json(), answer.headers["X-Records-Page"]) == (200, [], "0")


@pytest.mark.parametrize(
    "query", ["O=-1", "O=x", "O=", "L=0", "L=1001", "L=1.5", "L=", "S=Nonsense", "S=Streams"]
)
def test_list_refuses_nonsense(client: Client, query: str) -> None:
    answer = client.get(f"{SESSIONS}?{query}")

    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]


def test_list_takes_the_largest_limit(client: Client, titles: list[str]) -> None:
    assert len(client.get(f"{SESSIONS}?L=1000").json()) == COUNT


def test_list_search_looks_into_all_text(client: Client, titles: list[str]) -> None:
    client.post(SESSIONS, asp_session(Title="Other", CustomFields={"sessionboard_id": "Ab-77"}))

    answer = client.get(f"{SESSIONS}?Q=aB-77")

    assert [session["Title"] for session in answer.json()] == ["Other"]
    assert (answer.headers["X-Records-Total"], answer.headers["X-Records-Filtered"]) == ("13", "1")


def test_list_of_speakers_keeps_to_the_site_asked_for(client: Client) -> None:
    client.post(SPEAKERS, asp_speaker())

    assert len(client.get(f"{SPEAKERS}?SiteUuid={SITE}").json()) == 1
    assert client.get(f"{SPEAKERS}?SiteUuid={OTHER_SITE}").json() == []


def test_seminar_is_found_by_uuid_and_by_number(client: Client) -> None:
    by_number = client.get("/public/seminars/71").json()
    by_uuid = client.get(f"/public/seminars/{SEMINAR}").json()

    assert by_number == by_uuid
    assert by_number["CustomFields"][2] == {"Slug": "levels-checkbox", "Type": "checkbox"}
    assert client.get(f"/public/seminars/{SEMINAR.lower()}").status_code == 404
    assert client.get("/public/seminars/99").status_code == 404


def test_lists_of_sites_and_seminars_show_what_the_api_names(client: Client) -> None:
    assert client.get("/public/sites").json() == [
        {"Uuid": SITE, "Name": "First site", "Slug": "first", "TimeZone": "Europe/Paris", "isActive": True}
    ]
    assert client.get("/public/seminars").json() == [
        {"Uuid": SEMINAR, "SiteUuid": SITE, "Id": 71, "Name": "Talks", "Slug": "talks", "isPublished": True}
    ]
    types = client.get("/public/seminars/71/sessiontypes").json()
    assert [(sorted(each), each["Name"]) for each in types] == [
        (["Name", "Uuid"], "Session"),
        (["Name", "Uuid"], "Keynote"),
    ]
