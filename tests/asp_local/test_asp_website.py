"""The event's website: what it shows, what it keeps back, and that it is safe to open."""

import re

import pytest
import requests
from asp_calls import OTHER_SEMINAR, SESSIONS, SITE, SPEAKERS, UNKNOWN, Client, asp_session, asp_speaker

from asp_local.server import LocalAsp

NOTICE = "This is a development server"


def read(asp: LocalAsp, path: str = "/") -> str:
    answer = requests.get(asp.url + path, timeout=120)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    return answer.text


def titles(page: str) -> list[str]:
    return re.findall(r"<h3>(.*?)</h3>", page)


def test_programme_is_by_day_and_time(asp: LocalAsp, client: Client) -> None:
    times = [("Third", "31T09:00:00", "31T10:00:00"), ("Second", "30T11:00:00", "30T12:00:00")]
    times += [("First", "30T09:30:00", "30T10:00:00")]
    for title, start, end in times:
        sent = asp_session(
            Title=title, StartTime=f"2027-01-{start}", EndTime=f"2027-01-{end}", isPublished=True
        )
        client.post(SESSIONS, sent)

    page = read(asp)

    assert titles(page) == ["First", "Second", "Third"]
    assert re.findall(r'<section class="day" id="(.*?)">\s*<h2>(.*?)</h2>', page) == [
        ("2027-01-30", "Saturday 30 January 2027"),
        ("2027-01-31", "Sunday 31 January 2027"),
    ]
    assert re.findall(r'<span class="hours">(.*?)</span>', page) == [
        "09:30–10:00",
        "11:00–12:00",
        "09:00–10:00",
    ]


def test_programme_shows_what_belongs_to_a_session(asp: LocalAsp, client: Client) -> None:
    shown = client.post(SPEAKERS, asp_speaker(isActive=True, Headshot="https://example.org/a.png")).json()[
        "Uuid"
    ]
    hidden = client.post(SPEAKERS, asp_speaker(FirstName="Hidden", Email="b@example.org")).json()["Uuid"]
    stream = client.post("/public/seminars/71/streams", {"Name": "Red", "Colour": "#ff0000"}).json()["Uuid"]
    room = client.post("/public/seminars/71/locations", {"Name": "Room 1"}).json()["Uuid"]
    custom = {"panel-moderator": [shown], "levels-checkbox": ["Advanced"], "sessionboard_id": "secret-id"}
    sent = {"Speakers": [shown, hidden], "Streams": [stream], "Location": room, "SessionType": "Keynote"}
    client.post(SESSIONS, asp_session(isPublished=True, CustomFields=custom, **sent))

    page = read(asp)

    assert re.findall(r'<i style="background: (.*?)"></i>(.*?)</li>', page) == [("#ff0000", "Red")]
    assert re.findall(r'<a href="/speakers\?seminar=[^"]*#speaker-(.*?)">(.*?)</a>', page) == [
        (shown, "First Last"),
        (shown, "First Last"),
    ]
    assert re.findall(r"<h4>(.*?)</h4>", page) == ["Moderator"]
    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page) == [("Levels", "Advanced")]
    assert re.findall(r'aria-hidden="true">(\w+)<img src="(.*?)" alt="" .*?loading="(.*?)"', page)[0] == (
        "FL",
        "https://example.org/a.png",
        "lazy",
    )
    assert "Room 1" in page
    assert "Keynote" in page
    assert "Hidden" not in page
    assert "secret-id" not in page


def test_unpublished_sessions_and_inactive_speakers_are_not_shown(asp: LocalAsp, client: Client) -> None:
    client.post(SESSIONS, asp_session(Title="Unpublished"))
    client.post(SPEAKERS, asp_speaker(FirstName="Inactive"))

    programme, speakers = read(asp), read(asp, "/speakers")

    assert "Unpublished" not in programme
    assert "No sessions yet" in programme
    assert "Inactive" not in speakers
    assert "No speakers yet" in speakers


