"""Whether the website shows what was synced: looked for after a sync, and said where somebody waits for it."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask.testing import FlaskClient
from reading import Reader
from sqlalchemy import select
from sync_world import World, crowd
from view_samples import log_in

from portal import public_web
from portal.application import create_app
from portal.errors import Refused
from portal.models import Event, HistoryEntry, Role, WebsiteLook, db, now
from portal.operations.accounts.users import add_user
from portal.operations.mapping.event_settings import current_event_settings, save_event_settings
from portal.operations.syncing.website import PAUSES, checked_agenda_address, is_look_due, look_at_website
from portal.public_web import NotRead, read_page

EVENT = "/orgs/one/events/1"
THERE = "all 3 sessions are there"
NOT_YET = "Not yet on the"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the clock by which websites are looked at; it stands still otherwise."""
    began, moved = now(), [timedelta()]
    monkeypatch.setattr("portal.operations.syncing.website.now", lambda: began + moved[0])

    def move(by: timedelta) -> None:
        moved[0] += by

    return move


@pytest.fixture
def looked(make_world: Callable[..., World]) -> World:
    """An event of three sessions whose agenda is looked for at asp-local's website."""
    world = make_world(private_webhooks=True)
    name_address(world, world.prepare(crowd(3)), f"{world.asp.url}/?seminar=")
    return world


def name_address(world: World, event: Event, address: str) -> None:
    mapping = world.mapping(event)
    if address.endswith("="):
        address += mapping.seminar_uuid
    settings = current_event_settings(mapping)
    values = {name: getattr(settings, name) for name in type(settings).__dataclass_fields__}
    save_event_settings(mapping, type(settings)(**values | {"agenda_address": address}), "tester")


def event_of(world: World) -> Event:
    return db.session.scalars(select(Event)).one()


def look_of() -> WebsiteLook:
    db.session.rollback()
    return db.session.scalars(select(WebsiteLook)).one()


@pytest.fixture
def admin(looked: World) -> FlaskClient:
    app = create_app(looked.settings)
    app.config.update(WTF_CSRF_ENABLED=False)
    app.test_client_class = Reader
    add_user("admin@example.org", "One", Role.ADMIN, "a long password", "test")
    return log_in(app, "admin@example.org")


def test_what_is_there_is_said_on_agenda_card_and_run(looked: World, admin: FlaskClient) -> None:
    looked.sync(event_of(looked))
    pages = [f"{EVENT}/agenda", "/orgs/one/settings/integrations", "/orgs/one/runs/1", f"{EVENT}/website"]
    before = [admin.get(page).text for page in pages]

    assert look_at_website()

    after = [admin.get(page).text for page in pages]
    assert all(NOT_YET in page and "every 20s" in page for page in before)
    assert all(THERE in page and "(Europe/Paris)" in page and "every 20s" not in page for page in after)
    assert (look_at_website(), is_look_due()) == (False, False)


def test_the_time_is_that_of_the_events_clock(looked: World, admin: FlaskClient) -> None:
    looked.sync(event_of(looked))
    look_at_website()
    look = look_of()
    look.seen_at = datetime.fromisoformat("2026-07-01T12:32:00+00:00")
    db.session.commit()

    since = 'since 1 July, 14:32 <span class="quiet">(Europe/Paris)</span>'
    assert f"{since}: {THERE}" in admin.get(f"{EVENT}/agenda").text


def test_what_is_not_there_is_looked_for_again_with_rising_pauses(
    looked: World, admin: FlaskClient, clock: Callable[[timedelta], None]
) -> None:
    looked.sync(event_of(looked))
    looked.edit("sessions", looked.session(2)["Uuid"], Title="Another title")
    pauses = []
    while (due := look_of().next_at) is not None:
        assert look_at_website()
        assert not is_look_due()
        page = admin.get(f"{EVENT}/agenda").text
        if (following := look_of().next_at) is not None:
            assert NOT_YET in page and "usually within 15 minutes" in page
            pauses.append(following - due)
            clock(pauses[-1] + timedelta(seconds=1))

    assert [round(each.total_seconds() / 60) for each in pauses] == [
        round(each.total_seconds() / 60) for each in PAUSES
    ]
    assert pauses == sorted(pauses)
    assert "Not all is on the" in page and "2 of 3 sessions are there" in page and "“Session 2”" in page
    assert not look_at_website()


def test_only_a_sync_that_wrote_something_is_looked_for_again(looked: World) -> None:
    looked.sync(event_of(looked))
    look_at_website()
    looked.sync(event_of(looked))
    unchanged = look_of().seen_at
    programme = crowd(3)
    programme["sessions"][0]["title"] = "Changed"

    run = looked.sync(looked.load(programme))

    assert unchanged is not None
    assert (look_of().seen_at, look_of().run_id, is_look_due()) == (None, run.id, True)
    assert look_at_website() and look_of().seen_at is not None


def test_sessions_that_nobody_is_to_see_are_not_looked_for(looked: World) -> None:
    programme = crowd(3)
    programme["sessions"][1]["is_public"] = False
    looked.sync(looked.load(programme))

    look_at_website()

    assert (look_of().expected, look_of().found, look_of().seen_at is not None) == (2, 2, True)


