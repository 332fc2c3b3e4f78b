"""Every page: it opens, it is well-formed, and it says what is wrong when something is."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from test_view_access import ask, ids_of, routes
from view_samples import HTMX, log_in, look_at, make_event, make_user

from portal.models import db

LEADS_ON = ("fixing.left_out_show",)  # no page of its own


@pytest.mark.parametrize("sessions", [0, 2])
def test_every_page_opens_and_is_well_formed(app: Flask, admin: FlaskClient, sessions: int) -> None:
    values = ids_of(app, "one", make_event(app, sessions=max(sessions, 1)))
    if not sessions:
        values = {"org": "one", "event_id": make_event(app, sessions=0)}
    there = {"event_id": make_event(app, sessions=0, source="sessionboard", source_id="1")}
    of_their_own = {"sources.source_refresh_form": there}
    pages = 0
    for rule, method in routes(app):
        if method != "GET" or not rule.arguments <= set(values) or rule.endpoint in LEADS_ON:
            continue
        answer = ask(app, admin, rule, method, values | of_their_own.get(rule.endpoint, {}))
        if answer.headers.get("Content-Disposition", "").startswith("attachment"):
            assert answer.status_code == 200, rule.endpoint
            continue
        look = look_at(answer.text)

        assert answer.status_code == 200, rule.endpoint
        assert [name for name, times in look.ids.items() if times > 1] == [], rule.endpoint
        if look.tags["html"]:
            pages += 1
            assert (look.tags["h1"], look.tags["title"], look.tags["main"]) == (1, 1, 1), rule.endpoint
            assert look.title.strip(), rule.endpoint
            assert 'style="' not in answer.text and " onclick" not in answer.text, rule.endpoint
    assert pages >= 10


def test_every_page_has_an_empty_state(app: Flask, admin: FlaskClient) -> None:
    event = make_event(app, sessions=0)

    assert "No sessions yet" in admin.get(f"/orgs/one/events/{event}/agenda").text
    assert "Nobody yet" in admin.get(f"/orgs/one/events/{event}/people").text
    assert "Nothing was synced yet" in admin.get("/orgs/one/runs").text


def test_an_organisation_without_events_is_told_how_to_bring_one_in(
    admin: FlaskClient, viewer: FlaskClient
) -> None:
    assert "Import a programme" in admin.get("/orgs/one/").text
    assert "An admin of One can import one." in viewer.get("/orgs/one/").text


def test_the_headers_forbid_what_pages_do_not_need(admin: FlaskClient) -> None:
    headers = admin.get("/orgs/one/").headers

    assert headers["Content-Security-Policy"].startswith("default-src 'self'; img-src 'self' https: data:;")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "address", ["/static/gone.css?v=1", "/bootstrap/static/gone.css", "/assets/htmx/0/htmx.min.js"]
)
def test_page_of_a_file_that_is_not_there_is_not_kept(admin: FlaskClient, address: str) -> None:
    answer = admin.get(address)

    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize(
    ("page", "script", "word"),
    [("orgs/one/", "htmx", b"htmx"), ("orgs/one/events/{event}/sessions/new", "editor", b"ProseMirror")],
)
def test_scripts_of_installed_packages_come_from_there_and_may_be_kept(
    app: Flask, admin: FlaskClient, page: str, script: str, word: bytes
) -> None:
    shown = admin.get(f"/{page.format(event=make_event(app))}").text
    address = re.search(rf'"(/assets/{script}/[^"]+)"', shown)
    assert address is not None
    script_file = admin.get(address[1])

    assert script_file.status_code == 200
    assert word in script_file.data
    assert admin.get(re.sub(r"/[^/]+/([^/]+)$", r"/0.0/\1", address[1])).status_code == 404
    headers = script_file.headers
    assert {"public", "max-age=31536000", "immutable"} <= set(headers["Cache-Control"].split(", "))


def test_the_typeface_comes_from_an_installed_package_and_may_be_kept(admin: FlaskClient) -> None:
    sheet = re.search(r'href="([^"]*/tokens\.css[^"]*)"', admin.get("/orgs/one/").text)
    assert sheet is not None
    named = re.findall(r'url\("\.\.(/[^"]+)"\)', admin.get(sheet[1]).text)
    assert len(named) == 1
    typeface = admin.get(named[0])

    assert (typeface.status_code, typeface.mimetype) == (200, "font/ttf")
    assert typeface.data.startswith(b"\x00\x01\x00\x00")  # as TrueType begins
    assert "immutable" in typeface.headers["Cache-Control"]


def test_a_partial_is_no_whole_page_and_varies(app: Flask, admin: FlaskClient) -> None:
    event = make_event(app)
    address = f"/orgs/one/events/{event}/agenda"

    part = admin.get(address, headers=HTMX)
    boosted = admin.get(address, headers=HTMX | {"HX-Boosted": "true"})
    restored = admin.get(address, headers=HTMX | {"HX-History-Restore-Request": "true"})

    assert "<html" not in part.text
    assert all("<html" in whole.text for whole in (boosted, restored, admin.get(address)))
    assert "HX-Request" in part.headers["Vary"]


def test_messages_that_are_too_long_for_a_cookie_are_told_in_part(admin: FlaskClient) -> None:
    long = [
        "".join(chr(0x4E00 + (place * 7919 + each) % 20_000) for place in range(400)) for each in range(5)
    ]
    with admin.session_transaction() as session:
        session["_flashes"] = [
            *(("warning", text) for text in long),
            ("success", {"text": long[0], "undo": "/x"}),
        ]

    cookie = admin.get_cookie("session")
    page = admin.get("/orgs/one/").text

    assert cookie is not None and len(cookie.value) <= 3_800
    assert all(text[:49] in page and text not in page for text in long)
    assert 'action="/x"' in page


def test_an_unknown_address_is_explained_in_the_frame(app: Flask, admin: FlaskClient) -> None:
    answer = admin.get("/orgs/one/events/999/agenda")

    assert answer.status_code == 404
    assert "Nothing is here" in answer.text
    assert 'aria-label="Main"' in answer.text


def test_an_error_comes_to_htmx_as_a_message(admin: FlaskClient) -> None:
    answer = admin.get("/orgs/one/events/999/agenda", headers=HTMX)

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (404, "#toasts")
    assert 'role="alert"' in answer.text and "<html" not in answer.text


def test_a_lost_login_leads_htmx_to_the_login_and_back(browser: FlaskClient) -> None:
    headers = HTMX | {"HX-Current-URL": "http://localhost/orgs/one/runs"}
    answer = browser.get("/orgs/one/runs", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=/orgs/one/runs"


def test_a_missing_database_is_answered_with_what_to_do(make_app: Callable[..., Flask]) -> None:
    app = make_app()  # its tables do not come back
    make_user(app, "admin@example.org", "One")
    admin = log_in(app, "admin@example.org")
    with app.app_context():
        db.drop_all()

    answer = admin.get("/orgs/one/")

    assert answer.status_code == 503
    assert "portal db upgrade" in answer.text
    assert "<h1>The database is not ready</h1>" in answer.text


def test_a_failure_of_our_own_has_a_page_that_tells_nothing_of_the_inside(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app()
    app.add_url_rule("/broken", "broken", lambda: 1 / 0, methods=["GET", "POST"])  # type: ignore[arg-type, return-value]
    make_user(app, "admin@example.org", "One")
    stranger, admin = app.test_client(), log_in(app, "admin@example.org")

    answers = [stranger.get("/broken"), admin.get("/broken"), admin.post("/broken", headers=HTMX)]

    for answer in answers:
        assert answer.status_code == 500
        assert "Something went wrong in the portal" in answer.text
        assert not re.search(r"ZeroDivision|Traceback|\.py\b|portal/", answer.text)
    assert ["To the log-in" in each.text for each in answers] == [True, False, False]
    assert ["Look whether what you asked for was done" in each.text for each in answers] == [
        False,
        False,
        True,
    ]


def test_too_large_a_file_is_refused_with_the_limit(make_app: Callable[..., Flask]) -> None:
    app = make_app(import_max_bytes=2_000_000)
    make_user(app, "admin@example.org", "One")
    file = (io.BytesIO(b" " * 3_100_000), "programme.json")

    answer = log_in(app, "admin@example.org").post("/orgs/one/import", data={"file": file})

    assert answer.status_code == 413
    assert "files of up to 2 MB" in answer.text


def test_a_programme_is_imported_and_its_problems_are_listed_by_place(admin: FlaskClient) -> None:
    good = b'{"event": {"id": 1, "name": "Conf", "timezone": "Europe/Paris"}, "sessions": [], "contacts": []}'
    bad = good.replace(b"Europe/Paris", b"Europe/Nowhere")

    refused = admin.post("/orgs/one/import", data={"file": (io.BytesIO(bad), "p.json")})
    taken = admin.post("/orgs/one/import", data={"file": (io.BytesIO(good), "p.json")})
    page = admin.get(taken.location).text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    stored = admin.post(f"{taken.location}/import", data={"seen": seen})
    page = admin.get(stored.location).text
    nothing = admin.post("/orgs/one/import", data={}, headers=HTMX)

    assert refused.status_code == 422
    assert "event.timezone" in refused.text
    assert taken.status_code == stored.status_code == 303
    assert "Conf was imported: 0 sessions, 0 people." in page
    assert nothing.status_code == 422
    assert "Choose a file." in nothing.text and "<html" not in nothing.text


def test_foreign_html_is_shown_without_anything_active(app: Flask, admin: FlaskClient) -> None:
    event = make_event(app)

    page = admin.get(f"/orgs/one/events/{event}/sessions/00000000-0000-4000-8000-000000000000").text

    assert "<p>Hello" in page
    assert "alert(1)" not in page


def test_every_partial_names_its_context_and_has_one_root() -> None:
    folder = Path(__file__).parents[2] / "portal" / "templates"
    for path in folder.rglob("_*.html"):
        text = path.read_text(encoding="utf-8")
        first, *rest = re.sub(r"{% macro .*?endmacro %}", "", text, flags=re.DOTALL).splitlines()
        markup = [line for line in rest if line.startswith("<")]

        assert first.startswith("{# Context: "), path.name
        assert len([line for line in markup if not line.startswith("</")]) == 1, path.name