def test_speakers_page_lists_active_speakers_with_their_sessions(asp: LocalAsp, client: Client) -> None:
    uuid = client.post(SPEAKERS, asp_speaker(isActive=True, Honorific="Dr")).json()["Uuid"]
    client.post(SPEAKERS, asp_speaker(isActive=True, LastName="Early", Email="b@example.org"))
    client.post(SESSIONS, asp_session(isPublished=True, Speakers=[uuid]))

    page = read(asp, "/speakers")

    assert re.findall(r"<h2>(.*?)</h2>\s*(?:<p>.*?</p>)?\s*</div>", page) == ["First Early", "Dr First Last"]
    assert re.findall(r'<li><a href="[^"]*#session-[^"]*">(.*?)</a><small>(.*?)</small>', page) == [
        ("A talk", "Sat 30, 09:30")
    ]


def test_website_escapes_titles_and_cleans_html(asp: LocalAsp, client: Client) -> None:
    attack = "<script>alert(1)</script>"
    html = f'<p onclick="x()">Good <b>words</b></p>{attack}<a href="javascript:x()">link</a><iframe></iframe>'
    speaker = asp_speaker(isActive=True, FirstName=attack, Biography=html, JobTitle=attack)
    uuid = client.post(SPEAKERS, speaker).json()["Uuid"]
    client.post(SESSIONS, asp_session(Title=attack, Description=html, isPublished=True, Speakers=[uuid]))

    for page in (read(asp), read(asp, "/speakers")):
        assert "<script" not in page.lower()
        assert "onclick" not in page
        assert "javascript:" not in page
        assert "<iframe" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<p>Good <b>words</b></p>" in page


def test_colour_and_addresses_typed_by_hand_reach_no_attribute(asp: LocalAsp, client: Client) -> None:
    stream = client.post("/public/seminars/71/streams", {"Name": "Red", "Colour": "#ff0000"}).json()["Uuid"]
    speaker = client.post(SPEAKERS, asp_speaker(isActive=True)).json()["Uuid"]
    client.post(SESSIONS, asp_session(isPublished=True, Streams=[stream], Speakers=[speaker]))
    client.put(f"/_records/streams/{stream}", {"Colour": "red; background: url(//example.org)"})
    client.put(f"/_records/speakers/{speaker}", {"Website": "javascript:x()", "Headshot": "data:text/html,x"})

    pages = read(asp) + read(asp, "/speakers")

    assert "example.org" not in pages
    assert "javascript:" not in pages
    assert "data:text" not in pages


def test_session_without_a_readable_time_is_still_shown(asp: LocalAsp, client: Client) -> None:
    uuid = client.post(SESSIONS, asp_session(isPublished=True)).json()["Uuid"]
    client.put(f"/_records/sessions/{uuid}", {"StartTime": "", "Location": UNKNOWN, "Speakers": [UNKNOWN]})

    page = read(asp)

    assert titles(page) == ["A talk"]
    assert "<h2>No time yet</h2>" in page


def test_website_begins_with_the_seminar_that_has_sessions(asp: LocalAsp) -> None:
    other = Client(asp.url, "other-key", "other-secret")
    other.post(f"/public/seminars/{OTHER_SEMINAR}/sessions", asp_session(Title="Elsewhere", isPublished=True))

    assert titles(read(asp)) == ["Elsewhere"]
    assert titles(read(asp, f"/?seminar={OTHER_SEMINAR}")) == ["Elsewhere"]
    assert titles(read(asp, f"/?site={SITE}")) == []


@pytest.mark.parametrize("path", ["/", "/speakers", f"/?seminar={OTHER_SEMINAR}"])
def test_every_page_says_what_it_is(asp: LocalAsp, path: str) -> None:
    assert NOTICE in read(asp, path)


@pytest.mark.parametrize(
    "path", ["/nonsense", "/static/../demo.toml", "/?seminar=none", "/speakers?site=none"]
)
def test_unknown_page_is_a_plain_404(asp: LocalAsp, path: str) -> None:
    answer = requests.get(asp.url + path, timeout=120)

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