def test_a_website_that_fails_holds_up_no_sync_and_is_named(looked: World, admin: FlaskClient) -> None:
    event = event_of(looked)
    name_address(looked, event, f"{looked.asp.url}/nothing-here")
    run = looked.sync(event)

    look_at_website()

    assert run.status == "succeeded"
    assert "127.0.0.1 answered 404." in admin.get(f"{EVENT}/agenda").text
    name_address(looked, event, f"{looked.asp.url}/?seminar=")
    assert is_look_due()
    assert look_at_website() and look_of().seen_at is not None
    name_address(looked, event, "")
    looked.sync(looked.load(crowd(2)))
    assert not is_look_due()
    assert "website-look" not in admin.get("/orgs/one/runs/2").text


def test_a_look_that_another_sync_overtakes_says_nothing_of_it(
    looked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked.sync(event_of(looked))
    programme = crowd(3)
    programme["sessions"][0]["title"] = "Changed"

    def read_while_a_sync_ends(address: str, **options: Any) -> str:
        page = read_page(address, **options)
        looked.sync(looked.load(programme))
        return page

    monkeypatch.setattr("portal.operations.syncing.website.read_page", read_while_a_sync_ends)
    look_at_website()

    assert (look_of().seen_at, look_of().tries, is_look_due()) == (None, 0, True)


def test_the_address_is_one_that_everybody_can_open(looked: World) -> None:
    assert checked_agenda_address("www.example.org/agenda") == "https://www.example.org/agenda"
    assert checked_agenda_address("") is None
    for typed in (
        "agenda",
        "ftp://example.org",
        "https://me:secret@example.org",
        "https://x.org/" + "a" * 2000,
    ):
        with pytest.raises(Refused) as refused:
            checked_agenda_address(typed)
        assert refused.value.field == "agenda_address"
    told = db.session.scalars(select(HistoryEntry.text).order_by(HistoryEntry.id.desc())).first()
    assert "the agenda is looked for at http://127.0.0.1" in str(told)


def test_the_third_step_keeps_the_address_and_refuses_another_at_its_field(
    looked: World, admin: FlaskClient
) -> None:
    address = "/orgs/one/integrations/asp/mappings/1/settings"

    refused = admin.post(address, data={"agenda_address": "the website"})
    saved = admin.post(address, data={"agenda_address": " www.example.org/agenda "})

    assert (refused.status_code, saved.status_code) == (422, 303)
    assert "Enter the address of a page that everybody can see" in refused.text
    page = admin.get("/orgs/one/integrations/asp?step=3&mapping=1").text
    assert 'value="https://www.example.org/agenda"' in page


# The public web


class Website(ThreadingHTTPServer):
    """Remembers what it was asked for."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def website() -> Iterator[Website]:
    """A server whose pages lead on, do not end, or do not come."""
    ends = threading.Event()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            inside = f"http://127.0.0.2:{server.server_port}/page"
            leads_on = {"/on": "/page", "/round": "/round", "/inside": inside}.get(self.path)
            self.send_response(302 if leads_on else 200)
            self.send_header("Content-Type", "text/html; charset=latin-1")
            if leads_on:
                self.send_header("Location", leads_on)
            if self.path == "/hangs":
                ends.wait(20)
            self.end_headers()
            while self.path == "/endless" and not ends.is_set():
                self.wfile.write(b"a" * 65_536)
            self.wfile.write("Eröffnung".encode("latin-1"))

        def log_message(self, *_: Any) -> None: ...

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except OSError:  # who asked has gone
                self.close_connection = True

    server = Website(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    ends.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_read_where_it_leads_on_to_in_its_own_letters(website: Website) -> None:
    assert read_page(f"{website.address}/on", private_allowed=True) == "Eröffnung"
    assert website.asked == ["/on", "/page"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/round", "leads on from address to address"),
        ("/endless", "sent a page of more than 1,000,000 bytes"),
        ("/hangs", "could not be read (it did not answer in time)"),
    ],
)
def test_g5_a_website_is_left_alone_when_it_does_not_come_to_an_end(
    website: Website, path: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_web, "LARGEST_PAGE", 1_000_000)
    monkeypatch.setattr(public_web, "LONGEST_READ", 0.5 if path == "/hangs" else 20.0)

    with pytest.raises(NotRead, match=r"^127\.0\.0\.1 ") as problem:
        read_page(website.address + path, private_allowed=True)

    assert words in str(problem.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_g4_a_look_leads_into_no_private_network(website: Website, host: str) -> None:
    with pytest.raises(NotRead, match="it leads into a private network"):
        read_page(website.address.replace("127.0.0.1", host))
    assert website.asked == []


def test_g4_a_public_page_leads_on_into_no_private_network(
    website: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_web, "is_public", lambda address: address == "127.0.0.1")

    with pytest.raises(NotRead, match="it leads into a private network"):
        read_page(f"{website.address}/inside")
    assert website.asked == ["/inside"]


def test_g4_a_name_that_changes_its_mind_leads_nowhere(
    website: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands for a public address when it is looked up, and for another one once it is connected to."""
    looked_at: list[str] = []

    def is_public(address: str) -> bool:
        looked_at.append(address)
        return len(looked_at) == 1

    monkeypatch.setattr(public_web, "is_public", is_public)

    with pytest.raises(NotRead, match="it leads into a private network"):
        read_page(f"{website.address}/page")
    assert website.asked == []
